// Pointing, choosing, walking: what a person asks of the map, and what it answers.
Object.assign(PointMap.prototype, {
  // The row below a pixel: own sentences count down from -1; null where there is none.
  below([px, py]) {
    for (let i = this.data.own.length - 1; i >= 0; i--) {
      const [x, y] = this.camera.screen(this.data.own[i].x, this.data.own[i].y);
      if (Math.hypot(px - x, py - y) <= 11) return -1 - i;
    }
    const [x, y] = this.camera.world(px, py);
    const row = this.grid.nearest(x, y, HIT / this.camera.k, (i) => this.bright(i));
    return row < 0 ? null : row;
  },

  found(row) {
    if (row === null) return null;
    if (row < 0) return { title: this.data.texts.own, sentence: this.data.own[-1 - row].text, more: [] };
    return this.words && wordsOf(this.words, row, this.data);
  },

  point(here, began = performance.now()) {
    if (!this.grid || !this.data) return;
    this.pointer = here;
    const row = this.below(here);
    this.tell("below", row);
    this.answer(this.camera.world(...here), row, here, began);
  },

  // The card at a pixel: the sentence of a row, and what the decoder says at a place.
  async answer([x, y], row, [px, py], began) {
    const asked = this.pointer;
    const box = this.stage.getBoundingClientRect();
    this.trusted = "";
    let now = null;
    const show = (said) => {
      now = said;
      const found = this.found(row);
      if (said === null && !found) return hideCard(this.card);
      fillCard(this.card, this.data.texts, said, found, this.trusted);
      return showCard(this.card, box.left + px, box.top + py);
    };
    // Words that come later are put in; what the model says is not asked again.
    this.reword = () => this.pointer === asked && show(now);
    if (!this.decoder || !this.places) return show(null);
    const latent = this.places.latent(x, y);
    if (this.said !== undefined && !this.decoder.slow) show(this.said);
    const waits = this.decoder.slow && this.showWait(asked, show, began);
    const answer = await this.decoder.latest(latent).catch((error) => {
      if (this.pointer === asked) show(error.message);
    });
    clearInterval(waits);
    // A newer place has been asked for, or the pointer has left.
    if (!answer || this.pointer !== asked) return null;
    this.said = answer.text;
    show(answer.text);
    const took = performance.now() - began;
    // What takes a look at every sentence waits until the pointer rests.
    clearTimeout(this.weigh);
    this.weigh = setTimeout(() => this.pointer === asked && this.trust(latent, [x, y], show), 120);
    return this.tell("place", { x, y, row, latent, text: answer.text, took });
  },

  // Of a decoder that takes its time: what is waited for, and for how long.
  showWait(asked, show, began) {
    const write = (seconds) => seconds.toLocaleString(this.data.language, { maximumFractionDigits: 1 });
    return setInterval(() => {
      if (this.pointer !== asked) return;
      const seconds = (performance.now() - began) / 1000;
      show(this.data.texts.asking.replace("{seconds}", write(seconds)));
    }, 300);
  },

  // Adds to the card how far the picture can be trusted at a place.
  trust(latent, place, show) {
    const { grid, latents, places, data } = this;
    if (!latents || latents.length > MOST_COMPARED || latents.length !== grid.n * latent.length) return;
    const { kept, of, off } = qualityAt(grid, latents, latent, place, places.exact);
    const share = off?.toLocaleString(data.language, { style: "percent", maximumFractionDigits: 1 });
    const text = off === null ? data.texts.kept : data.texts.keptOff;
    this.trusted = this.say(text ?? "", { kept, of, off: share });
    show(this.said);
  },

  leave() {
    if (this.pointer) this.tell("below", null);
    this.pointer = null;
    this.said = undefined;
    hideCard(this.card);
  },

  click(here, touch) {
    if (!this.grid) return;
    if (touch) this.point(here);
    const [x, y] = this.camera.world(...here);
    const row = this.below(here);
    this.selected = null;
    this.place = [x, y];
    this.mark();
    this.tell("picked", { row, x, y });
  },

  // Points inside a lasso or a box [[x, y], ...] of the plane.
  choose(polygon) {
    if (polygon.length < 3) return;
    const rows = this.grid.inside(polygon).filter((row) => this.bright(row) || this.selected);
    const seen = this.only < 0 ? rows : rows.filter((row) => this.codes[row] === this.only);
    this.place = null;
    if (!seen.length) return this.clear();
    const marks = new Uint8Array(this.grid.n);
    for (const row of seen) marks[row] = 1;
    this.select(marks);
  },

  // Rows: Uint8Array of N, 1 for each that is meant.
  select(marks) {
    if (!marks.includes(1)) return this.clear();
    Object.assign(this, { selected: marks, place: null });
    this.mark();
    this.tell("picked", { bits: bitset(marks), n: marks.reduce((sum, mark) => sum + mark, 0) });
  },

  clear() {
    Object.assign(this, { selected: null, place: null });
    this.walk(-1);
    this.mark();
    this.tell("picked", null);
  },

  // By keys: to the nearest point in a direction, from the one before or from the middle.
  step(way) {
    const from = this.focus >= 0 ? this.focus : this.chosen;
    const seen = from >= 0 && from < this.grid.n;
    const [x, y] = seen ? [this.xy[2 * from], this.xy[2 * from + 1]] : [this.camera.x, this.camera.y];
    const row = this.grid.toward(x, y, way, (i) => this.bright(i));
    if (row >= 0) this.walk(row);
  },

  walk(row) {
    this.focus = row;
    if (row < 0) {
      this.leave();
      return this.redraw();
    }
    const [x, y] = [this.xy[2 * row], this.xy[2 * row + 1]];
    this.camera.reveal(x, y);
    this.spoken.textContent = this.found(row)?.sentence ?? "";
    this.pointer = this.camera.screen(x, y);
    this.answer([x, y], row, this.pointer, performance.now());
    return this.redraw();
  },

  take(row) {
    if (row < 0) return;
    this.selected = null;
    this.place = null;
    this.mark();
    this.tell("picked", { row, x: this.xy[2 * row], y: this.xy[2 * row + 1] });
  },
});

// One bit a row, the first in the lowest, in base 64.
function bitset(marks) {
  const bytes = new Uint8Array(Math.ceil(marks.length / 8));
  marks.forEach((mark, i) => mark && (bytes[i >> 3] |= 1 << (i & 7)));
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}

function fromBitset(text, n) {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  return Uint8Array.from({ length: n }, (_, i) => (bytes[i >> 3] >> (i & 7)) & 1);
}
