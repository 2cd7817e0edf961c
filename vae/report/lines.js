// Lines over one horizontal axis, in panels above each other, to zoom into.

function lines(spec, width, state) {
  const [left, right] = [width < 520 ? 48 : 58, width - 12];
  const all = spec.panels.flatMap((panel) => panel.series).flatMap((series) => series.x);
  const whole = extent(all);
  const range = state.range || whole;
  const place = scale(range[0], range[1], left, right, spec.log);
  const height = spec.panels.reduce((sum, panel) => sum + panel.height + 40, 0) + 34;
  const svg = canvas(width, height);
  const given = spec.ticks.filter((v) => v >= range[0] && v <= range[1]);
  const below = given.length ? given : ticks(range[0], range[1], Math.max(2, width / 130));
  let top = 26;
  spec.panels.forEach((panel, i) => {
    const bottom = top + panel.height;
    label(svg, left, top - 9, panel.title, { "font-weight": 600 });
    const last = i === spec.panels.length - 1;
    if (last) axisBelow(svg, place, below, bottom, top, spec.x_title, left, right);
    else for (const v of below) rule(svg, place(v), top, place(v), bottom, { stroke: GRID });
    onePanel(svg, spec, panel, state, { left, right, top, bottom, place, range, whole });
    marks(svg, spec, place, range, { left, right, top, bottom, named: i === 0 });
    top = bottom + 40;
  });
  const stops = along(spec, state, place, range, height);
  return { svg, stops, by: "x", place, left, right };
}

/** The ends of a panel's own axis, for what is seen of it. */
function ends(panel, shown, range, whole) {
  const late = whole[0] + (whole[1] - whole[0]) * 0.05;
  const uncut = range[0] === whole[0] && range[1] === whole[1];
  const values = panel.levels.map((level) => level.at);
  for (const series of shown) {
    series.x.forEach((x, i) => {
      if (x < range[0] || x > range[1] || (panel.cut && uncut && x < late)) return;
      values.push(series.y[i], series.low[i] ?? series.y[i], series.high[i] ?? series.y[i]);
    });
  }
  let [low, high] = extent(values);
  const floor = panel.zero && low >= 0;
  if (floor) low = 0;
  const room = (high - low || Math.abs(high) || 1) * 0.1;
  return [floor ? 0 : low - room, high + room];
}

function onePanel(svg, spec, panel, state, box) {
  const { left, right, top, bottom, place, range, whole } = box;
  const shown = panel.series.filter((series) => !state.hidden.has(series.name));
  const [low, high] = ends(panel, shown, range, whole);
  const up = scale(low, high, bottom, top);
  axisLeft(svg, up, ticks(low, high, Math.max(2, panel.height / 44)), left, right);
  const inside = clipped(svg, left - 6, top, right - left + 12, bottom - top + 6);
  for (const level of panel.levels) {
    const y = up(level.at);
    rule(svg, left, y, right, y, { "stroke-dasharray": "2 3", "stroke-width": 1.5 });
    label(svg, right, y - 4, level.text, { "text-anchor": "end", ...HALO });
  }
  for (const series of shown) drawn(inside, series, place, up);
}

function drawn(inside, series, place, up) {
  const at = series.y.map((y, i) => (y === null ? null : [place(series.x[i]), up(y)]));
  if (series.low.length) {
    const band = (values) => values.map((v, i) => `${place(series.x[i])},${up(v ?? series.y[i])}`);
    const around = [...band(series.high), ...band(series.low).reverse()];
    sign(inside, "polygon", { points: around.join(" "), fill: series.colour, opacity: 0.2 });
  }
  if (series.style !== "points") {
    let pen = "M";
    let d = "";
    for (const p of at) {
      if (p) d += `${pen}${p[0].toFixed(1)},${p[1].toFixed(1)}`;
      pen = p ? "L" : "M";
    }
    const width = series.style === "thin" ? 1.2 : 2;
    const dash = series.style === "dashed" ? { "stroke-dasharray": "6 4" } : {};
    sign(inside, "path", { d, fill: "none", stroke: series.colour, "stroke-width": width, ...dash });
  }
  if (series.style === "points" || series.style === "marked") {
    for (const p of at) if (p) point(inside, p[0], p[1], series.shape, series.colour, 3.6);
  }
}

function marks(svg, spec, place, range, box) {
  let [taken, row] = [-Infinity, 0];
  for (const mark of [...spec.marks].sort((a, b) => a.at - b.at)) {
    if (mark.at < range[0] || mark.at > range[1]) continue;
    const x = place(mark.at);
    rule(svg, x, box.top, x, box.bottom, { "stroke-dasharray": "5 4", "stroke-width": 1.5 });
    if (!box.named) continue;
    const late = x > (box.left + box.right) / 2;
    const wide = mark.text.length * 6 + 10;
    row = (late ? x - wide : x) < taken ? row + 1 : 0;
    taken = late ? x : x + wide;
    const where = { "text-anchor": late ? "end" : "start", ...HALO };
    label(svg, x + (late ? -5 : 5), box.bottom - 7 - (row % 6) * 13, mark.text, where);
  }
}

/** A stop at each x that a visible series has; there the nearest value of each is said. */
function along(spec, state, place, range, height) {
  const near = Math.abs(place(range[1]) - place(range[0])) / 90;
  const visible = spec.panels.flatMap((panel) =>
    panel.series
      .filter((series) => !state.hidden.has(series.name))
      .map((series) => ({ ...series, panel }))
  );
  const places = [...new Set(visible.flatMap((series) => series.x))].sort((a, b) => a - b);
  return places
    .filter((x) => x >= range[0] && x <= range[1])
    .map((x) => {
      const told = visible.flatMap((series) => {
        let best = -1;
        series.x.forEach((other, i) => {
          if (best < 0 || Math.abs(other - x) < Math.abs(series.x[best] - x)) best = i;
        });
        if (best < 0 || Math.abs(place(series.x[best]) - place(x)) > near) return [];
        const what = series.panel.title.split(",")[0];
        const name = series.name === what ? what : `${what}, ${series.name}`;
        return [`${name}: ${withInterval(series, best, series.panel.unit)}`];
      });
      const px = place(x);
      const box = { x: px, y: 26, w: -1, h: height - 26 - 74 };
      return { x: px, y: 60, box, said: [`${spec.x_name || spec.x_title} ${said(x)}`, ...told] };
    });
}
