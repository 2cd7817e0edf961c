// One panel: lines, or a heat map, over steps. A heading says what is read off where the pointer is.
const GUTTER = 52;
const AXIS = 40;

function panelView(parent, spec) {
  const root = make("div", "panel", parent);
  const head = make("div", "head", root);
  const plot = make("div", "plot", root);
  const canvas = make("canvas", "", plot);
  canvas.setAttribute("aria-hidden", "true");
  plot.tabIndex = 0;
  plot.setAttribute("role", "group");
  return { id: spec.id, root, head, plot, canvas, spec: null, entries: [], row: -1, drag: null };
}

// The heading: the title, then an entry for each line, with its sample and the value read.
function fillHead(panel, runs, ink) {
  const { head, spec } = panel;
  head.replaceChildren();
  const title = make("span", "title", head);
  make("i", "meaning", title).style.background = spec.colour;
  title.append(spec.title);
  panel.entries = [];
  if (spec.heat) {
    const legend = make("span", "entry", head);
    make("span", "", legend, `≤ ${spec.heat.least}`);
    const scale = make("i", "scale", legend);
    scale.style.background = `linear-gradient(to right, ${spec.heat.stops.join(", ")})`;
    make("span", "", legend, say(spec.unit, { value: number(spec.heat.most) }));
    panel.entries.push({ value: make("span", "value", make("span", "entry", head)) });
    return;
  }
  for (const line of spec.lines) {
    const entry = make("span", "entry", head);
    swatch(entry, strokeOf(line, spec, runs));
    if (line.label) make("span", "name", entry, line.label);
    panel.entries.push({ line, value: make("span", "value", entry) });
  }
}

// How a line is drawn. Runs differ by dash and shape; training is thin, validation thick and marked.
function strokeOf(line, spec, runs) {
  const run = runs[line.run];
  return {
    colour: runs.length > 1 ? run.colour : spec.colour,
    dash: run.dash,
    width: line.kind === "thin" ? 1.2 : 2.2,
    shape: line.kind === "points" || line.kind === "marked" ? run.shape : "",
    line: line.kind !== "points",
    solid: line.kind === "marked",
  };
}

function valueAt(line, step) {
  const at = step === null ? line.x.length - 1 : nearest(line.x, step);
  return at < 0 ? null : { step: line.x[at], value: line.y[at] };
}

// What stands in the heading: at the pointer, else at the end of each line.
function sayHead(panel, view) {
  const { spec } = panel;
  const at = view.hover ?? view.now;
  const said = [];
  if (spec.heat) {
    const { heat } = spec;
    const column = at === null ? heat.x.length - 1 : nearest(heat.x, at);
    const rows = panel.row >= 0 ? [panel.row] : [0];
    const text = rows
      .filter((r) => r < heat.dims.length && column >= 0)
      .map((r) => {
        const value = say(spec.unit, { value: cell(panel, r, column) });
        return say(words.cell, { dimension: heat.dims[r], step: whole(heat.x[column]), value });
      })
      .join("");
    panel.entries[0].value.textContent = text;
    said.push(text);
  }
  for (const { line, value } of spec.heat ? [] : panel.entries) {
    const found = valueAt(line, at);
    value.textContent = found && found.value !== null ? number(found.value) : "–";
    if (!found || found.value === null) continue;
    const told = say(spec.unit, { value: number(found.value) });
    said.push(say(words.reading, { line: line.label || spec.title, value: told, step: whole(found.step) }));
  }
  for (const mark of spec.marks)
    if (at !== null && Math.abs(mark.x - at) <= panel.tolerance) said.push(mark.text);
  return said.length ? said.reduce((one, two) => say(words.both, { one, two })) : "";
}

// What a cell says in nats: its shade is the logarithm of a rate, and at the dark end there may be less.
const cell = (panel, row, column) => {
  const { x, least, most } = panel.spec.heat;
  const shade = (panel.cells[row * x.length + column] - 1) / 254;
  if (shade < 0) return "—";
  return shade ? number(least * (most / least) ** shade) : `≤ ${least}`;
};

// The heat map as a picture of one pixel a cell; stretched when it is drawn.
function paintHeat(panel) {
  const { heat } = panel.spec;
  panel.cells = bytes(heat.cells);
  const [width, height] = [heat.x.length, heat.dims.length];
  panel.picture = null;
  if (!width || !height) return;
  const stops = heat.stops.map((c) => [1, 3, 5].map((i) => parseInt(c.slice(i, i + 2), 16)));
  const table = Array.from({ length: 255 }, (_, i) => {
    const t = (i / 254) * (stops.length - 1);
    const k = Math.min(Math.floor(t), stops.length - 2);
    return stops[k].map((c, j) => c + (stops[k + 1][j] - c) * (t - k));
  });
  const picture = document.createElement("canvas");
  picture.width = width;
  picture.height = height;
  const ctx = picture.getContext("2d");
  const image = ctx.createImageData(width, height);
  // Where a dimension has been cut off there is nothing to see.
  panel.cells.forEach((value, i) => image.data.set(value ? [...table[value - 1], 255] : [0, 0, 0, 0], i * 4));
  ctx.putImageData(image, 0, 0);
  panel.picture = picture;
}

// Vertical axis: from zero or from the data, to a round value, so that it seldom changes.
function bounds(spec, view) {
  const [from, to] = shown(view);
  const [low, high] = wholeExtent(view);
  // The first updates lie far off all that follows; the whole picture leaves them out.
  const start = view.range ? from : low + (high - low) * spec.cut;
  const values = [];
  for (const line of spec.lines) {
    const inside = (i) => i >= 0 && i < line.x.length && line.y[i] !== null;
    for (let i = 0; i < line.x.length; i++)
      if (line.x[i] >= start && line.x[i] <= to && inside(i)) values.push(line.y[i]);
    for (const edge of [from, to]) {
      const i = nearest(line.x, edge);
      if (inside(i) && line.x[i] >= start) values.push(line.y[i]);
    }
  }
  if (!values.length) for (const line of spec.lines) values.push(...line.y.filter((v) => v !== null));
  if (!view.range) for (const level of spec.levels) values.push(level.y);
  if (!values.length) return [0, 1];
  let bottom = spec.zero ? 0 : Math.min(...values);
  let top = Math.max(...values);
  if (top - bottom < 1e-9) top = bottom + Math.max(Math.abs(bottom) * 0.1, 0.1);
  const all = ticks(bottom, top, 8);
  const step = all.length > 1 ? all[1] - all[0] : top - bottom;
  if (!spec.zero) bottom = Math.floor(bottom / step - 0.2) * step;
  return [bottom, Math.ceil(top / step + 0.2) * step];
}

// Words of marks above the plot, on at most three lines; what does not fit is said on reading.
function placeMarks(ctx, spec, x, left, right) {
  const ends = [];
  const placed = [];
  for (const mark of spec.marks) {
    const at = x(mark.x);
    if (at < left - 0.5 || at > right + 0.5) continue;
    const width = ctx.measureText(mark.text).width;
    // Beside its line, on the left where there is no room on the right.
    const start = at + 4 + width > right ? Math.max(left, at - 4 - width) : at + 4;
    let row = ends.findIndex((end) => end + 10 < start);
    if (row < 0 && ends.length < 3) row = ends.push(0) - 1;
    if (row >= 0) ends[row] = start + width;
    placed.push({ at, start, row, text: mark.text });
  }
  return { placed, rows: ends.length };
}

function drawPanel(panel, view, runs, colours, last) {
  const { spec, canvas } = panel;
  const width = panel.plot.clientWidth;
  if (!width) return;
  const [from, to] = shown(view);
  const names = runs.length > 1 && !spec.heat && width > 420;
  const left = GUTTER;
  const ruler = canvas.getContext("2d");
  ruler.font = `0.75rem ${colours.font}`;
  const longest = names ? Math.max(...runs.map((r) => ruler.measureText(r.short).width)) + 14 : 10;
  const right = width - Math.min(longest, width * 0.25);
  const x = (step) => left + ((step - from) / (to - from)) * (right - left);
  const marks = placeMarks(ruler, spec, x, left, right);
  const top = 6 + marks.rows * 15;
  const bottom = top + spec.height;
  const ctx = sized(canvas, width, bottom + (last ? AXIS : 8));
  ctx.font = `0.75rem ${colours.font}`;
  ctx.lineJoin = "round";
  panel.frame = { left, right, top, bottom };
  panel.tolerance = ((to - from) / (right - left)) * 7;
  panel.step = (px) => from + ((px - left) / (right - left)) * (to - from);
  if (spec.heat) drawHeat(ctx, panel, x, colours);
  else drawLines(ctx, panel, view, runs, x, colours, names);
  const read = [[view.now, true], [view.hover, false]].filter(([s]) => s !== null && s >= from && s <= to);
  drawSteps(ctx, panel, x, [from, to], read.map(([s]) => x(s)), colours, last);
  drawMarks(ctx, marks.placed, top, bottom, colours);
  for (const [step, strong] of read) {
    ctx.strokeStyle = strong ? colours.accent : colours.ink;
    ctx.lineWidth = strong ? 2.5 : 1;
    ctx.beginPath();
    ctx.moveTo(x(step), top);
    ctx.lineTo(x(step), bottom);
    ctx.stroke();
    if (last) tag(ctx, x(step), bottom, whole(step), left, right, colours, strong);
  }
  if (panel.drag) {
    const [a, b] = panel.drag.map((px) => Math.max(left, Math.min(right, px)));
    ctx.globalAlpha = 0.22;
    ctx.fillStyle = colours.accent;
    ctx.fillRect(Math.min(a, b), top, Math.abs(b - a), spec.height);
    ctx.globalAlpha = 1;
  }
}

// Marks of what changed: every line before any words, which no line may strike through.
function drawMarks(ctx, placed, top, bottom, colours) {
  ctx.strokeStyle = ctx.fillStyle = colours.ink;
  ctx.lineWidth = 1.2;
  ctx.globalAlpha = 0.75;
  ctx.setLineDash([5, 4]);
  for (const { at, row } of placed) {
    ctx.beginPath();
    ctx.moveTo(at, row < 0 ? top - 6 : 3 + row * 15);
    ctx.lineTo(at, bottom);
    ctx.stroke();
  }
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
  for (const { start, row, text } of placed)
    if (row >= 0) onPaper(ctx, text, start, 9 + row * 15, colours);
}

// Words on the ground of the page, so that what is drawn behind them does not cross them.
function onPaper(ctx, text, x, y, colours) {
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.fillStyle = colours.paper;
  ctx.fillRect(x - 2, y - 7, ctx.measureText(text).width + 4, 14);
  ctx.fillStyle = colours.ink;
  ctx.fillText(text, x, y);
}

// The step that is read, on the axis.
function tag(ctx, x, y, text, left, right, colours, strong) {
  const width = ctx.measureText(text).width + 10;
  const start = Math.max(left - 20, Math.min(right + 8 - width, x - width / 2));
  ctx.fillStyle = strong ? colours.accent : colours.ink;
  ctx.fillRect(start, y + 2, width, 17);
  ctx.fillStyle = strong ? "#FFFFFF" : colours.paper;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.fillText(text, start + 5, y + 11);
}

// Steps along the bottom panel, but for those that what is read would cover.
function drawSteps(ctx, panel, x, [from, to], covered, colours, last) {
  const { left, right, bottom } = panel.frame;
  ctx.strokeStyle = colours.ink;
  ctx.globalAlpha = 0.5;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(left, bottom + 0.5);
  ctx.lineTo(right, bottom + 0.5);
  ctx.stroke();
  ctx.globalAlpha = 1;
  if (!last) return;
  ctx.fillStyle = colours.ink;
  ctx.textBaseline = "top";
  const all = ticks(from, to, Math.max(2, (right - left) / 90)).filter((t) => t === Math.round(t));
  for (const t of all) {
    if (covered.some((px) => Math.abs(px - x(t)) < 46)) continue;
    ctx.textAlign = x(t) > right - 18 ? "right" : "center";
    ctx.fillText(whole(t), ctx.textAlign === "right" ? right + 8 : x(t), bottom + 5);
  }
  ctx.globalAlpha = 0.8;
  ctx.textAlign = "center";
  ctx.fillText(words.axis, (left + right) / 2, bottom + 23);
  ctx.globalAlpha = 1;
}
