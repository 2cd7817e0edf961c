// What lies over the cloud and is drawn anew without it: rings, own sentences, ellipses, a path.
function drawOverlay(ctx, view) {
  const { camera, data, colours } = view;
  ctx.clearRect(0, 0, camera.width, camera.height);
  if (data.prior) drawPrior(ctx, view, data.prior);
  if (!view.lattice) drawAxes(ctx, view);
  if (view.ground?.contours) drawContours(ctx, view, view.ground.contours);
  view.named = view.ground?.regions && !view.lattice ? drawRegions(ctx, view, view.ground.regions) : [];
  for (const row of view.rings) ring(ctx, at(view, row), 6, data.colours.own, colours.paper, 1.6);
  if (data.circle) drawCircle(ctx, view, data.circle);
  if (data.path) drawPath(ctx, view, data.path);
  if (data.arrow) drawArrow(ctx, view, data.arrow);
  for (const mark of data.marks ?? []) drawMark(ctx, view, mark);
  data.own.forEach((one, i) => drawOwn(ctx, view, one, i));
  if (view.lattice) drawLattice(ctx, view);
  if (view.chosen >= 0) ring(ctx, at(view, view.chosen), 10, data.colours.own, colours.paper, 3);
  if (view.focus >= 0) ring(ctx, at(view, view.focus), 8, colours.ink, colours.paper, 2.5);
  if (view.twin >= 0) ring(ctx, at(view, view.twin), 8, colours.ink, colours.paper, 2.5);
  if (view.place) cross(ctx, camera.screen(...view.place), data.colours.own, colours.paper);
  if (view.lasso.length) drawLasso(ctx, view);
}

const at = (view, row) => view.camera.screen(view.xy[2 * row], view.xy[2 * row + 1]);

// A line on a ground of paper is seen over points of every colour.
function lined(ctx, path, width, ink, paper, dash = []) {
  for (const [w, colour] of [[width + 2.5, paper], [width, ink]]) {
    ctx.lineWidth = w;
    ctx.strokeStyle = colour;
    ctx.setLineDash(w === width ? dash : []);
    ctx.stroke(path);
  }
  ctx.setLineDash([]);
}

function ring(ctx, [x, y], radius, ink, paper, width) {
  const path = new Path2D();
  path.arc(x, y, radius, 0, 2 * Math.PI);
  lined(ctx, path, width, ink, paper);
}

function cross(ctx, [x, y], ink, paper) {
  const path = new Path2D();
  for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
    path.moveTo(x + 3 * dx, y + 3 * dy);
    path.lineTo(x + 11 * dx, y + 11 * dy);
  }
  lined(ctx, path, 2.5, ink, paper);
}

function text(ctx, view, words, x, y, align = "left", ink = view.colours.ink) {
  ctx.font = `0.8125rem ${view.colours.font}`;
  ctx.textAlign = align;
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  ctx.lineWidth = 4;
  ctx.strokeStyle = view.colours.paper;
  ctx.strokeText(words, x, y);
  ctx.fillStyle = ink;
  ctx.fillText(words, x, y);
}

// Circles of one and two standard deviations of the prior, which a plane cuts as they are.
function drawPrior(ctx, view, [x, y]) {
  const [px, py] = view.camera.screen(x, y);
  for (const sigma of [1, 2]) {
    const path = new Path2D();
    path.arc(px, py, sigma * view.camera.k, 0, 2 * Math.PI);
    lined(ctx, path, 1.5, view.data.colours.prior, view.colours.paper, sigma === 1 ? [] : [7, 5]);
  }
  if (view.lattice) return;
  const above = py - 2 * view.camera.k - 10; // out of sight, the name stands at the edge
  if (above < view.camera.height) text(ctx, view, view.data.texts.prior, px, Math.max(above, 12), "center");
}

function drawAxes(ctx, view) {
  const { width, height } = view.camera;
  const [x, y] = view.data.axes;
  if (x) text(ctx, view, `${x} →`, width - 8, height - 12, "right");
  if (!y) return;
  ctx.save();
  ctx.translate(12, 8);
  ctx.rotate(-Math.PI / 2);
  text(ctx, view, `${y} →`, 0, 0, "right");
  ctx.restore();
}

// Own sentences are numbered; theirs are the ellipses of one and two standard deviations.
function drawOwn(ctx, view, { x, y, spread }, i) {
  const [px, py] = view.camera.screen(x, y);
  const ink = view.data.colours.own;
  if (spread) {
    const [a, b, c] = spread; // covariance [[a, b], [b, c]], by its Cholesky factor
    const l = Math.sqrt(Math.max(a, 1e-18));
    const [m, n] = [b / l, Math.sqrt(Math.max(c - (b / l) ** 2, 0))];
    for (const sigma of [1, 2]) {
      const path = new Path2D();
      for (let t = 0; t <= 64; t++) {
        const [u, v] = [Math.cos((t * Math.PI) / 32), Math.sin((t * Math.PI) / 32)];
        const place = view.camera.screen(x + sigma * l * u, y + sigma * (m * u + n * v));
        if (t) path.lineTo(...place);
        else path.moveTo(...place);
      }
      lined(ctx, path, 1.8, ink, view.colours.paper, sigma === 1 ? [] : [6, 4]);
    }
  }
  const many = view.data.own.length > 40;
  ctx.beginPath();
  ctx.arc(px, py, many ? 6 : 10, 0, 2 * Math.PI);
  ctx.fillStyle = ink;
  ctx.fill();
  ctx.lineWidth = 2;
  ctx.strokeStyle = "#FFFFFF";
  ctx.stroke();
  if (many) return;
  ctx.font = `600 0.6875rem ${view.colours.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = "#FFFFFF";
  ctx.fillText(i + 1, px, py + 0.5);
}

function drawPath(ctx, view, places) {
  const path = new Path2D();
  places.forEach((place, i) => {
    const p = view.camera.screen(...place);
    if (i) path.lineTo(...p);
    else path.moveTo(...p);
  });
  lined(ctx, path, 2.5, view.data.colours.path, view.colours.paper);
}

// A way with a direction, and its name at its head.
function drawArrow(ctx, view, { places, name }) {
  const line = places.map((place) => view.camera.screen(...place));
  const path = new Path2D();
  line.forEach((p, i) => (i ? path.lineTo(...p) : path.moveTo(...p)));
  const [x, y] = line.at(-1);
  // The head points where the last stretch goes that is long enough to be seen.
  const from = line.findLast(([a, b]) => Math.hypot(x - a, y - b) > 4);
  if (from) {
    const turn = Math.atan2(y - from[1], x - from[0]);
    for (const side of [-0.45, 0.45]) {
      path.moveTo(x, y);
      path.lineTo(x - 15 * Math.cos(turn + side), y - 15 * Math.sin(turn + side));
    }
  }
  lined(ctx, path, 3, view.colours.ink, view.colours.paper);
  text(ctx, view, name, x, y - 16, "center");
}

function drawCircle(ctx, view, { x, y, radius }) {
  const path = new Path2D();
  path.arc(...view.camera.screen(x, y), radius * view.camera.k, 0, 2 * Math.PI);
  lined(ctx, path, 2, view.data.colours.own, view.colours.paper);
}

// A place with a name.
function drawMark(ctx, view, { x, y, name }) {
  const [px, py] = view.camera.screen(x, y);
  ring(ctx, [px, py], 5, view.data.colours.path, view.colours.paper, 3);
  text(ctx, view, name, px, py - 16, "center");
}

function drawLasso(ctx, view) {
  const path = new Path2D();
  view.lasso.forEach((place, i) => {
    const p = view.camera.screen(...place);
    if (i) path.lineTo(...p);
    else path.moveTo(...p);
  });
  path.closePath();
  ctx.fillStyle = view.data.colours.own + "22";
  ctx.fill(path);
  lined(ctx, path, 1.8, view.data.colours.own, view.colours.paper, [6, 4]);
}
