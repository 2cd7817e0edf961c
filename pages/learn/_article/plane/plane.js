// What the decoder says on a plane of two latents: small pictures all over it, and one, large, at
// the place that pointer or arrow keys choose. `VectorDecoder` stands before it.
const kept = new WeakMap();
const TILES = 17;
const COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8A7A00"];

function build(root) {
  const field = make("div", "field", root);
  const shown = make("div", "shown", root);
  const view = {
    root, shown, z: [0, 0], decoder: null, data: null, side: 0,
    ground: make("canvas", "ground", field),
    over: make("canvas", "over", field),
    large: make("canvas", "", shown),
    said: make("p", "said", shown),
    place: make("p", "place", shown),
    near: make("p", "near", shown),
  };
  const label = make("label", "", shown);
  view.points = make("input", "", label);
  view.points.type = "checkbox";
  view.pointsLabel = make("span", "", label);
  view.points.onchange = () => over(view);
  view.over.tabIndex = 0;
  view.over.setAttribute("role", "application");
  view.large.setAttribute("aria-hidden", "true");
  view.near.setAttribute("aria-live", "polite");
  view.said.setAttribute("aria-live", "polite");
  const point = (event) => {
    const box = view.over.getBoundingClientRect();
    const share = (at, from, size) => ((at - from) / size) * 2 - 1;
    const { extent } = view.data;
    move(view, [
      extent * share(event.clientX, box.left, box.width),
      -extent * share(event.clientY, box.top, box.height),
    ]);
  };
  view.over.onpointermove = point;
  view.over.onpointerdown = point;
  view.over.onkeydown = (event) => {
    const way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const step = way[event.key];
    if (!step) return;
    event.preventDefault();
    const size = event.shiftKey ? 0.5 : 0.1;
    move(view, view.z.map((value, i) => value + size * step[i]));
  };
  view.watcher = new ResizeObserver(() => draw(view));
  view.watcher.observe(field);
  return view;
}

function move(view, z) {
  const { extent } = view.data;
  view.z = z.map((value) => Math.min(extent, Math.max(-extent, value)));
  over(view);
  say(view);
}

const ink = (view) => getComputedStyle(view.root).color.match(/[\d.]+/g).slice(0, 3).map(Number);

// A picture in the colour of the text, as opaque as it is bright.
function picture(view, mean) {
  const [height, width] = view.data.shape;
  const [r, g, b] = ink(view);
  const image = new ImageData(width, height);
  mean.forEach((value, i) => {
    const alpha = 255 * Math.min(1, Math.max(0, value));
    image.data.set([r, g, b, alpha], 4 * i);
  });
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

function sized(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const side = Math.round(canvas.clientWidth * ratio);
  if (canvas.width !== side) canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, side, side);
  return { context, side, ratio };
}

const at = (view, side, [x, y]) => {
  const { extent } = view.data;
  return [((x / extent + 1) / 2) * side, ((1 - y / extent) / 2) * side];
};

// All over the plane, with the circles of one, two and three standard deviations of the prior.
function ground(view) {
  const { context, side, ratio } = sized(view.ground);
  const { extent, shape } = view.data;
  if (shape.length && view.decoder) {
    const tile = side / TILES;
    context.imageSmoothingEnabled = false;
    for (let row = 0; row < TILES; row++) {
      for (let column = 0; column < TILES; column++) {
        const z = [column, TILES - 1 - row].map((i) => extent * ((2 * i + 1) / TILES - 1));
        const drawn = picture(view, view.decoder.mean(z));
        context.drawImage(drawn, column * tile, row * tile, 0.92 * tile, 0.92 * tile);
      }
    }
  }
  if (!shape.length && view.decoder) named(view, context, side, ratio);
  context.strokeStyle = "#80868F";
  context.lineWidth = 1.2 * ratio;
  context.setLineDash([4 * ratio, 4 * ratio]);
  for (const radius of [1, 2, 3]) {
    context.beginPath();
    context.arc(side / 2, side / 2, (radius / extent) * (side / 2), 0, 2 * Math.PI);
    context.stroke();
  }
}

// The word that the decoder says most of, all over the plane.
function named(view, context, side, ratio) {
  const { extent } = view.data;
  const [columns, rows] = [side / ratio < 420 ? 4 : 6, 13];
  context.font = `${13 * ratio}px ${getComputedStyle(view.root).fontFamily}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = getComputedStyle(view.root).color;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const z = [(2 * column + 1) / columns - 1, 1 - (2 * row + 1) / rows].map((v) => v * extent);
      const [first] = view.decoder.words(z, 1);
      if (first) context.fillText(first[0], ...at(view, side, z));
    }
  }
}

function over(view) {
  const { context, side, ratio } = sized(view.over);
  const names = view.names;
  const labelled = view.data.shape.length > 0;
  if (view.points.checked) {
    context.font = `700 ${13 * ratio}px sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineWidth = 3.5 * ratio;
    context.strokeStyle = getComputedStyle(view.root).getPropertyValue("--st-background-color");
    view.means.forEach((mean, i) => {
      const [x, y] = at(view, side, mean);
      context.fillStyle = COLOURS[labelled ? names.indexOf(view.data.labels[i]) % 7 : 0];
      if (!labelled) {
        context.beginPath();
        context.arc(x, y, 3 * ratio, 0, 2 * Math.PI);
        context.fill();
        return;
      }
      context.strokeText(view.data.labels[i], x, y);
      context.fillText(view.data.labels[i], x, y);
    });
  }
  const [x, y] = at(view, side, view.z);
  for (const [colour, width] of [["#FFFFFF", 5], ["#D6408F", 2.5]]) {
    context.strokeStyle = colour;
    context.lineWidth = width * ratio;
    context.setLineDash([]);
    context.beginPath();
    context.arc(x, y, 9 * ratio, 0, 2 * Math.PI);
    context.stroke();
  }
}

function say(view) {
  const { says, labels, signs, shape } = view.data;
  const written = (value) => value.toFixed(2).replace("-", signs[1]).replace(".", signs[0]);
  const [x, y] = view.z;
  const nats = -(x * x + y * y) / 2 - Math.log(2 * Math.PI);
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name]);
  view.place.textContent = filled(says.place, { x: written(x), y: written(y), nats: written(nats) });
  let best = 0;
  const apart = ([a, b]) => (a - x) ** 2 + (b - y) ** 2;
  view.means.forEach((mean, i) => { if (apart(mean) < apart(view.means[best])) best = i; });
  view.near.textContent = filled(says.nearest, { label: labels[best] });
  if (!view.decoder) return;
  if (!shape.length) {
    const words = view.decoder.words(view.z, 6).map(([word]) => word);
    view.said.textContent = words.join(" · ") || says.nothing;
    return;
  }
  const [height, width] = shape;
  view.large.width = width;
  view.large.height = height;
  view.large.getContext("2d").drawImage(picture(view, view.decoder.mean(view.z)), 0, 0);
}

function draw(view) {
  if (!view.data || !view.ground.clientWidth) return;
  ground(view);
  over(view);
  say(view);
}

async function take(view, data) {
  view.data = data;
  const numbers = new Float32Array(bytes(data.points).buffer);
  view.means = data.labels.map((_, i) => [numbers[2 * i], numbers[2 * i + 1]]);
  view.names = [...new Set(data.labels)].sort();
  view.large.hidden = !data.shape.length;
  view.said.hidden = data.shape.length > 0;
  view.shown.classList.toggle("words", !data.shape.length);
  view.pointsLabel.textContent = data.says.points;
  view.over.setAttribute("aria-label", data.says.label);
  if (view.url === data.url) return draw(view);
  view.url = data.url;
  try {
    const answer = await fetch(data.url, { cache: "force-cache" });
    if (!answer.ok) throw new Error(answer.status);
    view.decoder = VectorDecoder.read(await answer.arrayBuffer());
    draw(view);
  } catch {
    view.place.textContent = data.says.failed;
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".plane");
  if (!root || !data) return;
  let view = kept.get(root);
  if (!view) kept.set(root, (view = build(root)));
  take(view, data);
  return () => {
    view.watcher.disconnect();
    kept.delete(root);
  };
}
