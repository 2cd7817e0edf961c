// A cell for each pair of a row and a column.

/** A colour between two ends, straight through the list. */
function between(colours, share) {
  const at = Math.max(0, Math.min(share, 1)) * (colours.length - 1);
  const i = Math.min(Math.floor(at), colours.length - 2);
  const parts = [colours[i], colours[i + 1]].map((colour) =>
    [1, 3, 5].map((k) => parseInt(colour.slice(k, k + 2), 16))
  );
  const mixed = parts[0].map((v, k) => Math.round(v + (parts[1][k] - v) * (at - i)));
  return `rgb(${mixed.join(",")})`;
}

function heat(spec, width) {
  const longest = Math.max(...spec.rows.map((name) => name.length), 1);
  const left = Math.min(longest * 6.8 + 14, width * 0.35);
  const fits = Math.max(3, Math.floor((left - 10) / 6.4));
  const [right, top] = [width - 8, 26];
  const tall = Math.max(8, Math.min(24, 420 / Math.max(spec.rows.length, 1)));
  const wide = (right - left) / Math.max(spec.columns.length, 1);
  const bottom = top + tall * spec.rows.length;
  const turned = Math.max(...spec.columns.map((name) => name.length)) * 7 + 6 > wide && wide > 16 &&
    spec.columns.some((name) => !/^[\d,.]+$/.test(name));
  const under = turned ? 70 : 16;
  const svg = canvas(width, bottom + under + 62);
  label(svg, 0, top - 9, spec.y_title, { "font-weight": 600 });
  const stops = [];
  const span = spec.high - spec.low || 1;
  const everyRow = Math.ceil(14 / tall);
  spec.rows.forEach((name, r) => {
    const y = top + r * tall;
    const short = name.length > fits ? `${name.slice(0, fits - 1)}…` : name;
    if (r % everyRow === 0) label(svg, left - 5, y + tall / 2 + 4, short, { "text-anchor": "end" });
    spec.columns.forEach((column, c) => {
      const value = spec.values[r][c];
      const fill = between(spec.colours, ((value ?? spec.low) - spec.low) / span);
      const x = left + c * wide;
      const size = { x, y, width: Math.max(wide - 0.6, 0.5), height: tall - 0.6 };
      sign(svg, "rect", { ...size, fill, opacity: value === null ? 0.4 : 1 });
      const where = `${spec.row_name} ${name}, ${spec.column_name} ${column}`.trim();
      const box = { x, y, w: wide, h: tall };
      stops.push({ x: x + wide / 2, y: y + tall / 2, box, said: [where, value === null ? spec.nothing : said(value, spec.unit)] });
    });
  });
  columnNames(svg, spec, left, wide, bottom, turned);
  label(svg, (left + right) / 2, bottom + under + 18, spec.x_title, { "text-anchor": "middle" });
  colourBar(svg, spec, left, right, bottom + under + 32);
  return { svg, stops, by: "xy", row: spec.columns.length };
}

function columnNames(svg, spec, left, wide, bottom, turned) {
  const longest = Math.max(...spec.columns.map((name) => name.length));
  const every = turned ? 1 : Math.max(1, Math.ceil((longest * 7 + 6) / wide));
  spec.columns.forEach((name, c) => {
    if (c % every) return;
    const [x, y] = [left + (c + 0.5) * wide, bottom + 14];
    const short = name.length > 12 ? `${name.slice(0, 11)}…` : name;
    if (turned) {
      const turn = { "text-anchor": "end", transform: `rotate(-45 ${x + 4} ${y})` };
      label(svg, x + 4, y, short, turn);
    } else label(svg, x, y + 2, name, { "text-anchor": "middle" });
  });
}

function colourBar(svg, spec, left, right, y) {
  const width = Math.min(220, (right - left) * 0.6);
  for (let i = 0; i < 40; i++) {
    const fill = between(spec.colours, i / 39);
    sign(svg, "rect", { x: left + (i * width) / 40, y, width: width / 40 + 0.5, height: 9, fill });
  }
  label(svg, left, y + 23, said(spec.low));
  const high = `${said(spec.high)} ${spec.unit}`;
  label(svg, left + width, y + 23, high, { "text-anchor": "end" });
}
