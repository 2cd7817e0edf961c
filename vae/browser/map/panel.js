// Around the canvas: the legend, whose groups can be looked at alone, and the tools.
const ICONS = {
  pan: "M12 2l3 4h-2v5h5V9l4 3-4 3v-2h-5v5h2l-3 4-3-4h2v-5H6v2l-4-3 4-3v2h5V6H9z",
  box: "M4 4h4v2H6v2H4zm6 0h4v2h-4zm6 0h4v4h-2V6h-2zM4 10h2v4H4zm14 0h2v4h-2zM4 16h2v2h2v2H4zm14 0h2v4h-4v-2h2zm-8 2h4v2h-4z",
  lasso: "M12 3c5 0 9 2.7 9 6.5S17 16 12 16c-1 0-2-.1-2.9-.3-.2 1.5-1 2.4-2.2 3.1l-.6 2.2-1.9-.5.7-2.7c.9-.4 1.9-1.1 2.1-2.7C4.7 14 3 12 3 9.5 3 5.7 7 3 12 3zm0 2C8 5 5 7 5 9.5S8 14 12 14s7-2 7-4.5S16 5 12 5z",
  lattice: "M3 5h8v2H3zm0 4h6v2H3zm10-4h8v2h-8zm0 4h6v2h-6zM3 14h8v2H3zm0 4h6v2H3zm10-4h8v2h-8zm0 4h6v2h-6z",
  closer: "M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z",
  further: "M5 11h14v2H5z",
  reset: "M4 4h6v2H6v4H4zm10 0h6v6h-2V6h-4zM4 14h2v4h4v2H4zm14 0h2v6h-6v-2h4z",
};

function toolsView(view, parent) {
  const root = element("div", "tools", parent);
  root.setAttribute("role", "toolbar");
  const acts = {
    lattice: () => view.toggleLattice(),
    closer: () => view.nearer(1.5),
    further: () => view.nearer(1 / 1.5),
    reset: () => view.reset(),
  };
  const buttons = Object.entries(ICONS).map(([name, path]) => {
    const button = element("button", `tool ${name}`, root);
    button.type = "button";
    button.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>`;
    button.onclick = acts[name] ?? (() => view.setTool(name));
    return [name, button];
  });
  return ({ data: { texts }, tool, lattice, decoder }) => {
    root.setAttribute("aria-label", texts.tools);
    for (const [name, button] of buttons) {
      button.title = texts[name];
      button.setAttribute("aria-label", texts[name]);
      const pressed = name === "lattice" ? Boolean(lattice) : name in acts ? null : name === tool;
      if (pressed !== null) button.setAttribute("aria-pressed", String(pressed));
      if (name === "lattice") button.hidden = !decoder;
    }
  };
}

function swatch({ colour, opacity, shape }) {
  const canvas = document.createElement("canvas");
  canvas.className = "swatch";
  canvas.width = canvas.height = 28;
  const ctx = canvas.getContext("2d");
  const path = new Path2D();
  shapePath(path, shape, 14, 14, 10);
  ctx.globalAlpha = Math.max(opacity, 0.6);
  ctx.fillStyle = ctx.strokeStyle = colour;
  ctx.lineWidth = 3;
  if (shape === "circle-open") ctx.stroke(path);
  else ctx.fill(path);
  return canvas;
}

// legend: { title, groups: [{ code, name }], scale: { colours, ticks: [[share, text]] } or null }.
function fillLegend(root, view, { title, groups, scale }) {
  root.replaceChildren();
  element("span", "title", root, title);
  if (scale) {
    const bar = element("span", "scale", root);
    element("span", "ramp", bar).style.background = `linear-gradient(90deg, ${scale.colours.join()})`;
    for (const [share, words] of scale.ticks) {
      const tick = element("span", "tick", bar, words);
      tick.style.left = `${100 * share}%`;
      tick.style.translate = `${-100 * share}% 0`;
    }
  }
  for (const { code, name } of groups) {
    const entry = element("button", "entry", root);
    entry.type = "button";
    entry.append(swatch(view.data.looks[code]), element("span", "name", null, name));
    entry.title = view.data.texts.alone;
    entry.setAttribute("aria-pressed", String(view.only === code));
    entry.onclick = () => view.alone(view.only === code ? -1 : code);
  }
}
