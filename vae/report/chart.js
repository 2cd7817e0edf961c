// What every chart of a report shares: signs, axes, a readout that follows pointer and arrow keys.

const NS = document.getElementById("ns").namespaceURI;
const NEUTRAL = "#80868F";
const GRID = "rgba(128,134,143,0.25)";

/** An element of SVG inside another; without text where there is none. */
function sign(parent, name, attributes = {}, text = "") {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  parent.append(made);
  return made;
}

function html(parent, name, attributes = {}, text = "") {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  parent.append(made);
  return made;
}

/** A number as a person reads it: four digits, thousands apart, a true minus sign. */
function said(value, unit = "") {
  if (value === null || value === undefined) return "not measured";
  const size = Math.abs(value);
  const whole = Number.isInteger(value) || size >= 1000;
  const text = whole ? Math.round(value).toLocaleString("en-GB") : String(+value.toPrecision(4));
  return text.replace("-", "−") + (unit ? ` ${unit}` : "");
}

/** Places for about so many round numbers between two. */
function ticks(from, to, most) {
  const rough = (to - from) / Math.max(most, 1);
  if (!(rough > 0)) return [from];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((times) => times * power >= rough);
  const found = [];
  for (let i = Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++) {
    found.push(+(i * step).toPrecision(12));
  }
  return found;
}

/** From values to pixels. */
function scale(from, to, low, high, log = false) {
  const of = log ? (v) => Math.log10(Math.max(v, 1e-300)) : (v) => v;
  const start = of(from);
  const width = of(to) - start || 1;
  const place = (value) => low + ((of(value) - start) / width) * (high - low);
  place.back = (pixel) => {
    const at = start + ((pixel - low) / (high - low)) * width;
    return log ? 10 ** at : at;
  };
  return place;
}

function extent(values) {
  const known = values.filter((v) => v !== null && v !== undefined);
  return known.length ? [Math.min(...known), Math.max(...known)] : [0, 1];
}

/** Text of an axis, a title or a label; its colour is that of the page. */
function label(svg, x, y, text, more = {}) {
  return sign(svg, "text", { x, y, "font-size": 12, fill: "currentColor", ...more }, text);
}

// Small text that stays readable over a line.
const HALO = {
  "font-size": 11,
  "paint-order": "stroke",
  stroke: "var(--paper, #FFFFFF)",
  "stroke-width": 3,
};

function rule(svg, x1, y1, x2, y2, more = {}) {
  return sign(svg, "line", { x1, y1, x2, y2, stroke: NEUTRAL, "stroke-width": 1, ...more });
}

/** Horizontal lines of the grid with their numbers at the left. */
function axisLeft(svg, place, values, left, right) {
  for (const value of values) {
    const y = place(value);
    rule(svg, left, y, right, y, { stroke: GRID });
    label(svg, left - 6, y + 4, said(value), { "text-anchor": "end" });
  }
}

/** Numbers below a picture, and the title of the axis. */
function axisBelow(svg, place, values, bottom, top, title, left, right) {
  let free = -Infinity;
  for (const value of values) {
    const x = place(value);
    const text = said(value);
    const half = text.length * 3.5;
    rule(svg, x, top, x, bottom, { stroke: GRID });
    if (x - half < free) continue;
    const anchor = x + half > right + 10 ? "end" : "middle";
    label(svg, x, bottom + 16, text, { "text-anchor": anchor });
    free = x + half + 8;
  }
  label(svg, (left + right) / 2, bottom + 34, title, { "text-anchor": "middle" });
}

function canvas(width, height) {
  const svg = document.createElementNS(NS, "svg");
  const size = { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" };
  for (const [key, value] of Object.entries(size)) svg.setAttribute(key, value);
  return svg;
}

let clips = 0;

/** A part of a picture that shows nothing outside of its bounds. */
function clipped(svg, x, y, width, height) {
  const id = `clip${clips++}`;
  sign(sign(svg, "clipPath", { id }), "rect", { x, y, width, height });
  return sign(svg, "g", { "clip-path": `url(#${id})` });
}

/** "0.93 (0.91 to 0.95)". */
function withInterval(series, i, unit) {
  const low = (series.low || [])[i];
  const high = (series.high || [])[i];
  const sure = low === undefined || low === null ? "" : ` (${said(low)} to ${said(high)})`;
  return `${said(series.y[i], unit)}${sure}`;
}

const SHAPES = {
  circle: (r) => `M${-r},0a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0Z`,
  square: (r) => `M${-r},${-r}H${r}V${r}H${-r}Z`,
  triangle: (r) => `M0,${-r * 1.2}L${r * 1.1},${r * 0.9}H${-r * 1.1}Z`,
  diamond: (r) => `M0,${-r * 1.35}L${r * 1.35},0L0,${r * 1.35}L${-r * 1.35},0Z`,
  cross: (r) => `M${-r},0H${r}M0,${-r}V${r}`,
};

/** One point, in the shape of its series. */
function point(svg, x, y, shape, colour, radius = 4) {
  const form = SHAPES[shape] ? shape : "circle";
  sign(svg, "path", {
    d: SHAPES[form](radius),
    transform: `translate(${x.toFixed(2)},${y.toFixed(2)})`,
    fill: form === "cross" ? "none" : colour,
    stroke: colour,
    "stroke-width": form === "cross" ? 2 : 1,
  });
}

/** Names as buttons that hide and show their series; none where there is one name alone. */
function legend(frame, spec, hidden, redraw) {
  const found = new Map();
  const all = spec.panels ? spec.panels.flatMap((panel) => panel.series) : spec.series || [];
  for (const series of all) {
    const known = found.get(series.name);
    if (!known) found.set(series.name, { ...series });
    else if (known.colour !== series.colour) known.colour = "currentColor";
  }
  const box = html(frame, "div", { class: "legend" });
  if (found.size < 2) return;
  for (const [name, series] of found) {
    const button = html(box, "button", { type: "button", "aria-pressed": "true" });
    const svg = sign(button, "svg", { width: 26, height: 12, "aria-hidden": "true" });
    const dash = series.style === "dashed" ? { "stroke-dasharray": "5 3" } : {};
    const alone = spec.kind === "bars" || spec.kind === "dots" || series.style === "points";
    if (!alone) {
      const width = series.style === "thin" ? 1.2 : 2.4;
      rule(svg, 1, 6, 25, 6, { stroke: series.colour, "stroke-width": width, ...dash });
    }
    if (alone || series.style === "marked") point(svg, 13, 6, series.shape, series.colour);
    html(button, "span", {}, name);
    button.addEventListener("click", () => {
      if (!hidden.delete(name)) hidden.add(name);
      button.setAttribute("aria-pressed", String(!hidden.has(name)));
      redraw();
    });
  }
}

// The four kinds. Each takes (spec, width, state) and gives the picture and its stops: places that
// pointer and arrow keys go to, with what is said there.
const DRAW = { lines, bars, dots, heat };

/** A chart inside its box: drawn to the box's width, read by pointer and by arrow keys. */
function chartView(root, spec) {
  const state = { hidden: new Set(), range: null, at: -1 };
  const frame = document.createElement("div");
  frame.className = "frame";
  root.before(frame);
  legend(frame, spec, state.hidden, () => draw());
  frame.append(root);
  const note = html(frame, "div", { class: "note", role: "status", hidden: "" });
  let drawn = null;
  let cursor = null;

  function draw() {
    drawn = DRAW[spec.kind](spec, Math.max(root.clientWidth, 240), state);
    drawn.svg.setAttribute("font-family", "system-ui, sans-serif");
    root.replaceChildren(drawn.svg);
    cursor = sign(drawn.svg, "rect", { fill: "none", stroke: "currentColor", visibility: "hidden" });
    leave();
  }

  function show(index) {
    const stop = drawn.stops[index];
    if (!stop) return;
    state.at = index;
    const { x, y, w, h } = stop.box;
    const place = { x: x - 1, y: y - 1, width: Math.max(w + 2, 1), height: Math.max(h + 2, 1) };
    for (const [key, value] of Object.entries(place)) cursor.setAttribute(key, value.toFixed(1));
    cursor.setAttribute("visibility", "visible");
    note.hidden = false;
    note.replaceChildren();
    for (const line of stop.said) html(note, "div", {}, line);
    const most = root.clientWidth - note.offsetWidth;
    const right = x + w + 14;
    const beside = right <= most ? right : x - note.offsetWidth - 14;
    note.style.left = `${Math.max(0, Math.min(beside, most))}px`;
    const lowest = root.clientHeight - note.offsetHeight;
    note.style.top = `${root.offsetTop + Math.max(0, Math.min(stop.y - 20, lowest))}px`;
  }

  function leave() {
    state.at = -1;
    note.hidden = true;
    if (cursor) cursor.setAttribute("visibility", "hidden");
  }

  function nearest(event) {
    const box = drawn.svg.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    let best = -1;
    let least = Infinity;
    drawn.stops.forEach((stop, i) => {
      const dx = drawn.by === "y" ? 0 : Math.abs(stop.x - px);
      const dy = drawn.by === "x" ? 0 : Math.abs(stop.y - py);
      if (dx + dy < least) [best, least] = [i, dx + dy];
    });
    return best;
  }

  function keys(event) {
    const steps = { ArrowRight: 1, ArrowDown: drawn.row || 1, ArrowLeft: -1, ArrowUp: -(drawn.row || 1) };
    if (event.key === "Escape") leave();
    else if (event.key in steps) {
      event.preventDefault();
      const next = state.at < 0 ? 0 : state.at + steps[event.key];
      show(Math.max(0, Math.min(next, drawn.stops.length - 1)));
    }
  }

  root.addEventListener("pointermove", (event) => show(nearest(event)));
  root.addEventListener("pointerleave", leave);
  root.addEventListener("blur", leave);
  root.addEventListener("keydown", keys);
  if (spec.kind === "lines") zoom(root, state, () => drawn, draw);
  new ResizeObserver(() => draw()).observe(frame);
  draw();
  return { svg: () => drawn.svg };
}

/** Drag across to see a part, double-click to see all. */
function zoom(root, state, drawn, draw) {
  let from = null;
  const at = (event) => event.clientX - drawn().svg.getBoundingClientRect().left;
  root.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && event.button === 0) from = at(event);
  });
  window.addEventListener("pointerup", (event) => {
    if (from === null) return;
    const [low, high] = [Math.min(from, at(event)), Math.max(from, at(event))];
    from = null;
    if (high - low < 10) return;
    const { place, left, right } = drawn();
    state.range = [place.back(Math.max(low, left)), place.back(Math.min(high, right))];
    draw();
  });
  root.addEventListener("dblclick", () => {
    state.range = null;
    draw();
  });
}
