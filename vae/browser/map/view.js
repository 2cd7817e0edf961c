// The map: a cloud that is sent once, looked at through a camera, with everything else over it.
const HIT = 7; // pixels around a point that still mean it
const MOST_RINGS = 300;
const MOST_AT_REST = 3e6;

const pixels = (colour) => [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));

class PointMap {
  // tell(kind, value): "picked" with { row, x, y }, { bits, n } or null; "place" with what is said;
  // "below" with the row below the pointer; "marked" where what is bright has changed.
  constructor(root, tell) {
    root.pointMap = this;
    Object.assign(this, { root, tell, data: null, xy: new Float32Array(0), codes: null, words: null });
    Object.assign(this, { tool: "pan", only: -1, selected: null, hits: null, rings: [], lasso: [] });
    Object.assign(this, { chosen: -1, focus: -1, place: null, lattice: null, pointer: null, decoder: null, places: null });
    Object.assign(this, { ground: null, named: [], latents: null, trusted: "", marked: 0, twin: -1 });
    this.cameras = new Map();
    this.camera = new Camera();
    this.legend = element("div", "legend", root);
    this.stage = element("div", "stage", root);
    this.stage.tabIndex = 0;
    this.stage.setAttribute("role", "img");
    this.points = element("canvas", "points", this.stage);
    this.over = element("canvas", "over", this.stage);
    this.count = element("p", "count", this.stage);
    this.wait = element("p", "wait", this.stage);
    this.showTools = toolsView(this, root);
    this.card = cardView(root);
    this.panels = panelsView(root);
    this.spoken = element("p", "spoken", root);
    this.spoken.setAttribute("role", "status");
    this.paint = painter(this.points) ?? new FlatPainter(this.points);
    this.paint.onrestored = () => this.upload();
    this.most = this.paint.slow ? 15_000 : 150_000; // drawn while it moves; frames tell how many
    listen(this);
    this.watcher = new ResizeObserver(() => this.sized());
    this.watcher.observe(this.stage);
  }

  // What is small: legend, texts, overlays. The cloud, its codes and words have ways of their own.
  update(data) {
    this.data = data;
    this.stage.setAttribute("aria-label", data.alt);
    this.stage.style.height = `min(${data.height}px, max(320px, min(62vh, 95cqw)))`;
    this.wait.textContent = this.grid ? "" : data.texts.wait;
    this.readTheme();
    this.setPalette();
    this.showTools(this);
    fillLegend(this.legend, this, data.legend);
    this.fillPanels();
    this.chosen = data.chosen ?? -1;
    this.redraw();
  }

  // A cloud by its key; the camera of each is kept. codes: what `looks` each point has.
  setPoints(key, xy, codes) {
    if (key !== this.key) {
      this.cameras.set(this.key, this.camera);
      Object.assign(this, { key, xy, grid: new Grid(xy), tiles: new Tiles(xy), focus: -1, place: null });
      this.camera = this.cameras.get(key) ?? new Camera();
      if (this.selected?.length !== this.grid.n) this.selected = this.hits = null;
      this.camera.fit(this.grid.box, this.stage.clientWidth, this.stage.clientHeight);
      this.only = -1;
    } else if (codes !== this.codes) this.only = -1;
    this.codes = codes;
    this.wait.textContent = "";
    this.upload();
    if (this.data) fillLegend(this.legend, this, this.data.legend);
  }

  setWords(words) {
    this.words = words;
    // Words that come later are said where they were asked for.
    words.told = () => {
      if (this.focus >= 0) this.walk(this.focus);
      else if (this.pointer) this.reword();
    };
  }

  // Rows that a search found: Uint8Array of N, 1 for a hit; null without a search.
  setHits(hits) {
    this.hits = hits;
    this.rings = [];
    for (let i = 0; hits && i < hits.length && this.rings.length <= MOST_RINGS; i++)
      if (hits[i]) this.rings.push(i);
    if (this.rings.length > MOST_RINGS) this.rings = [];
    this.mark();
  }

  // places.latent(x, y) -> Float32Array; decoder.latest(z) -> Promise of { text }, or null.
  setPlaces(places, decoder) {
    Object.assign(this, { places, decoder, latticeOf: "" });
    if (this.data) this.showTools(this);
    this.redraw();
  }

  // Float32Array of N * Z, by which the card says how far a place can be trusted; null without.
  setLatents(latents) {
    this.latents = latents;
  }

  // { regions, contours } as ground.js draws them, each or null; null for neither.
  setGround(ground) {
    this.ground = ground;
    this.redraw();
  }

  upload() {
    const { order } = this.tiles ?? {};
    if (!order) return;
    const sorted = new Float32Array(this.xy.length);
    order.forEach((row, i) => {
      sorted[2 * i] = this.xy[2 * row];
      sorted[2 * i + 1] = this.xy[2 * row + 1];
    });
    this.paint.setPoints(sorted);
    this.paint.setCodes(Uint8Array.from(order, (row) => this.codes[row]));
    this.setPalette();
    this.mark();
  }

  setPalette() {
    const { looks, colours } = this.data ?? {};
    if (!looks) return;
    const plain = ({ colour, ...look }) => ({ ...look, colour: pixels(colour) });
    this.paint.setPalette(looks.map(plain), { colour: pixels(colours.grey), opacity: 0.16 });
  }

  // In grey is what is not selected, else what a search did not find; and what is not looked at.
  bright(row) {
    const chosen = this.selected ?? this.hits;
    return (!chosen || chosen[row]) && (this.only < 0 || this.codes[row] === this.only);
  }

  mark() {
    if (!this.tiles) return;
    this.marked += 1;
    this.tell("marked");
    const some = this.selected || this.hits || this.only >= 0;
    const marks = some ? new Uint8Array(this.grid.n) : null;
    marks?.forEach((_, i) => (marks[i] = !this.bright(this.tiles.order[i])));
    this.paint.setMarks(marks);
    this.redraw();
  }

  alone(code) {
    this.only = code;
    fillLegend(this.legend, this, this.data.legend);
    this.mark();
  }

  setTool(tool) {
    this.tool = tool;
    this.stage.dataset.tool = tool;
    this.showTools(this);
  }

  reset() {
    this.camera.reset();
    this.moving();
  }

  nearer(factor) {
    this.camera.zoom(factor);
    this.moving();
  }

  readTheme() {
    const style = getComputedStyle(this.root);
    const read = (name, other) => style.getPropertyValue(name).trim() || other;
    this.colours = {
      ink: read("--st-text-color", "#14120F"),
      paper: read("--st-background-color", "#FBF8F1"),
      font: read("--st-font", "sans-serif"),
    };
  }

  destroy() {
    this.watcher.disconnect();
    this.cooperation.stop();
    window.removeEventListener("scroll", this.away, { capture: true });
    cancelAnimationFrame(this.frame);
    clearTimeout(this.rest);
    clearTimeout(this.weigh);
    hideCard(this.card);
    this.paint.gl?.getExtension("WEBGL_lose_context")?.loseContext();
    this.root.replaceChildren();
  }
}
