// Sentences under sliders. The sentences at the points of a slider are in `data`; those between are
// decoded in the browser where it has the run's decoder (places.js). So the text follows the pointer
// without asking the server; Python hears of a move when it ends.
const kept = new WeakMap();

const plain = (pieces) => pieces.map((piece) => piece[0]).join("");

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

function row(view, line, i) {
  const element = make("div", view.data.lines.length === 1 ? "line only" : "line", view.lines);
  if (line.name) {
    const head = make("div", "head", element);
    make("span", "name", head).textContent = line.name;
    make("span", "what", head).textContent = line.what;
    make("span", "note", head).textContent = line.note;
  }
  line.shown = {};
  for (const side of ["low", "high"]) {
    const end = make("div", "end " + side, element);
    make("span", "tag", end).textContent = line[side].tag;
    line.shown[side] = make("span", "", end);
  }
  putEnds(view, line);
  const middle = make("div", "middle", element);
  element.insertBefore(middle, line.shown.high.parentElement);
  const dial = make("div", "dial", middle);
  const track = make("div", "track", dial);
  const input = make("input", "", track);
  input.type = "range";
  input.min = 0;
  input.max = stepsOf(line) - 1;
  const stand = () => {
    input.step = decoderOf(view, line) ? FINE : 1;
    input.value = line.at;
  };
  stand();
  input.setAttribute("aria-label", line.label);
  input.dataset.line = line.id;
  const value = line.name ? make("output", "value", dial) : null;
  line.shown.ticks = make("div", "ticks", track);
  line.shown.ticks.setAttribute("aria-hidden", "true");
  putTicks(view, line);
  const at = () => Number(input.value);
  const describe = (point) => {
    if (value) value.textContent = point.short;
    input.setAttribute("aria-valuetext", point.short + ": " + plain(point.pieces));
  };
  const place = () => {
    input.style.setProperty("--fill", (100 * input.value) / input.max + "%");
    if (line.points[at()]) return line.points[at()];
    const there = decoderOf(view, line) ? placeOf(line, at()) : { short: "" };
    return { ...there, pieces: view.data.now.pieces };
  };
  describe(place());
  // The slider may now stop between its points.
  line.shown.refine = () => {
    stand();
    describe(place());
  };
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
    const decodes = decoderOf(view, line) ? view.data.decoder : "";
    view.tell("moved", { line: line.id, index: at(), decodes, of: view.data.id });
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
  survey(view);
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
      before: new Map(), // ends and ticks of each slider
      longest: "",
      turn: 0, // counts what is asked for
      written: 0, // the turn of what stands there
    };
    view.watcher = new ResizeObserver(() => reserve(view));
    view.watcher.observe(root);
    view.refine = () => {
      if (!view.data || view.moving !== null) return;
      for (const line of view.data.lines) line.shown.refine();
      survey(view);
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
