// What is inside a panel: lines with their levels, or the cells of a heat map.
function drawLines(ctx, panel, view, runs, x, colours, names) {
  const { spec, frame } = panel;
  const { left, right, top, bottom } = frame;
  const [low, high] = bounds(spec, view);
  const y = (value) => bottom - ((value - low) / (high - low)) * (bottom - top);
  const all = ticks(low, high, Math.max(2, spec.height / 36));
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  for (const t of all) {
    ctx.globalAlpha = 0.16;
    ctx.strokeStyle = ctx.fillStyle = colours.ink;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(left, Math.round(y(t)) + 0.5);
    ctx.lineTo(right, Math.round(y(t)) + 0.5);
    ctx.stroke();
    ctx.globalAlpha = 1;
    ctx.fillText(tickText(t, all), left - 7, y(t));
  }
  ctx.save();
  ctx.beginPath();
  ctx.rect(left - 5, top - 2, right - left + 10, bottom - top + 4);
  ctx.clip();
  for (const level of spec.levels) {
    ctx.strokeStyle = ctx.fillStyle = colours.ink;
    ctx.globalAlpha = 0.65;
    ctx.setLineDash([8, 4]);
    ctx.beginPath();
    ctx.moveTo(left, y(level.y));
    ctx.lineTo(right, y(level.y));
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
    const above = y(level.y) - 9 > top;
    ctx.fillText(level.text, right - 4, y(level.y) + (above ? -8 : 9));
  }
  const ends = [];
  for (const line of spec.lines) {
    const stroke = strokeOf(line, spec, runs);
    const end = drawLine(ctx, line, stroke, x, y, [left, right]);
    if (end && line.kind !== "points") ends.push({ ...end, run: line.run, colour: stroke.colour });
    const at = view.hover ?? view.now;
    const found = at === null ? null : valueAt(line, at);
    if (!found || found.value === null || x(found.step) < left || x(found.step) > right) continue;
    ctx.beginPath();
    ctx.arc(x(found.step), y(found.value), 4.5, 0, 2 * Math.PI);
    ctx.fillStyle = stroke.colour;
    ctx.fill();
    ctx.lineWidth = 2;
    ctx.strokeStyle = colours.paper;
    ctx.stroke();
  }
  ctx.restore();
  if (names) nameEnds(ctx, ends, runs, right, [top, bottom], colours);
}

function drawLine(ctx, line, stroke, x, y, [left, right]) {
  ctx.strokeStyle = ctx.fillStyle = stroke.colour;
  let last = null;
  const points = [];
  const path = new Path2D();
  let pen = false;
  // One point beyond each edge, so that the line goes on to it.
  let first = 0;
  while (first + 1 < line.x.length && x(line.x[first + 1]) < left) first++;
  for (let i = first; i < line.x.length; i++) {
    if (line.y[i] === null) {
      pen = false;
      continue;
    }
    const point = [x(line.x[i]), y(line.y[i])];
    if (pen) path.lineTo(...point);
    else path.moveTo(...point);
    pen = true;
    if (point[0] >= left - 1 && point[0] <= right + 1) points.push((last = point));
    else if (point[0] > right) break;
  }
  if (stroke.line) {
    ctx.lineWidth = stroke.width;
    ctx.globalAlpha = line.kind === "thin" ? 0.85 : 1;
    ctx.setLineDash(stroke.dash);
    ctx.stroke(path);
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
  }
  if (stroke.line && !stroke.shape && points.length === 1) {
    // A line of one point is no line yet.
    ctx.beginPath();
    ctx.arc(...points[0], 2.5, 0, 2 * Math.PI);
    ctx.fill();
  }
  if (stroke.shape && points.length < 130) {
    const shapes = new Path2D();
    for (const [px, py] of points) outline(shapes, stroke.shape, px, py, stroke.line ? 3.2 : 4);
    if (stroke.solid) ctx.fill(shapes);
    else {
      ctx.lineWidth = 1.6;
      ctx.stroke(shapes);
    }
  }
  return last && { y: last[1] };
}

// The name of each run where its line ends, moved apart where two would overlap.
function nameEnds(ctx, ends, runs, right, [top, bottom], colours) {
  const last = new Map();
  for (const end of ends) last.set(end.run, end);
  const sorted = [...last.values()].sort((a, b) => a.y - b.y);
  let floor = top + 6;
  sorted.forEach((end, i) => {
    const room = bottom - 6 - 14 * (sorted.length - 1 - i);
    end.at = Math.min(Math.max(end.y, floor), Math.max(room, floor));
    floor = end.at + 14;
  });
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  for (const end of sorted) {
    ctx.fillStyle = end.colour;
    ctx.fillRect(right + 3, end.at - 5, 3, 10);
    ctx.fillStyle = colours.ink;
    ctx.fillText(runs[end.run].short, right + 9, end.at);
  }
}

function drawHeat(ctx, panel, x, colours) {
  const { spec, frame, picture } = panel;
  const { left, right, top, bottom } = frame;
  if (!picture) return;
  const { heat } = spec;
  const columns = heat.x.length;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, right - left, bottom - top);
  ctx.clip();
  ctx.imageSmoothingEnabled = false;
  for (let i = 0; i < columns; i++) {
    // A column reaches half-way to its neighbours.
    const before = i ? (heat.x[i - 1] + heat.x[i]) / 2 : heat.x[0] - ((heat.x[1] ?? heat.x[0] + 1) - heat.x[0]) / 2;
    const after = i < columns - 1 ? (heat.x[i] + heat.x[i + 1]) / 2 : heat.x[i] + (heat.x[i] - before);
    const start = Math.max(left, Math.floor(x(before)));
    const end = Math.min(right, Math.ceil(x(after)));
    if (end > start) ctx.drawImage(picture, i, 0, 1, heat.dims.length, start, top, end - start, spec.height);
  }
  const tall = spec.height / heat.dims.length;
  if (panel.row >= 0) {
    ctx.strokeStyle = "#FFFFFF";
    ctx.lineWidth = 2;
    ctx.strokeRect(left + 1, top + panel.row * tall, right - left - 2, tall);
  }
  ctx.restore();
  ctx.fillStyle = colours.ink;
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  const every = Math.max(1, Math.ceil(14 / tall));
  for (let r = 0; r < heat.dims.length; r += every)
    ctx.fillText(say(words.dimension, { dimension: heat.dims[r] }), left - 6, top + (r + 0.5) * tall);
}
