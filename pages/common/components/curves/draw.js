// Drawing that the curves and the replay share: scales, ticks, numbers in words, shapes, colours.

// What is said, in the language of the page: it comes with the data. A name in braces is filled in.
const words = {};
const say = (text, values = {}) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const localised = (value, form) => value.toLocaleString(words.language, form).replace("-", "−");

// Numbers as a person reads them: about three digits, a true minus, thousands apart.
function number(value) {
  if (!Number.isFinite(value)) return words.unknown;
  const size = Math.abs(value);
  const digits = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 4;
  const form = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  if (size > 0 && size < 0.0001) return value.toExponential(1).replace("-", "−");
  return localised(value, form);
}

const whole = (value) => localised(Math.round(value));

// Round values from low to high, about `count` of them (1, 2 or 5 times a power of ten).
function ticks(low, high, count) {
  const raw = (high - low) / Math.max(count, 1);
  if (!(raw > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].find((m) => m * power >= raw * 0.7) * power;
  const out = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) out.push(k * step + 0);
  return out;
}

function tickText(value, all) {
  const step = all.length > 1 ? Math.abs(all[1] - all[0]) : Math.abs(value) || 1;
  const digits = Math.min(6, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
  return localised(value, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

// The index of the value of a rising list that is nearest.
function nearest(list, value) {
  let low = 0;
  let high = list.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (list[middle] <= value) low = middle;
    else high = middle;
  }
  if (high < 0) return -1;
  return Math.abs(list[high] - value) < Math.abs(list[low] - value) ? high : low;
}

const star = Array.from({ length: 10 }, (_, i) => {
  const r = i % 2 ? 0.55 : 1.3;
  return [r * Math.sin((i * Math.PI) / 5), -r * Math.cos((i * Math.PI) / 5)];
});
const bar = 0.4;
const plus = [
  [-bar, -1.2], [bar, -1.2], [bar, -bar], [1.2, -bar], [1.2, bar], [bar, bar],
  [bar, 1.2], [-bar, 1.2], [-bar, bar], [-1.2, bar], [-1.2, -bar], [-bar, -bar],
];
const turned = plus.map(([x, y]) => [(x - y) * 0.72, (x + y) * 0.72]);
const OUTLINES = {
  square: [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]],
  "triangle-up": [[0, -1.2], [1.1, 0.8], [-1.1, 0.8]],
  diamond: [[0, -1.3], [1.15, 0], [0, 1.3], [-1.15, 0]],
  cross: plus,
  x: turned,
  star,
};

// Adds the outline of a shape of palette.SYMBOLS to a path (a context or a Path2D).
function outline(path, name, x, y, r) {
  const corners = OUTLINES[name];
  if (!corners) {
    path.moveTo(x + r, y);
    path.arc(x, y, r, 0, 2 * Math.PI);
    return;
  }
  corners.forEach(([dx, dy], i) => {
    if (i) path.lineTo(x + dx * r, y + dy * r);
    else path.moveTo(x + dx * r, y + dy * r);
  });
  path.closePath();
}

// A canvas at the resolution of the screen; its context is scaled to the pixels of the page.
function sized(canvas, width, height) {
  const scale = window.devicePixelRatio || 1;
  const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.height = height + "px";
  }
  const ctx = canvas.getContext("2d");
  ctx.setTransform(scale, 0, 0, scale, 0, 0);
  ctx.clearRect(0, 0, width, height);
  return ctx;
}

// The colours and the font of the page, whichever theme it has now.
function theme(element) {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(name).trim();
  return {
    ink: read("--st-text-color"),
    paper: read("--st-background-color"),
    accent: read("--st-primary-color"),
    edge: read("--st-border-color"),
    font: read("--st-font") || "sans-serif",
    mono: read("--st-code-font") || "monospace",
  };
}

// A sample of a line as it is drawn: its dash and its shape, for a legend.
function swatch(parent, { colour, dash = [], width = 2, shape = "", line = true, solid = false }) {
  const canvas = make("canvas", "swatch", parent);
  canvas.setAttribute("aria-hidden", "true");
  canvas.style.width = (line ? 26 : 14) + "px";
  const ctx = sized(canvas, line ? 26 : 14, 12);
  ctx.strokeStyle = ctx.fillStyle = colour;
  ctx.lineWidth = width;
  if (line) {
    ctx.setLineDash(dash);
    ctx.beginPath();
    ctx.moveTo(0, 6);
    ctx.lineTo(26, 6);
    ctx.stroke();
    ctx.setLineDash([]);
  }
  if (!shape) return canvas;
  ctx.beginPath();
  outline(ctx, shape, line ? 13 : 7, 6, 4);
  if (solid) ctx.fill();
  else {
    ctx.lineWidth = 1.6;
    ctx.stroke();
  }
  return canvas;
}
