// Drawing: at most once a frame, fewer points while it moves than at rest.
Object.assign(PointMap.prototype, {
  sized() {
    const { clientWidth: width, clientHeight: height } = this.stage;
    if (!width || !height) return;
    const ratio = window.devicePixelRatio || 1;
    for (const canvas of [this.points, this.over])
      Object.assign(canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    this.camera.resize(width, height);
    this.draw();
  },

  redraw() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.draw();
    });
  },

  // It moves now; when it has come to rest, all is drawn.
  moving() {
    const now = performance.now();
    if (this.moves && now - this.last < 100) {
      const took = now - this.last;
      if (took > 34) this.most = Math.max(this.most * 0.8, 5_000);
      else if (took < 20) this.most = Math.min(this.most * 1.05, MOST_AT_REST);
    }
    this.last = now;
    this.moves = true;
    clearTimeout(this.rest);
    this.rest = setTimeout(() => {
      this.moves = false;
      this.redraw();
    }, 180);
    this.redraw();
  },

  draw() {
    const { camera, data, over } = this;
    if (!data || !this.tiles || !over.width) return;
    const most = this.moves ? this.most : this.paint.flat ? 200_000 : MOST_AT_REST;
    const { ranges, drawn, total } = this.tiles.ranges(camera.corners, most);
    const closer = Math.max(camera.k / camera.home.k, 1) ** 0.25;
    this.paint.draw(camera, Math.min(data.size * closer, Math.max(data.size, 11)), ranges);
    const words = [this.paint.flat ? data.texts.flat : ""];
    if (drawn < total) words.push(this.say(data.texts.part, { n: drawn, total }));
    this.count.textContent = words.filter(Boolean).join(" ");
    const ctx = over.getContext("2d");
    const ratio = over.width / camera.width;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawOverlay(ctx, this);
    this.fillLattice();
    this.drawPanels();
  },

  say(text, values) {
    const write = (value) => value.toLocaleString(this.data.language);
    return text.replace(/\{(\w+)\}/g, (_, name) => write(values[name]));
  },
});
