// Points on a canvas, by groups: a plane through the camera of vae/browser/map, which is moved and
// zoomed.

class Cloud {
  // `places`: Float32Array of 2n coordinates, upwards positive; `box`: [left, low, right, high],
  // what is in sight at first.
  constructor(stage, places, box = nearlyAll(places)) {
    const canvas = stage.querySelector("canvas");
    Object.assign(this, { stage, canvas, places, n: places.length / 2, radius: 1.5 });
    this.camera = new Camera(14);
    this.camera.box = box;
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
    this.camera.resize(width, height);
  }

  // `of`: the group of every point; `only`: a group that stands out, or null.
  draw(groups, of, only = null) {
    this.fit();
    const { camera } = this;
    const pen = this.canvas.getContext("2d");
    pen.clearRect(0, 0, camera.width, camera.height);
    const size = 2 * this.radius * Math.min(2.4, Math.max(1, Math.sqrt(camera.k / 60)));
    groups.forEach((group, g) => {
      pen.fillStyle = group.colour;
      pen.globalAlpha = only === null ? 0.75 : only === g ? 0.95 : 0.1;
      for (let i = 0; i < this.n; i++) {
        if (of[i] !== g) continue;
        const [left, top] = camera.screen(this.places[2 * i], this.places[2 * i + 1]);
        if (left < -9 || top < -9 || left > camera.width + 9 || top > camera.height + 9) continue;
        pen.fillRect(left - size / 2, top - size / 2, size, size);
      }
    });
    pen.globalAlpha = 1;
  }
}

// A box about all points but a far one or two.
function nearlyAll(places) {
  const range = (axis) => {
    const values = places.filter((_, i) => i % 2 === axis).sort();
    const last = values.length - 1;
    return [values[Math.floor(last * 0.001)], values[Math.ceil(last * 0.999)]];
  };
  const [[left, right], [low, high]] = [range(0), range(1)];
  return [left, low, right, high];
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
