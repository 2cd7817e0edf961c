// One small map a group under the large one: the same axes, its own points bright, the rest in grey.
const PANEL = [152, 112]; // pixels
const MOST_IN_PANELS = 20_000; // points in sight that are drawn in all of them together

// panels: [{ name, from, to, n }], of codes from..to.
function panelsView(parent) {
  const root = element("div", "panels", parent);
  root.setAttribute("role", "group");
  return { root, of: "", drawn: "", each: [] };
}

Object.assign(PointMap.prototype, {
  fillPanels() {
    const { panels, texts, language } = this.data;
    const view = this.panels;
    view.root.hidden = !panels;
    const of = JSON.stringify(panels ?? null);
    if (view.of === of) return;
    Object.assign(view, { of, drawn: "" });
    view.root.replaceChildren();
    view.root.setAttribute("aria-label", texts.panels ?? "");
    view.each = (panels ?? []).map((panel) => {
      const button = element("button", "panel", view.root);
      button.type = "button";
      const canvas = element("canvas", "", button);
      canvas.setAttribute("aria-hidden", "true");
      element("span", "name", button, panel.name);
      element("span", "many", button, panel.n.toLocaleString(language));
      const one = panel.from === panel.to;
      button.disabled = !one;
      if (one) {
        button.title = texts.alone;
        button.onclick = () => this.alone(this.only === panel.from ? -1 : panel.from);
      }
      return { ...panel, button, canvas };
    });
    view.note = element("p", "note", view.root);
  },

  // Once the large map has come to rest.
  drawPanels() {
    const { camera, data, tiles, xy, codes, panels: view } = this;
    if (!data.panels || this.moves || !codes) return;
    const look = [this.key, camera.x, camera.y, camera.k, camera.width, this.marked, this.only, this.colours.ink];
    if (view.drawn === look.join()) return;
    view.drawn = look.join();
    const ratio = window.devicePixelRatio || 1;
    const [w, h] = PANEL.map((v) => v * ratio);
    const k = camera.k * Math.min(w / camera.width, h / camera.height);
    const { ranges, drawn, total } = tiles.ranges(camera.corners, MOST_IN_PANELS);
    const inks = view.each.map((panel) => {
      Object.assign(panel.canvas, { width: w, height: h });
      panel.button.setAttribute("aria-pressed", String(this.only === panel.from && panel.from === panel.to));
      return { ...panel, ctx: panel.canvas.getContext("2d"), points: [] };
    });
    const grey = document.createElement("canvas");
    Object.assign(grey, { width: w, height: h });
    const ground = grey.getContext("2d");
    ground.fillStyle = data.colours.grey + "40";
    const size = Math.max(1.1 * ratio, 1);
    const bright = this.selected ?? this.hits;
    for (const [start, count] of ranges)
      for (let i = start; i < start + count; i++) {
        const row = tiles.order[i];
        const [x, y] = [w / 2 + (xy[2 * row] - camera.x) * k, h / 2 - (xy[2 * row + 1] - camera.y) * k];
        ground.fillRect(x, y, size, size);
        if (bright && !bright[row]) continue;
        const code = codes[row];
        for (const { from, to, points } of inks) if (from <= code && code <= to) points.push(x, y, code);
      }
    for (const { ctx, points } of inks) {
      ctx.drawImage(grey, 0, 0);
      for (let i = 0; i < points.length; i += 3) {
        ctx.fillStyle = data.looks[points[i + 2]].colour;
        ctx.fillRect(points[i] - size / 2, points[i + 1] - size / 2, 1.6 * size, 1.6 * size);
      }
    }
    view.note.textContent = drawn < total ? this.say(data.texts.part, { n: drawn, total }) : "";
  },
});
