// Points on a canvas: a window onto a plane that is moved and zoomed, its points drawn by groups.

class Cloud {
  // `places`: Float32Array of 2n coordinates, upwards positive.
  constructor(stage, places) {
    this.stage = stage;
    this.canvas = stage.querySelector("canvas");
    this.places = places;
    this.n = places.length / 2;
    this.radius = 1.5;
    this.whole();
  }

  // All points in sight.
  whole() {
    const range = (axis) => {
      const values = this.places.filter((_, i) => i % 2 === axis).sort();
      // A far point or two may lie beyond the edge.
      const last = values.length - 1;
      return [values[Math.floor(last * 0.001)], values[Math.ceil(last * 0.999)]];
    };
    const [[left, right], [low, high]] = [range(0), range(1)];
    this.centre = [(left + right) / 2, (low + high) / 2];
    this.reach = 1.08 * Math.max(right - left, high - low, 1e-3);
  }

  fit() {
    const { clientWidth: width, clientHeight: height } = this.stage;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    for (const canvas of this.stage.querySelectorAll("canvas")) {
      if (canvas.width !== width * ratio || canvas.height !== height * ratio) {
        canvas.width = width * ratio;
        canvas.height = height * ratio;
      }
      canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    Object.assign(this, { width, height });
  }

  // Pixels a unit.
  get scale() {
    return Math.min(this.width, this.height) / this.reach;
  }

  toScreen(x, y) {
    const { scale, centre, width, height } = this;
    return [width / 2 + (x - centre[0]) * scale, height / 2 - (y - centre[1]) * scale];
  }

  toPlane(left, top) {
    const { scale, centre, width, height } = this;
    return [centre[0] + (left - width / 2) / scale, centre[1] - (top - height / 2) / scale];
  }

  // By a factor, with a point of the screen held where it is.
  zoom(factor, left = this.width / 2, top = this.height / 2) {
    const held = this.toPlane(left, top);
    this.reach = Math.min(Math.max(this.reach / factor, 1e-3), 1e3);
    const now = this.toPlane(left, top);
    this.centre = this.centre.map((value, i) => value + held[i] - now[i]);
  }

  pan(right, down) {
    this.centre = [this.centre[0] - right / this.scale, this.centre[1] + down / this.scale];
  }

  // `of`: the group of every point; `only`: a group that stands out, or null.
  draw(groups, of, only = null) {
    this.fit();
    const pen = this.canvas.getContext("2d");
    pen.clearRect(0, 0, this.width, this.height);
    const size = 2 * this.radius * Math.min(2.4, Math.max(1, Math.sqrt(this.scale / 60)));
    groups.forEach((group, g) => {
      pen.fillStyle = group.colour;
      pen.globalAlpha = only === null ? 0.75 : only === g ? 0.95 : 0.1;
      for (let i = 0; i < this.n; i++) {
        if (of[i] !== g) continue;
        const [left, top] = this.toScreen(this.places[2 * i], this.places[2 * i + 1]);
        if (left < -9 || top < -9 || left > this.width + 9 || top > this.height + 9) continue;
        pen.fillRect(left - size / 2, top - size / 2, size, size);
      }
    });
    pen.globalAlpha = 1;
  }

  // The point nearest to a place of the screen, if it is within so many pixels; else -1.
  pick(left, top, within) {
    let best = -1;
    let least = within * within;
    for (let i = 0; i < this.n; i++) {
      const [x, y] = this.toScreen(this.places[2 * i], this.places[2 * i + 1]);
      const square = (x - left) ** 2 + (y - top) ** 2;
      if (square < least) [best, least] = [i, square];
    }
    return best;
  }
}

// A line in ink on a wider one in the ground, to be seen on any points.
function stroke(pen, ink, ground, width = 1.5) {
  for (const [colour, wide] of [[ground, width + 3.5], [ink, width]]) {
    pen.strokeStyle = colour;
    pen.lineWidth = wide;
    pen.stroke();
  }
}

function cross(pen, [left, top], ink, ground) {
  pen.beginPath();
  for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
    pen.moveTo(left + 5 * dx, top + 5 * dy);
    pen.lineTo(left + 17 * dx, top + 17 * dy);
  }
  stroke(pen, ink, ground, 2.5);
}

function ring(pen, [left, top], ink, radius = 8, width = 2.5) {
  pen.strokeStyle = ink;
  pen.lineWidth = width;
  pen.beginPath();
  pen.arc(left, top, radius, 0, 2 * Math.PI);
  pen.stroke();
}
