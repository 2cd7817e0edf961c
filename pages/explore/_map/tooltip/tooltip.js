// Words beside the pointer of Plotly's map. Plotly says which point it is; the words lie here.
const files = new Map();

async function unpacked(url) {
  // The address has the digest in it, so what the browser has kept is never stale.
  const answer = await fetch(url, { cache: "force-cache" });
  if (!answer.ok) throw new Error(answer.status);
  const plain = answer.body.pipeThrough(new DecompressionStream("gzip"));
  const words = await new Response(plain).json();
  const read = ({ values, of, width }) => {
    const bytes = Uint8Array.from(atob(of), (c) => c.charCodeAt(0));
    const codes = new { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[width](bytes.buffer);
    return (row) => values[codes[row]];
  };
  const labels = Object.entries(words.labels).map(([name, column]) => [name, read(column)]);
  return { sentences: words.sentences, labels, measures: read(words.measures) };
}

function load(url) {
  if (!files.has(url)) {
    files.clear();
    files.set(url, unpacked(url).catch(() => { files.delete(url); return null; }));
  }
  return files.get(url);
}

function line(tip, text, className = "") {
  const p = document.createElement("p");
  p.className = className;
  p.dir = "auto";
  p.append(text);
  tip.append(p);
  return p;
}

// The label that colours the map has its name; of the others each value is said once.
function write(view, words, row) {
  const { tip, data } = view;
  tip.replaceChildren();
  line(tip, words.sentences[row], "sentence");
  const others = new Set();
  for (const [name, value] of words.labels) {
    if (name === data.first) {
      const strong = document.createElement("b");
      strong.textContent = value(row) || data.none;
      line(tip, name + " ").append(strong);
    } else if (value(row)) others.add(value(row));
  }
  if (others.size) line(tip, [...others].join(" · "));
  line(tip, words.measures(row));
}

function place(tip, x, y) {
  const { offsetWidth: width, offsetHeight: height } = tip;
  const left = x + 14 + width < window.innerWidth ? x + 14 : Math.max(4, x - 14 - width);
  const top = Math.min(Math.max(4, y - height / 2), window.innerHeight - height - 4);
  tip.style.left = left + "px";
  tip.style.top = top + "px";
}

async function over(view, event) {
  const row = event.points[0]?.customdata;
  if (!(row >= 0)) return hide(view);
  view.over = row;
  const words = await load(view.data.url);
  // The pointer may have left while the words were on their way.
  if (!words || view.over !== row || !view.tip.isConnected) return;
  write(view, words, row);
  view.tip.showPopover();
  place(view.tip, event.event.clientX, event.event.clientY);
}

function hide(view) {
  view.over = null;
  if (view.tip.matches(":popover-open")) view.tip.hidePopover();
}

// Where a row lies on the page of a chart, or null.
function position(gd, row) {
  const { xaxis, yaxis } = gd._fullLayout ?? {};
  for (const trace of gd._fullData ?? []) {
    const i = trace.visible === true && trace.customdata ? trace.customdata.indexOf(row) : -1;
    if (i < 0) continue;
    const x = xaxis.d2p(trace.x[i]);
    const y = yaxis.d2p(trace.y[i]);
    const inside = x >= 0 && y >= 0 && x <= xaxis._length && y <= yaxis._length;
    return inside ? [xaxis._offset + x, yaxis._offset + y] : null;
  }
  return null;
}

function ring(view) {
  const gd = document.querySelector(`.${view.data.chart} .js-plotly-plot`);
  if (!gd?._fullLayout) return;
  listen(view, gd);
  const at = position(gd, view.data.row);
  if (view.ring.parentElement !== gd) gd.append(view.ring);
  view.ring.style.display = at ? "block" : "none";
  if (at) view.ring.style.translate = `${at[0] - 10}px ${at[1] - 10}px`;
}

// A chart that is drawn anew has lost who listens to it, and has another emitter.
function listen(view, gd) {
  if (!gd.on || view.heard === gd._ev) return;
  view.heard = gd._ev;
  gd.on("plotly_hover", (event) => over(view, event));
  gd.on("plotly_unhover", () => hide(view));
  for (const name of ["plotly_afterplot", "plotly_relayouting"]) gd.on(name, () => ring(view));
}

function made(root) {
  const circle = document.createElement("div");
  circle.className = "map-ring";
  circle.style.cssText =
    "position:absolute;left:0;top:0;width:20px;height:20px;border-radius:50%;z-index:3;" +
    "box-sizing:border-box;border:3px solid #D6408F;box-shadow:0 0 0 1.5px #fff;" +
    "pointer-events:none;display:none";
  return { tip: root, ring: circle, over: null, heard: null, data: null };
}

const kept = new WeakMap();

export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".tooltip");
  if (!root || !data) return;
  let view = kept.get(root);
  if (!view) {
    view = made(root);
    kept.set(root, view);
    // The chart is drawn after this, and again whenever it changes: it is looked for.
    view.clock = setInterval(() => ring(view), 400);
    view.away = () => hide(view);
    window.addEventListener("scroll", view.away, true);
  }
  view.data = data;
  hide(view);
  ring(view);
  load(data.url);
  return () => {
    clearInterval(view.clock);
    window.removeEventListener("scroll", view.away, true);
    hide(view);
    view.ring.remove();
    kept.delete(root);
  };
}
