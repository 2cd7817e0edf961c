// A path across the map, with a dot that follows the slider of `sentence_slider` by itself.
const kept = new WeakMap();

const numbers = (text) => new Uint16Array(bytes(text).buffer);

// Coordinates come as 0..65535 in a square; the picture keeps their proportions.
function placing(width, height) {
  const side = Math.min(width, height) - 28;
  const left = (width - side) / 2;
  const top = (height - side) / 2;
  return (x, y) => [left + (x / 65535) * side, top + (1 - y / 65535) * side];
}

function disc(ctx, [x, y], radius, fill, edge) {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fillStyle = fill;
  ctx.fill();
  ctx.lineWidth = 2;
  ctx.strokeStyle = edge;
  ctx.stroke();
}

function backdrop(view) {
  const { canvas, data } = view;
  const width = canvas.clientWidth;
  if (!width) return;
  const height = Math.min(data.height, Math.max(220, width));
  const scale = window.devicePixelRatio || 1;
  canvas.style.height = height + "px";
  const still = document.createElement("canvas");
  still.width = canvas.width = width * scale;
  still.height = canvas.height = height * scale;
  const ctx = still.getContext("2d");
  ctx.scale(scale, scale);
  const style = getComputedStyle(canvas);
  const colour = (name) => style.getPropertyValue(name).trim();
  view.accent = colour("--st-primary-color");
  view.paper = colour("--st-background-color");
  view.ink = colour("--st-text-color");
  const at = placing(width, height);
  const cloud = numbers(data.cloud);
  ctx.fillStyle = view.ink;
  ctx.globalAlpha = 0.2;
  for (let i = 0; i < cloud.length; i += 2) {
    const [x, y] = at(cloud[i], cloud[i + 1]);
    ctx.fillRect(x - 1, y - 1, 2, 2);
  }
  ctx.globalAlpha = 1;
  const path = numbers(data.path);
  view.path = [];
  for (let i = 0; i < path.length; i += 2) view.path.push(at(path[i], path[i + 1]));
  ctx.strokeStyle = view.accent;
  ctx.lineWidth = 3;
  ctx.beginPath();
  view.path.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
  ctx.stroke();
  ctx.font = "600 0.94rem " + colour("--st-font");
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  for (const [name, point] of [["A", view.path[0]], ["B", view.path[view.path.length - 1]]]) {
    disc(ctx, point, 5, view.paper, view.accent);
    ctx.lineWidth = 4;
    ctx.strokeStyle = view.paper;
    ctx.strokeText(name, point[0] + 10, point[1] - 10);
    ctx.fillStyle = view.ink;
    ctx.fillText(name, point[0] + 10, point[1] - 10);
  }
  view.still = still;
  view.scale = scale;
}

function frame(view) {
  if (!view.still) return;
  const ctx = view.canvas.getContext("2d");
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(0, 0, view.canvas.width, view.canvas.height);
  ctx.drawImage(view.still, 0, 0);
  ctx.scale(view.scale, view.scale);
  // The slider may stand between two points.
  const last = view.path.length - 1;
  const before = Math.min(Math.floor(view.index), last);
  const [x, y] = view.path[before];
  const [toX, toY] = view.path[Math.min(before + 1, last)];
  const share = view.index - before;
  disc(ctx, [x + share * (toX - x), y + share * (toY - y)], 9, "#C96A00", view.paper);
}

export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".path-map");
  if (!root || !data) return;
  let view = kept.get(root);
  if (!view) {
    const canvas = make("canvas", "", root);
    canvas.setAttribute("role", "img");
    view = { canvas, index: data.at };
    view.follow = (event) => {
      if (event.detail.line !== view.data.line) return;
      view.index = event.detail.index;
      frame(view);
    };
    view.watcher = new ResizeObserver(() => { backdrop(view); frame(view); });
    kept.set(root, view);
    view.data = data;
    view.watcher.observe(root);
    window.addEventListener("latent-lens-slide", view.follow);
  }
  view.data = data;
  view.index = data.at;
  view.canvas.setAttribute("aria-label", data.alt);
  backdrop(view);
  frame(view);
  return () => {
    view.watcher.disconnect();
    window.removeEventListener("latent-lens-slide", view.follow);
    kept.delete(root);
  };
}
