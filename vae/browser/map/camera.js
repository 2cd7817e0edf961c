// How a plane is looked at: the place in the middle of the canvas, and pixels a unit. Up is up.
const CLOSEST = 4000;

class Camera {
  // margin: pixels around the box, fewer on a narrow canvas.
  constructor(margin = 28) {
    Object.assign(this, { margin, x: 0, y: 0, k: 1, width: 1, height: 1, moved: false });
    this.home = { x: 0, y: 0, k: 1 };
    this.box = [-1, -1, 1, 1];
  }

  // A box of the plane [x0, y0, x1, y1] fills the canvas; until somebody moves, it goes on to.
  fit(box, width = this.width, height = this.height) {
    const margin = Math.min(this.margin, width / 12);
    Object.assign(this, { box, width, height });
    const [w, h] = [Math.max(box[2] - box[0], 1e-6), Math.max(box[3] - box[1], 1e-6)];
    const k = Math.min((width - 2 * margin) / w, (height - 2 * margin) / h);
    this.home = { x: (box[0] + box[2]) / 2, y: (box[1] + box[3]) / 2, k: Math.max(k, 1e-9) };
    if (!this.moved) Object.assign(this, this.home);
  }

  reset() {
    this.moved = false;
    Object.assign(this, this.home);
  }

  resize(width, height) {
    const before = this.home.k;
    this.fit(this.box, width, height);
    if (this.moved) this.k *= this.home.k / before;
  }

  screen(x, y) {
    return [this.width / 2 + (x - this.x) * this.k, this.height / 2 - (y - this.y) * this.k];
  }

  world(px, py) {
    return [this.x + (px - this.width / 2) / this.k, this.y - (py - this.height / 2) / this.k];
  }

  pan(dx, dy) {
    this.x -= dx / this.k;
    this.y += dy / this.k;
    this.moved = true;
  }

  // The place under a pixel stays under it. Gives back whether anything has changed.
  zoom(factor, px = this.width / 2, py = this.height / 2) {
    const k = Math.min(Math.max(this.k * factor, this.home.k / 3), this.home.k * CLOSEST);
    if (k === this.k) return false;
    const [x, y] = this.world(px, py);
    this.x = x - ((x - this.x) * this.k) / k;
    this.y = y - ((y - this.y) * this.k) / k;
    this.k = k;
    this.moved = true;
    return true;
  }

  // Brought into sight, if it is not; no further than it must be.
  reveal(x, y) {
    const [px, py] = this.screen(x, y);
    const edge = 24;
    const over = (p, size) => (p < edge ? p - edge : p > size - edge ? p - size + edge : 0);
    const [dx, dy] = [over(px, this.width), over(py, this.height)];
    if (dx || dy) this.pan(-dx, -dy);
  }

  get corners() {
    const [x0, y1] = this.world(0, 0);
    const [x1, y0] = this.world(this.width, this.height);
    return [x0, y0, x1, y1];
  }
}
