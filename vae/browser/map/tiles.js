// The order in which points are drawn: by tiles of the plane, in each in a random order. A part of
// them is then the beginning of each tile that is in sight, and a fair sample.
const TILES = 16;

class Tiles {
  constructor(xy) {
    const n = xy.length / 2;
    this.box = extent(xy);
    const shuffled = new Uint32Array(n);
    let state = 1; // the same picture every time: Marsaglia's xorshift (2003), from a fixed seed
    for (let i = 0; i < n; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      const j = (state >>> 0) % (i + 1);
      shuffled[i] = shuffled[j];
      shuffled[j] = i;
    }
    this.starts = new Uint32Array(TILES * TILES + 1);
    const of = new Uint16Array(n);
    for (let i = 0; i < n; i++) {
      of[i] = this.at(xy[2 * i + 1], 1) * TILES + this.at(xy[2 * i], 0);
      this.starts[of[i] + 1]++;
    }
    for (let t = 0; t < TILES * TILES; t++) this.starts[t + 1] += this.starts[t];
    this.order = new Uint32Array(n);
    const next = this.starts.slice();
    for (const i of shuffled) this.order[next[of[i]]++] = i;
  }

  at(value, axis) {
    const size = this.box[axis + 2] - this.box[axis] || 1;
    return Math.min(Math.max(Math.floor(((value - this.box[axis]) / size) * TILES), 0), TILES - 1);
  }

  // Which places of the order to draw: { ranges: [[start, count], ...], drawn, total }, of about
  // `most` points of the tiles that the corners of a camera touch.
  ranges([x0, y0, x1, y1], most) {
    const seen = [];
    let total = 0;
    for (let row = this.at(y0, 1); row <= this.at(y1, 1); row++) {
      const [a, b] = [row * TILES + this.at(x0, 0), row * TILES + this.at(x1, 0) + 1];
      total += this.starts[b] - this.starts[a];
      seen.push([a, b]);
    }
    if (total <= most) {
      const ranges = seen.map(([a, b]) => [this.starts[a], this.starts[b] - this.starts[a]]);
      return { ranges, drawn: total, total };
    }
    const ranges = [];
    let drawn = 0;
    for (const [a, b] of seen)
      for (let t = a; t < b; t++) {
        const count = Math.ceil(((this.starts[t + 1] - this.starts[t]) * most) / total);
        ranges.push([this.starts[t], count]);
        drawn += count;
      }
    return { ranges, drawn, total };
  }
}
