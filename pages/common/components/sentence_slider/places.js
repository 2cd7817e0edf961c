// Places between the points of a slider, and points that came without their sentences: what the
// browser decodes by itself (pages/common/components/decoder).

// Parts of a step where a slider may stop between its points.
const FINE = 0.01;

const decoderOf = (view, line) =>
  line.way ? window.latentLensDecoder?.of(view.data.decoder) ?? null : null;

const latent = (text) => new Float32Array(bytes(text).buffer);

// A message with its gaps filled: "{value:+.2f}", as Python writes numbers.
function filled(text, values, [point, minus]) {
  return text.replace(/\{(\w+):(\+?)\.(\d)f\}/g, (_, name, plus, digits) => {
    const size = Math.abs(values[name]).toFixed(digits);
    const below = values[name] < 0 && Number(size) !== 0;
    return (below ? minus : plus) + size.replace(".", point);
  });
}

// What is said of a place between two points, but for its sentence.
function placeOf(line, at) {
  const { way } = line;
  const share = at / (way.steps - 1);
  const { between, logPrior } = window.latentLensDecoder;
  const z = between(latent(way.low), latent(way.high), share, way.method);
  const value = way.values[0] + share * (way.values[1] - way.values[0]);
  const values = { value, nats: logPrior(z) };
  const said = (text) => filled(text, values, way.signs);
  return { z, readout: said(way.readout), short: said(way.short) };
}

// The words of a sentence between two points, those marked that are new.
function piecesOf(line, at, text) {
  const beside = [Math.floor(at), Math.ceil(at)].map((i) => line.points[i]).filter(Boolean);
  const known = beside.find(({ pieces }) => plain(pieces) === text);
  const reference = line.way.before ?? plain(beside[0].pieces);
  return known ? known.pieces : window.latentLensDecoder.marked(text, reference);
}

function write(view, turn, { pieces, readout }) {
  view.written = turn;
  put(view.sentence, pieces);
  view.readout.textContent = readout;
}

// Gives what stands at a place when it is written there; null if something newer is.
async function show(view, line, at) {
  const turn = ++view.turn;
  announce(line, at);
  const client = decoderOf(view, line);
  const ready = line.points[client ? at : Math.round(at)];
  if (ready) write(view, turn, ready);
  if (ready || !client) return ready ?? null;
  const place = placeOf(line, at);
  const said = await client.latest(place.z).catch(() => null);
  if (!said || turn < view.written) return null;
  const point = { ...place, pieces: piecesOf(line, at, said.text) };
  write(view, turn, point);
  return point;
}

// Sentences that are asked for in one piece, so that the pointer never waits long behind them.
const AT_ONCE = 5;

// Decodes the points that a slider came without: the ends of all sliders first.
async function survey(view) {
  const { data } = view;
  const bare = data.lines.filter((line) => !line.points.length && decoderOf(view, line));
  const visit = async (line, places) => {
    line.found ??= Array(line.way.steps);
    const missing = places.filter((at) => !line.found[at]);
    for (let i = 0; i < missing.length; i += AT_ONCE) {
      const made = missing.slice(i, i + AT_ONCE).map((at) => ({ at, ...placeOf(line, at) }));
      const z = new Float32Array(made.flatMap((place) => Array.from(place.z)));
      const said = await decoderOf(view, line).greedy(z);
      if (view.data !== data) throw new Error("something newer is shown");
      made.forEach((place, k) => {
        const pieces = window.latentLensDecoder.marked(said[k].text, line.way.before);
        line.found[place.at] = { ...place, pieces };
      });
    }
  };
  try {
    for (const line of bare) {
      const last = line.way.steps - 1;
      await visit(line, [0, last]);
      line.low.pieces = line.found[0].pieces;
      line.high.pieces = line.found[last].pieces;
      putEnds(view, line);
    }
    for (const line of bare) {
      await visit(line, [...line.found.keys()]);
      const texts = line.found.map(({ pieces }) => plain(pieces));
      line.points = line.found;
      line.ticks = [...texts.keys()].filter((i) => i && texts[i] !== texts[i - 1]);
      putTicks(view, line);
    }
    if (bare.length) reserve(view);
  } catch {
    // Newer sliders have a survey of their own; where the worker ended, the server decodes.
  }
}

// What stood at a slider before stands there until its own is found.
function putEnds(view, line) {
  const name = `${view.data.decoder} ${line.id}`;
  for (const side of ["low", "high"]) {
    const { pieces } = line[side];
    const before = view.before.get(name + side) ?? [];
    put(line.shown[side], pieces.length || line.points.length ? pieces : before);
    if (pieces.length) view.before.set(name + side, pieces);
  }
}

function putTicks(view, line) {
  const name = `${view.data.decoder} ${line.id} ticks`;
  const ticks = line.points.length ? line.ticks : view.before.get(name) ?? [];
  view.before.set(name, ticks);
  line.shown.ticks.replaceChildren();
  for (const at of ticks) {
    make("i", "", line.shown.ticks).style.left = (100 * at) / (stepsOf(line) - 1) + "%";
  }
}

const stepsOf = (line) => line.way?.steps ?? line.points.length;

// The sentence keeps the height of the longest, so that no slider moves away from the pointer.
function reserve(view) {
  if (!view.data) return;
  const { lines, now } = view.data;
  const texts = [now, ...lines.flatMap((line) => line.points)].map(({ pieces }) => plain(pieces));
  // What is found later may need more room; less of it would move a slider under a finger.
  if (lines.some((line) => line.found || !line.points.length)) texts.push(view.longest);
  view.longest = texts.reduce((one, other) => (other.length > one.length ? other : one), "");
  const ruler = view.sentence.cloneNode(false);
  ruler.style.cssText = "visibility:hidden;position:absolute;left:0;right:0;min-height:0";
  ruler.textContent = view.longest;
  view.say.append(ruler);
  view.sentence.style.minHeight = ruler.offsetHeight + "px";
  ruler.remove();
}
