// Sentences all over the map: what the model says at evenly spaced places of what is in sight.
const CELL = [158, 88]; // pixels that a sentence needs
const MOST_CELLS = 7;
const AT_ONCE = 4; // so that the place below the pointer need not wait for all

Object.assign(PointMap.prototype, {
  toggleLattice() {
    this.lattice = this.lattice ? null : [];
    this.latticeOf = "";
    this.showTools(this);
    this.redraw();
  },

  // Once what is in sight has come to rest; a newer view takes its place.
  async fillLattice() {
    const { camera, decoder, places } = this;
    const of = [this.key, camera.x, camera.y, camera.k, camera.width, camera.height].join();
    if (!this.lattice || this.moves || !decoder || !places || this.latticeOf === of) return;
    this.latticeOf = of;
    const count = (size, cell) => Math.min(Math.max(Math.floor(size / cell), 2), MOST_CELLS);
    const [columns, lines] = [camera.width, camera.height].map((size, i) => count(size, CELL[i] * textScale()));
    const cells = Array.from({ length: columns * lines }, (_, i) => {
      const across = ((i % columns) + 0.5) / columns;
      const down = (Math.floor(i / columns) + 0.5) / lines;
      const [x, y] = camera.world(across * camera.width, down * camera.height);
      return { x, y, text: null };
    });
    for (let i = 0; i < cells.length; i += AT_ONCE) {
      const part = cells.slice(i, i + AT_ONCE);
      const latents = part.map(({ x, y }) => places.latent(x, y));
      const all = new Float32Array(latents.length * latents[0].length);
      latents.forEach((z, j) => all.set(z, j * z.length));
      const found = await decoder.greedy(all).catch(() => null);
      if (!found || this.latticeOf !== of || !this.lattice) return;
      part.forEach((cell, j) => (cell.text = found[j].text));
      this.lattice = cells;
      this.redraw();
    }
  },
});

function drawLattice(ctx, view) {
  ctx.font = '0.78rem "Source Serif", Georgia, "Noto Serif CJK SC", serif';
  const k = textScale();
  for (const { x, y, text } of view.lattice) {
    if (text === null) continue;
    const [px, py] = view.camera.screen(x, y);
    const lines = wrapped(ctx, text, CELL[0] * k - 14);
    const wide = Math.max(...lines.map((line) => ctx.measureText(line).width), 4);
    const top = py - lines.length * 7.5 * k;
    ctx.globalAlpha = 0.82;
    ctx.fillStyle = view.colours.paper;
    ctx.fillRect(px - wide / 2 - 4, top - 3, wide + 8, lines.length * 15 * k + 6);
    ctx.globalAlpha = 1;
    ctx.fillStyle = view.colours.ink;
    ctx.textAlign = "center";
    ctx.textBaseline = "top";
    lines.forEach((line, i) => ctx.fillText(line, px, top + i * 15 * k));
  }
}

// How much larger than usual the page's text is, as for a projector.
function textScale() {
  return parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1;
}

// At most four lines; words part at blanks, signs of Chinese anywhere.
function wrapped(ctx, text, width) {
  const lines = [""];
  for (const part of text.match(/[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+/gu) ?? [text]) {
    if (lines.at(-1) && ctx.measureText((lines.at(-1) + part).trimEnd()).width > width) lines.push("");
    lines[lines.length - 1] += part;
  }
  if (lines.length > 4) lines.splice(3, Infinity, lines[3].trimEnd() + "…");
  return lines.map((line) => line.trim());
}
