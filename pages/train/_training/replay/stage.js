// The points of a replay on a canvas: where each sentence lies at a moment between two snapshots.
const MARGIN = 14;
const NEAR = 16;

// Frames come as 0..65535 over a square of `scale` standard deviations to each side of the origin.
function unpack(data) {
  const raw = new Uint16Array(bytes(data.frames).buffer);
  const size = data.n * 2;
  return data.steps.map((_, s) => {
    const frame = new Float32Array(size);
    for (let i = 0; i < size; i++) frame[i] = (raw[s * size + i] / 65535 - 0.5) * 2 * data.scale;
    return frame;
  });
}

// Between snapshots along a Catmull-Rom curve: through every snapshot, without a corner.
function positions(frames, at, into) {
  const last = frames.length - 1;
  const k = Math.min(Math.floor(at), Math.max(last - 1, 0));
  const t = Math.min(Math.max(at - k, 0), 1);
  const [p, a, b, q] = [k - 1, k, k + 1, k + 2].map((i) => frames[Math.max(0, Math.min(last, i))]);
  const [t2, t3] = [t * t, t * t * t];
  for (let i = 0; i < into.length; i++)
    into[i] =
      a[i] +
      0.5 * t * (b[i] - p[i]) +
      t2 * (p[i] - 2.5 * a[i] + 2 * b[i] - 0.5 * q[i]) +
      t3 * (1.5 * (a[i] - b[i]) + 0.5 * (q[i] - p[i]));
}

const eased = (t) => (t < 0.5 ? 2 * t * t : 1 - 2 * (1 - t) * (1 - t));

function stageView(parent) {
  const root = make("div", "stage", parent);
  const canvas = make("canvas", "", root);
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "img");
  const note = make("div", "note", root);
  note.hidden = true;
  const said = make("p", "sentence", note);
  said.dir = "auto";
  const more = make("p", "more", note);
  const stage = { root, canvas, note, said, more, hover: -1, pinned: -1, at: 0, only: -1, scale: 0 };
  // A finger has no hover: what it taps is kept until it taps elsewhere.
  canvas.onpointermove = (event) => event.pointerType !== "touch" && point(stage, find(stage, event));
  canvas.onpointerleave = (event) => event.pointerType !== "touch" && point(stage, -1);
  canvas.onpointerdown = (event) => {
    if (event.button) return;
    const found = find(stage, event);
    stage.pinned = found === stage.pinned ? -1 : found;
    stage.hover = event.pointerType === "touch" ? -1 : found;
    stage.redraw();
  };
  canvas.onkeydown = (event) => walkPoints(stage, event);
  canvas.onblur = () => point(stage, -1);
  return stage;
}

function setStage(stage, data, calm) {
  const moved = stage.data && stage.data.n === data.n && stage.now && !calm;
  // A new snapshot may turn the picture a little: the points glide to where they now belong.
  stage.glide = moved ? { from: stage.now.slice(), scale: stage.scale, start: performance.now() } : null;
  stage.data = data;
  stage.frames = unpack(data);
  if (!moved) stage.now = new Float32Array(data.n * 2);
  if (stage.pinned >= data.n) stage.pinned = -1;
  stage.canvas.setAttribute("aria-label", data.alt);
}

function point(stage, index) {
  if (stage.hover === index) return;
  stage.hover = index;
  stage.redraw();
}

function find(stage, event) {
  if (!stage.pixel) return -1;
  const box = stage.canvas.getBoundingClientRect();
  const [x, y] = [event.clientX - box.left, event.clientY - box.top];
  let [best, least] = [-1, NEAR * NEAR];
  for (let i = 0; i < stage.data.n; i++) {
    if (hidden(stage, i)) continue;
    const [px, py] = stage.pixel(stage.now[2 * i], stage.now[2 * i + 1]);
    const far = (px - x) ** 2 + (py - y) ** 2;
    if (far < least) [best, least] = [i, far];
  }
  return best;
}

const hidden = (stage, i) => stage.only >= 0 && stage.group[i] !== stage.only;

// Arrow keys go to the nearest point in their direction; Enter keeps it, Escape lets go.
function walkPoints(stage, event) {
  const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
  if (event.key === "Enter" || event.key === " ") stage.pinned = stage.hover;
  else if (event.key === "Escape") stage.pinned = stage.hover = -1;
  else if (way) {
    const from = Math.max(stage.hover, stage.pinned);
    const [x, y] = from < 0 ? [0, 0] : [stage.now[2 * from], stage.now[2 * from + 1]];
    let [best, least] = [-1, Infinity];
    for (let i = 0; i < stage.data.n; i++) {
      if (i === from || hidden(stage, i)) continue;
      const [dx, dy] = [stage.now[2 * i] - x, stage.now[2 * i + 1] - y];
      const along = dx * way[0] + dy * way[1];
      const aside = Math.abs(dx * way[1]) + Math.abs(dy * way[0]);
      if (from >= 0 && (along <= 0 || aside > along * 1.5)) continue;
      const far = dx * dx + dy * dy;
      if (far < least) [best, least] = [i, far];
    }
    if (best >= 0) stage.hover = best;
  } else return;
  event.preventDefault();
  stage.redraw();
}

// Gives back whether the points still glide.
function drawStage(stage, colours) {
  const { canvas, data } = stage;
  const width = stage.root.clientWidth;
  if (!width || !data) return false;
  const side = Math.min(width, data.height);
  const ctx = sized(canvas, width, side);
  positions(stage.frames, stage.at, stage.now);
  stage.scale = data.scale;
  let gliding = false;
  if (stage.glide) {
    const t = (performance.now() - stage.glide.start) / 700;
    gliding = t < 1;
    if (gliding) {
      const share = eased(t);
      stage.scale = stage.glide.scale + (data.scale - stage.glide.scale) * share;
      for (let i = 0; i < stage.now.length; i++)
        stage.now[i] = stage.glide.from[i] + (stage.now[i] - stage.glide.from[i]) * share;
    } else stage.glide = null;
  }
  const unit = (side / 2 - MARGIN) / stage.scale;
  stage.pixel = (x, y) => [width / 2 + x * unit, side / 2 - y * unit];
  drawPrior(ctx, stage, unit, colours);
  drawPoints(ctx, stage, side, colours);
  namePrior(ctx, stage, unit, colours);
  const chosen = stage.hover >= 0 ? stage.hover : stage.pinned;
  if (chosen >= 0) drawChosen(ctx, stage, chosen, colours);
  sayChosen(stage, chosen, width, side);
  return gliding;
}

// Circles of one and two standard deviations of the prior, and its mean.
function drawPrior(ctx, stage, unit, colours) {
  const [x, y] = stage.pixel(0, 0);
  ctx.strokeStyle = ctx.fillStyle = stage.data.priorColour;
  ctx.lineWidth = 1.5;
  for (const radius of [1, 2]) {
    ctx.setLineDash(radius === 1 ? [] : [7, 5]);
    ctx.beginPath();
    ctx.arc(x, y, radius * unit, 0, 2 * Math.PI);
    ctx.stroke();
  }
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.moveTo(x - 6, y);
  ctx.lineTo(x + 6, y);
  ctx.moveTo(x, y - 6);
  ctx.lineTo(x, y + 6);
  ctx.stroke();
}

// Over the points, so that it can be read among them.
function namePrior(ctx, stage, unit, colours) {
  const [x, y] = stage.pixel(0, 0);
  ctx.font = `12px ${colours.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "bottom";
  ctx.lineJoin = "round";
  for (const [radius, text] of [[1, words.sd], [2, words.prior]]) {
    ctx.lineWidth = 5;
    ctx.strokeStyle = colours.paper;
    ctx.strokeText(text, x, y - radius * unit - 3);
    ctx.fillStyle = colours.ink;
    ctx.fillText(text, x, y - radius * unit - 3);
  }
}

function drawPoints(ctx, stage, side, colours) {
  const { data, group, groups, now } = stage;
  const radius = Math.max(2.4, Math.min(4.6, side / 135)) * Math.min(1.5, Math.sqrt(700 / Math.max(data.n, 300)));
  groups.forEach((one, g) => {
    const path = new Path2D();
    for (let i = 0; i < data.n; i++)
      if (group[i] === g) outline(path, one.shape, ...stage.pixel(now[2 * i], now[2 * i + 1]), radius);
    ctx.globalAlpha = stage.only < 0 ? 0.8 : stage.only === g ? 0.95 : 0.1;
    // An edge of paper, below the points of its group, sets the groups off from each other.
    ctx.lineWidth = 1.2;
    ctx.strokeStyle = colours.paper;
    ctx.stroke(path);
    ctx.fillStyle = one.colour;
    ctx.fill(path);
  });
  ctx.globalAlpha = 1;
}

// The way that one sentence has come, and the sentence itself.
function drawChosen(ctx, stage, i, colours) {
  const way = new Path2D();
  const until = Math.floor(stage.at);
  for (let s = 0; s <= until; s++) {
    const [x, y] = stage.pixel(stage.frames[s][2 * i], stage.frames[s][2 * i + 1]);
    if (s) way.lineTo(x, y);
    else way.moveTo(x, y);
  }
  const [x, y] = stage.pixel(stage.now[2 * i], stage.now[2 * i + 1]);
  way.lineTo(x, y);
  for (const [width, colour] of [[4.5, colours.paper], [2, colours.ink]]) {
    ctx.lineWidth = width;
    ctx.strokeStyle = colour;
    ctx.stroke(way);
  }
  ctx.beginPath();
  ctx.arc(x, y, 8, 0, 2 * Math.PI);
  ctx.lineWidth = 3;
  ctx.strokeStyle = colours.ink;
  ctx.stroke();
  ctx.fillStyle = stage.data.ownColour;
  ctx.fill();
}

function sayChosen(stage, i, width, side) {
  const { note, data } = stage;
  note.hidden = i < 0;
  if (i < 0) return;
  stage.said.textContent = data.sentences[i] ?? say(words.nth, { n: whole(i + 1) });
  const labels = data.colourings
    .map((c) => [c.name, c.groups[c.of[i]]])
    .filter(([, group]) => !group.rest)
    .map(([name, group]) => say(words.label, { name, value: group.label }));
  stage.more.textContent = labels.slice(0, 6).join(" · ");
  const [x, y] = stage.pixel(stage.now[2 * i], stage.now[2 * i + 1]);
  const [w, h] = [note.offsetWidth, note.offsetHeight];
  note.style.left = Math.max(4, Math.min(width - w - 4, x - w / 2)) + "px";
  // Away from the middle, where most of the points are and the way comes from.
  const below = y > side / 2 ? y + h + 20 < side : y - h - 20 < 0;
  note.style.top = (below ? y + 16 : y - h - 16) + "px";
}
