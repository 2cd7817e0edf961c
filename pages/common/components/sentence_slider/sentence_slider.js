// Sentences under sliders. Every sentence a slider can reach is in `data`, so the text follows the
// pointer without asking the server; Python hears of a move when it ends.
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

function show(view, line, index) {
  const point = line.points[index];
  put(view.sentence, point.pieces);
  view.readout.textContent = point.readout;
  announce(line, index);
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
  input.step = 1;
  input.value = line.at;
  input.setAttribute("aria-label", line.label);
  input.dataset.line = line.id;
  const value = line.name ? make("output", "value", dial) : null;
  const ticks = make("div", "ticks", track);
  ticks.setAttribute("aria-hidden", "true");
  for (const at of line.ticks) {
    make("i", "", ticks).style.left = (100 * at) / (line.points.length - 1) + "%";
  }
  const describe = () => {
    const point = line.points[input.value];
    if (value) value.textContent = point.short;
    input.style.setProperty("--fill", (100 * input.value) / input.max + "%");
    input.setAttribute("aria-valuetext", point.short + ": " + plain(point.pieces));
  };
  describe();
  input.oninput = () => {
    view.moving = i;
    describe();
    show(view, line, Number(input.value));
  };
  const tell = () => {
    clearTimeout(view.timer);
    view.timer = 0;
    view.moving = null;
    view.missed = null;
    view.tell("moved", { line: line.id, index: Number(input.value), of: view.data.id });
  };
  let keyed = false;
  input.onkeydown = () => { keyed = true; };
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
  put(view.sentence, view.data.now.pieces);
  view.readout.textContent = view.data.now.readout;
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
    };
    view.watcher = new ResizeObserver(() => reserve(view));
    view.watcher.observe(root);
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
    kept.delete(root);
  };
}
