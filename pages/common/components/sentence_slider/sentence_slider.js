// Sentences under sliders. The sentences at the points of a slider are in `data`; those between are
// decoded in the browser where it has the run's decoder. So the text follows the pointer without
// asking the server; Python hears of a move when it ends.
const kept = new WeakMap();

function put(element, pieces) {
  // Text only: what a person or a model wrote never becomes markup. It runs from its own side.
  element.dir = "auto";
  element.replaceChildren(
    ...pieces.map(([text, changed]) => {
      if (!changed) return document.createTextNode(text);
      const mark = document.createElement("mark");
      mark.textContent = text;
      return mark;
    })
  );
}

const plain = (pieces) => pieces.map((piece) => piece[0]).join("");

function make(tag, className, parent) {
  const element = document.createElement(tag);
  element.className = className;
  parent.append(element);
  return element;
}

// Parts of a step where a slider may stop between its points.
const FINE = 0.01;

const decoderOf = (view, line) =>
  line.way ? window.latentLensDecoder?.of(view.data.decoder) ?? null : null;

function latent(text) {
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

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
  const { way, points } = line;
  const share = at / (points.length - 1);
  const { between, logPrior } = window.latentLensDecoder;
  const z = between(latent(way.low), latent(way.high), share, way.method);
  const value = way.values[0] + share * (way.values[1] - way.values[0]);
  const values = { value, nats: logPrior(z) };
  const said = (text) => filled(text, values, way.signs);
  return { z, readout: said(way.readout), short: said(way.short) };
}

// The words of a sentence between two points, those marked that are new.
function piecesOf(line, at, text) {
  const before = line.points[Math.floor(at)];
  const known = [before, line.points[Math.ceil(at)]].find(({ pieces }) => plain(pieces) === text);
  const reference = line.way.before ?? plain(before.pieces);
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
  if (!client || Number.isInteger(at)) {
    const point = line.points[Math.round(at)];
    write(view, turn, point);
    return point;
  }
  const place = placeOf(line, at);
  const said = await client.latest(place.z).catch(() => null);
  if (!said || turn < view.written) return null;
  const point = { ...place, pieces: piecesOf(line, at, said.text) };
  write(view, turn, point);
  return point;
}

// A picture beside the slider may follow it (pages/common/components/path_map).
function announce(line, index) {
  const detail = { line: line.id, index };
  window.dispatchEvent(new CustomEvent("latent-lens-slide", { detail }));
}

function release(view) {
  view.moving = null;
  if (!view.missed) return;
  view.data = view.missed;
  view.missed = null;
  draw(view);
}

// The sentence keeps the height of the longest, so that no slider moves away from the pointer.
function reserve(view) {
  if (!view.data) return;
  let longest = "";
  for (const line of view.data.lines)
    for (const point of line.points) {
      const text = plain(point.pieces);
      if (text.length > longest.length) longest = text;
    }
  const ruler = view.sentence.cloneNode(false);
  ruler.style.cssText = "visibility:hidden;position:absolute;left:0;right:0;min-height:0";
  ruler.textContent = longest;
  view.say.append(ruler);
  view.sentence.style.minHeight = ruler.offsetHeight + "px";
  ruler.remove();
}

function row(view, line, i) {
  const element = make("div", view.data.lines.length === 1 ? "line only" : "line", view.lines);
  if (line.name) {
    const head = make("div", "head", element);
    make("span", "name", head).textContent = line.name;
    make("span", "what", head).textContent = line.what;
    make("span", "note", head).textContent = line.note;
  }
  const ends = {};
  for (const side of ["low", "high"]) {
    ends[side] = make("div", "end " + side, element);
    make("span", "tag", ends[side]).textContent = line[side].tag;
    put(make("span", "", ends[side]), line[side].pieces);
  }
  const middle = make("div", "middle", element);
  element.insertBefore(middle, ends.high);
  const dial = make("div", "dial", middle);
  const track = make("div", "track", dial);
  const input = make("input", "", track);
  input.type = "range";
  input.min = 0;
  input.max = line.points.length - 1;
  input.step = decoderOf(view, line) ? FINE : 1;
  input.value = line.at;
  input.setAttribute("aria-label", line.label);
  input.dataset.line = line.id;
  const value = line.name ? make("output", "value", dial) : null;
  const ticks = make("div", "ticks", track);
  ticks.setAttribute("aria-hidden", "true");
  for (const at of line.ticks) {
    make("i", "", ticks).style.left = (100 * at) / (line.points.length - 1) + "%";
  }
  const at = () => Number(input.value);
  const describe = (point) => {
    if (value) value.textContent = point.short;
    input.setAttribute("aria-valuetext", point.short + ": " + plain(point.pieces));
  };
  const place = () => {
    input.style.setProperty("--fill", (100 * input.value) / input.max + "%");
    return line.points[at()] ?? { ...placeOf(line, at()), pieces: view.data.now.pieces };
  };
  describe(place());
  input.oninput = async () => {
    view.moving = i;
    if (value) value.textContent = place().short;
    const point = await show(view, line, at());
    if (point) describe(point);
  };
  const tell = () => {
    clearTimeout(view.timer);
    view.timer = 0;
    view.moving = null;
    view.missed = null;
    view.tell("moved", { line: line.id, index: at(), of: view.data.id });
  };
  let keyed = false;
  input.onkeydown = (event) => {
    keyed = true;
    const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!way || input.step === "1") return;
    // From point to point, as without a decoder; with Shift in tenths.
    event.preventDefault();
    const size = event.shiftKey ? 0.1 : 1;
    const steps = at() / size;
    input.value = size * (way > 0 ? Math.floor(steps + 1e-6) + 1 : Math.ceil(steps - 1e-6) - 1);
    input.oninput();
    input.onchange();
  };
  input.onpointerdown = () => { keyed = false; view.moving = i; };
  // Back where it was: no change is reported, so what was missed meanwhile is shown now.
  input.onpointerup = input.onpointercancel = () => setTimeout(() => release(view), 50);
  // A held arrow key ends in one message, not in thirty.
  input.onchange = () => {
    clearTimeout(view.timer);
    if (keyed) view.timer = setTimeout(tell, 350);
    else tell();
  };
  return input;
}

function draw(view) {
  const active = view.lines.getRootNode().activeElement;
  const focused = active && active.dataset ? active.dataset.line : undefined;
  view.lines.replaceChildren();
  const inputs = view.data.lines.map((line, i) => row(view, line, i));
  if (view.data.lines.length === 1) announce(view.data.lines[0], view.data.lines[0].at);
  write(view, ++view.turn, view.data.now);
  reserve(view);
  const again = inputs.find((input) => input.dataset.line === focused);
  if (again && focused !== undefined) again.focus({ preventScroll: true });
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".sentence-slider");
  if (!root || !data) return;
  let view = kept.get(root);
  if (!view) {
    const say = make("div", "say", root);
    view = {
      say,
      sentence: make("p", "sentence", say),
      readout: make("p", "readout", say),
      lines: make("div", "lines", root),
      moving: null,
      timer: 0,
      data: null,
      missed: null,
      turn: 0, // counts what is asked for
      written: 0, // the turn of what stands there
    };
    view.watcher = new ResizeObserver(() => reserve(view));
    view.watcher.observe(root);
    // Its sliders may now stop between their points.
    view.refine = () => {
      if (view.data && view.moving === null) draw(view);
    };
    window.addEventListener("latent-lens-decoder", view.refine);
    kept.set(root, view);
  }
  view.tell = setTriggerValue;
  if (view.data?.id !== data.id) {
    view.missed = data;
    // While a slider is held, what the server says of the moment before would pull it away.
    if (view.moving === null) release(view);
  }
  return () => {
    clearTimeout(view.timer);
    view.watcher.disconnect();
    window.removeEventListener("latent-lens-decoder", view.refine);
    kept.delete(root);
  };
}
