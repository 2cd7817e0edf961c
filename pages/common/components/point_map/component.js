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
  // Of a decoder there is none until it is ready. Where it cannot run, the server is asked.
  const decoder =
    window.latentLensDecoder?.of(data.decoder) ?? window.latentLensServer?.of(data.decoder) ?? null;
  if (!decoder || !data.places) return map.setPlaces(null, null);
  const latents = data.latents && file(data.latents, code.fromHalf);
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
        if (kind === "picked") mount.set("picked", value);
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
  if (mount.map) feed(mount, data);
  else if (window.latentLensPointMap) mount.start();
  else window.addEventListener("latent-lens-point-map", mount.start, { once: true });
  return () => {
    window.removeEventListener("latent-lens-point-map", mount.start);
    window.removeEventListener("latent-lens-decoder", mount.decodes);
    mount.map?.destroy();
    kept.delete(root);
  };
}
