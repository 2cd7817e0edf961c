// Points of a plane sorted into square cells: which are near, which are inside, which is next.
class Grid {
  // xy: Float32Array, x and y of each point in turn.
  constructor(xy) {
    const n = (this.n = xy.length / 2);
    this.xy = xy;
    const box = (this.box = extent(xy));
    const [w, h] = [box[2] - box[0], box[3] - box[1]];
    this.cell = Math.max(Math.sqrt((Math.max(w * h, 1e-12) * 2) / Math.max(n, 1)), w / 1024, h / 1024, 1e-9);
    this.columns = Math.floor(w / this.cell) + 1;
    this.lines = Math.floor(h / this.cell) + 1;
    const of = new Uint32Array(n);
    this.starts = new Uint32Array(this.columns * this.lines + 1);
    for (let i = 0; i < n; i++) {
      of[i] = this.line(xy[2 * i + 1]) * this.columns + this.column(xy[2 * i]);
      this.starts[of[i] + 1]++;
    }
    for (let c = 1; c < this.starts.length; c++) this.starts[c] += this.starts[c - 1];
    this.rows = new Uint32Array(n);
    const next = this.starts.slice();
    for (let i = 0; i < n; i++) this.rows[next[of[i]]++] = i;
  }

  column(x) {
    return Math.min(Math.max(Math.floor((x - this.box[0]) / this.cell), 0), this.columns - 1);
  }

  line(y) {
    return Math.min(Math.max(Math.floor((y - this.box[1]) / this.cell), 0), this.lines - 1);
  }

  // Calls visit(row) for every point of the cells that a box touches.
  within([x0, y0, x1, y1], visit) {
    const [left, right] = [this.column(x0), this.column(x1)];
    for (let line = this.line(y0); line <= this.line(y1); line++) {
      const from = this.starts[line * this.columns + left];
      const to = this.starts[line * this.columns + right + 1];
      for (let i = from; i < to; i++) visit(this.rows[i]);
    }
  }

  // The nearest row that may be taken, or -1.
  nearest(x, y, radius, may = () => true) {
    let [best, least] = [-1, radius * radius];
    this.within([x - radius, y - radius, x + radius, y + radius], (row) => {
      const far = (this.xy[2 * row] - x) ** 2 + (this.xy[2 * row + 1] - y) ** 2;
      if (far <= least && may(row)) [best, least] = [row, far];
    });
    return best;
  }

  // The k nearest different places, nearest first: cells around the place, ring by ring, until no
  // other can be nearer. Gives back { rows, distances }; of copies the first row.
  few(x, y, k) {
    const [column, line] = [this.column(x), this.line(y)];
    const found = [];
    const add = (c, l) => {
      for (let i = this.starts[l * this.columns + c]; i < this.starts[l * this.columns + c + 1]; i++) {
        const row = this.rows[i];
        const far = (this.xy[2 * row] - x) ** 2 + (this.xy[2 * row + 1] - y) ** 2;
        if (found.length === k && far >= found[k - 1][0]) continue;
        if (found.some(([other, one]) => other === far && this.same(one, row))) continue;
        let at = found.length;
        while (at && found[at - 1][0] > far) at--;
        found.splice(at, 0, [far, row]);
        if (found.length > k) found.pop();
      }
    };
    for (let r = 0; r < Math.max(this.columns, this.lines); r++) {
      const [c0, c1, l0, l1] = [column - r, column + r, line - r, line + r];
      for (let l = Math.max(l0, 0); l <= Math.min(l1, this.lines - 1); l++)
        if (l === l0 || l === l1)
          for (let c = Math.max(c0, 0); c <= Math.min(c1, this.columns - 1); c++) add(c, l);
        else {
          if (c0 >= 0) add(c0, l);
          if (c1 < this.columns) add(c1, l);
        }
      if (found.length < k) continue;
      const beyond = [
        c0 > 0 && x - (this.box[0] + c0 * this.cell),
        c1 < this.columns - 1 && this.box[0] + (c1 + 1) * this.cell - x,
        l0 > 0 && y - (this.box[1] + l0 * this.cell),
        l1 < this.lines - 1 && this.box[1] + (l1 + 1) * this.cell - y,
      ].filter((far) => far !== false);
      if (!beyond.length || found[k - 1][0] <= Math.max(Math.min(...beyond), 0) ** 2) break;
    }
    return { rows: found.map((f) => f[1]), distances: found.map((f) => Math.sqrt(f[0])) };
  }

  same(a, b) {
    return this.xy[2 * a] === this.xy[2 * b] && this.xy[2 * a + 1] === this.xy[2 * b + 1];
  }

  // Rows inside a polygon [[x, y], ...], by the rule of even and odd crossings.
  inside(polygon) {
    const box = extent(Float32Array.from(polygon.flat()));
    const rows = [];
    this.within(box, (row) => {
      const [x, y] = [this.xy[2 * row], this.xy[2 * row + 1]];
      let odd = false;
      for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
        const [[ax, ay], [bx, by]] = [polygon[i], polygon[j]];
        if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd;
      }
      if (odd) rows.push(row);
    });
    return rows;
  }

  // The nearest point in a direction from a place, or -1; what lies at the place itself is no step.
  toward(x, y, [wx, wy], may = () => true) {
    let [best, least] = [-1, Infinity];
    for (let i = 0; i < this.n; i++) {
      const [dx, dy] = [this.xy[2 * i] - x, this.xy[2 * i + 1] - y];
      const along = dx * wx + dy * wy;
      if (along <= 1e-6 || Math.abs(dx * wy - dy * wx) > along * 1.2) continue;
      const far = dx * dx + dy * dy;
      if (far < least && may(i)) [best, least] = [i, far];
    }
    return best;
  }
}

// [x0, y0, x1, y1] of points.
function extent(xy) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < xy.length; i += 2) {
    if (xy[i] < box[0]) box[0] = xy[i];
    if (xy[i] > box[2]) box[2] = xy[i];
    if (xy[i + 1] < box[1]) box[1] = xy[i + 1];
    if (xy[i + 1] > box[3]) box[3] = xy[i + 1];
  }
  return xy.length ? box : [-1, -1, 1, 1];
}
