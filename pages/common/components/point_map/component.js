// Ties the map to Streamlit. Its code comes from a component of its own (code.js), which is sent
// once; this one travels with every update of what lies over the cloud.
const kept = new WeakMap();
const files = new Map();

// An address has a digest in it, so what the browser has kept is never stale.
function file(url, read) {
  if (!files.has(url)) {
    if (files.size > 24) files.delete(files.keys().next().value);
    const got = fetch(url, { cache: "force-cache" }).then(async (answer) => {
      if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
      return read(await answer.arrayBuffer());
    });
    got.catch(() => files.delete(url));
    files.set(url, got);
  }
  return files.get(url);
}

// The code of tables is half a megabyte, which Streamlit fetches when the first one is shown. It is
// fetched while nothing else is to be done, so that the table of a selection does not wait for it.
const idle = window.requestIdleCallback ?? ((work) => setTimeout(work, 500));
let ahead = "";

function fetchAhead(url) {
  if (!url || ahead === url) return;
  ahead = url;
  idle(() => import(new URL(url, location.origin).href).catch(() => {}));
}

// Two maps of a page share what is selected: the follower knows the row of each of its points on the
// other, which keeps the selection and tells it.
const mounts = (window.latentLensMaps ??= new Map());

function mirror(mount) {
  const leader = mounts.get(mount.data.follows?.key);
  if (!leader?.map || !mount.rows || mount.rows.length !== mount.map.grid?.n) return;
  const { selected } = leader.map;
  const before = mount.map.selected;
  if (!selected && !before) return;
  mount.map.selected = selected && Uint8Array.from(mount.rows, (row) => (row < 0 ? 0 : selected[row]));
  mount.map.mark();
}

function toLeader(mount, value) {
  const leader = mounts.get(mount.data.follows.key);
  const { rows, map } = mount;
  if (!leader?.map || !rows) return;
  if (!value) leader.map.clear();
  else if (value.bits) {
    const marks = new Uint8Array(leader.map.grid.n);
    rows.forEach((row, i) => row >= 0 && map.selected?.[i] && (marks[row] = 1));
    leader.map.select(marks);
  } else if (value.row < 0) {
    // An own sentence, of which the other may have more.
    const { text } = mount.data.map.own[-1 - value.row];
    const at = leader.data.map.own.findIndex((own) => own.text === text);
    if (at < 0) return;
    Object.assign(leader.map, { selected: null, place: null });
    leader.map.mark();
    leader.set("picked", { row: -1 - at });
  } else if (rows[value.row] >= 0) leader.map.take(rows[value.row]);
}

// The sentence below the pointer of one has a ring on the other.
function twin(mount, row) {
  const show = (other, at) => other?.map && other.map.twin !== at && (other.map.twin = at, other.map.redraw());
  const known = row !== null && row >= 0;
  if (mount.data.follows) return show(mounts.get(mount.data.follows.key), known && mount.rows ? mount.rows[row] : -1);
  for (const other of mounts.values())
    if (other.data.follows?.key === mount.data.key) {
      other.at ??= other.rows && new Map(Array.from(other.rows, (first, i) => [first, i]));
      show(other, (known && other.at?.get(row)) ?? -1);
    }
}

// Each step waits for what it needs; a newer update takes its place.
async function feed(mount, data) {
  const { map, code } = mount;
  mount.data = data;
  map.update(data.map);
  const current = () => mount.data === data;
  const [points, codes] = await Promise.all([
    file(data.points, (buffer) => new Float32Array(buffer)),
    file(data.codes, (buffer) => new Uint8Array(buffer)),
  ]);
  if (!current()) return;
  if (mount.drawn !== data.points + data.codes + data.name) {
    mount.drawn = data.points + data.codes + data.name;
    map.setPoints(data.name, points, codes);
    map.redraw();
  }
  if (data.follows && mount.rowsOf !== data.follows.rows) {
    mount.rows = await file(data.follows.rows, (buffer) => new Int32Array(buffer));
    if (!current()) return;
    Object.assign(mount, { rowsOf: data.follows.rows, at: null });
  }
  if (data.follows) mirror(mount);
  if (mount.hits !== data.hits) {
    mount.hits = data.hits;
    map.setHits(data.hits && code.fromBitset(data.hits, data.n));
  }
  if (mount.ground !== data.ground) {
    mount.ground = data.ground;
    const read = (buffer) => JSON.parse(new TextDecoder().decode(buffer));
    const ground = data.ground && (await file(data.ground, read));
    if (!current()) return;
    map.setGround(ground);
  }
  file(data.words, code.readWords).then((words) => current() && map.setWords(words));
  fetchAhead(data.tables);
  // Of a decoder there is none until it is ready. Where it cannot run, the server is asked.
  const decoder =
    window.latentLensDecoder?.of(data.decoder) ?? window.latentLensServer?.of(data.decoder) ?? null;
  if (!decoder || !data.places) return map.setPlaces(null, null);
  const latents = data.latents && file(data.latents, code.readLatents);
  // A plane answers without them; they say how far its places can be trusted.
  map.setLatents(null);
  latents?.then((read) => current() && map.setLatents(read)).catch(() => {});
  if (!data.places.few) return map.setPlaces(code.planePlaces(data.places), decoder);
  const read = await latents;
  if (current()) map.setPlaces(code.nearestPlaces(data.places, map.grid, read), decoder);
}

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  const root = parentElement.querySelector(".point-map");
  if (!root || !data) return;
  let mount = kept.get(root);
  if (!mount) {
    mount = { data };
    mount.start = () => {
      mount.code = window.latentLensPointMap;
      mount.map = new mount.code.PointMap(root, (kind, value) => {
        if (kind === "picked" && mount.data.follows) toLeader(mount, value);
        else if (kind === "picked") mount.set("picked", value);
        else if (kind === "below") twin(mount, value);
        else if (kind === "marked")
          for (const other of mounts.values()) other.data.follows?.key === mount.data.key && other.map && mirror(other);
        else window.dispatchEvent(new CustomEvent("latent-lens-place", { detail: value }));
      });
      feed(mount, mount.data);
    };
    mount.decodes = () => mount.map && feed(mount, mount.data);
    window.addEventListener("latent-lens-decoder", mount.decodes);
    kept.set(root, mount);
  }
  mount.set = setStateValue;
  mount.data = data;
  mounts.set(data.key, mount);
  if (mount.map) feed(mount, data);
  else if (window.latentLensPointMap) mount.start();
  else window.addEventListener("latent-lens-point-map", mount.start, { once: true });
  return () => {
    window.removeEventListener("latent-lens-point-map", mount.start);
    window.removeEventListener("latent-lens-decoder", mount.decodes);
    mount.map?.destroy();
    kept.delete(root);
    if (mounts.get(mount.data.key) === mount) mounts.delete(mount.data.key);
  };
}
