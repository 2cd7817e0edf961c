// A bar or a row for each category, with intervals.

function bars(spec, width, state) {
  const [left, right, top] = [width < 520 ? 48 : 58, width - 8, 26];
  const bottom = top + spec.height;
  const svg = canvas(width, bottom + 44);
  const shown = spec.series.filter((series) => !state.hidden.has(series.name));
  const values = shown.flatMap((series) => [...series.y, ...series.high, ...series.low]);
  const reference = spec.levels.map((level) => level.at);
  const [low, high] = extent([0, spec.least, ...values, ...reference]);
  const up = scale(low < 0 ? low * 1.08 : 0, high * 1.08 || 1, bottom, top);
  label(svg, left, top - 9, spec.y_title, { "font-weight": 600 });
  axisLeft(svg, up, ticks(low, high * 1.08 || 1, spec.height / 44), left, right);
  const slot = (right - left) / Math.max(spec.categories.length, 1);
  const wide = Math.max(...spec.categories.map((name) => name.length)) * 7 + 6;
  const every = Math.max(1, Math.ceil(wide / slot));
  const thick = (slot * 0.8) / Math.max(shown.length, 1);
  const stops = spec.categories.map((name, i) => {
    const start = left + i * slot;
    if (i % every === 0) {
      label(svg, start + slot / 2, bottom + 16, name, { "text-anchor": "middle" });
    }
    shown.forEach((series, k) => oneBar(svg, series, i, start + slot * 0.1 + k * thick, thick, up));
    const told = shown.map((series) => `${series.name}: ${withInterval(series, i, spec.unit)}`);
    const more = spec.said.length ? [spec.said[i]] : [];
    const noun = spec.x_title.split(",")[0];
    return {
      x: start + slot / 2,
      y: top + 40,
      box: { x: start, y: top, w: slot, h: bottom - top },
      said: [`${noun} ${name}`, ...told, ...more],
    };
  });
  for (const level of spec.levels) {
    rule(svg, left, up(level.at), right, up(level.at), { "stroke-dasharray": "2 3" });
    label(svg, right, up(level.at) - 4, level.text, { "text-anchor": "end", ...HALO });
  }
  rule(svg, left, up(0), right, up(0));
  label(svg, (left + right) / 2, bottom + 36, spec.x_title, { "text-anchor": "middle" });
  return { svg, stops, by: "x" };
}

function oneBar(svg, series, i, x, width, up) {
  const value = series.y[i];
  if (value === null) return;
  const [y, zero] = [up(value), up(0)];
  const colour = series.colours[i] || series.colour;
  const off = series.off[i];
  sign(svg, "rect", {
    x: x.toFixed(2),
    y: Math.min(y, zero).toFixed(2),
    width: Math.max(width - 0.5, 0.5).toFixed(2),
    height: Math.max(Math.abs(zero - y), 0.5).toFixed(2),
    fill: off ? "none" : colour,
    stroke: colour,
    "stroke-dasharray": off ? "2 2" : "none",
  });
  const [low, high] = [series.low[i], series.high[i]];
  if (low === undefined || low === null || high === null) return;
  const middle = x + width / 2;
  rule(svg, middle, up(low), middle, up(high), { stroke: "currentColor", "stroke-width": 1.5 });
}

// -- dots -----------------------------------------------------------------------------------------

function dots(spec, width, state) {
  const longest = Math.max(...spec.categories.map((name) => name.length), 1);
  const left = Math.min(longest * 6.8 + 14, width * 0.4);
  const fits = Math.max(4, Math.floor((left - 14) / 6.4));
  const [right, top] = [width - 22, 10];
  const shown = spec.series.filter((series) => !state.hidden.has(series.name));
  const row = 20 + 9 * Math.max(shown.length - 1, 0);
  const bottom = top + row * spec.categories.length;
  const svg = canvas(width, bottom + 44);
  const values = shown.flatMap((series) => [...series.y, ...series.low, ...series.high]);
  let [low, high] = spec.extent.length ? spec.extent : extent([...values, ...spec.levels.map((l) => l.at)]);
  if (!spec.extent.length) {
    const room = (high - low || Math.abs(high) || 1) * 0.06;
    [low, high] = [low - room, high + room];
  }
  const place = scale(low, high, left + 8, right);
  const below = ticks(low, high, Math.max(2, (right - left) / 90));
  axisBelow(svg, place, below, bottom, top, spec.x_title, left, right);
  for (const level of spec.levels) {
    const x = place(level.at);
    rule(svg, x, top, x, bottom, { "stroke-dasharray": "5 4", "stroke-width": 1.5 });
    const late = x > (left + right) / 2;
    const where = { "text-anchor": late ? "end" : "start", ...HALO };
    label(svg, x + (late ? -4 : 4), top + 2, level.text, where);
  }
  const stops = spec.categories.map((name, i) => {
    const y = top + row * (i + 0.5);
    const short = name.length > fits ? `${name.slice(0, fits - 1)}…` : name;
    label(svg, left - 2, y + 4, short, { "text-anchor": "end" });
    rule(svg, left + 8, y, right, y, { stroke: GRID });
    shown.forEach((series, k) => oneDot(svg, series, i, place, y + 9 * (k - (shown.length - 1) / 2)));
    const told = shown.map((series) => `${series.name}: ${withInterval(series, i, spec.unit)}`);
    const box = { x: left + 8, y: y - row / 2 + 1, w: right - left - 8, h: row - 2 };
    return { x: (left + right) / 2, y, box, said: [name, ...told] };
  });
  return { svg, stops, by: "y" };
}

function oneDot(svg, series, i, place, y) {
  const value = series.y[i];
  if (value === null || value === undefined) return;
  const colour = series.colours[i] || series.colour;
  const [low, high] = [series.low[i], series.high[i]];
  if (low !== undefined && low !== null && high !== null) {
    rule(svg, place(low), y, place(high), y, { stroke: colour, "stroke-width": 2.5 });
  }
  point(svg, place(value), y, series.shape, colour, 4.5);
}
