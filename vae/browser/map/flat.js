// Points on a 2D canvas, where there is no WebGL 2: the same picture, slower.
class FlatPainter {
  constructor(canvas) {
    this.canvas = canvas;
    this.flat = this.slow = true;
    this.context = canvas.getContext("2d");
  }

  setPoints(xy) {
    this.xy = xy;
  }

  setCodes(codes) {
    this.codes = codes;
  }

  setMarks(marks) {
    this.marks = marks;
  }

  setPalette(looks, grey) {
    const css = ({ colour, opacity }) => `rgba(${colour.join()},${opacity})`;
    this.looks = looks.map((look) => ({ ink: css(look), shape: look.shape }));
    this.paper = css(grey);
  }

  draw(camera, size, ranges) {
    const { context: ctx, canvas, xy, marks } = this;
    const ratio = canvas.width / camera.width;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, camera.width, camera.height);
    const paths = this.looks.map(() => new Path2D());
    const grey = new Path2D();
    const radius = size / 2;
    for (const [start, count] of ranges)
      for (let i = start; i < start + count; i++) {
        const [x, y] = camera.screen(xy[2 * i], xy[2 * i + 1]);
        if (x < -radius || y < -radius || x > camera.width + radius || y > camera.height + radius) continue;
        const code = this.codes[i];
        if (marks?.[i]) shapePath(grey, "circle", x, y, radius * 0.8);
        else shapePath(paths[code], this.looks[code].shape, x, y, radius);
      }
    ctx.fillStyle = this.paper;
    ctx.fill(grey);
    paths.forEach((path, code) => {
      ctx.fillStyle = ctx.strokeStyle = this.looks[code].ink;
      if (this.looks[code].shape === "circle-open") ctx.stroke(path);
      else ctx.fill(path);
    });
  }
}

// A shape of the palette about a place, as SVG and 2D canvases draw it.
function shapePath(path, shape, x, y, r) {
  const line = (...corners) => {
    corners.forEach(([a, b], i) => (i ? path.lineTo(x + a * r, y + b * r) : path.moveTo(x + a * r, y + b * r)));
    path.closePath();
  };
  if (shape === "square") path.rect(x - 0.85 * r, y - 0.85 * r, 1.7 * r, 1.7 * r);
  else if (shape === "triangle-up") line([0, -1.1], [1, 0.7], [-1, 0.7]);
  else if (shape === "diamond") line([0, -1.2], [1.2, 0], [0, 1.2], [-1.2, 0]);
  else if (shape === "cross") {
    path.rect(x - 0.35 * r, y - 1.1 * r, 0.7 * r, 2.2 * r);
    path.rect(x - 1.1 * r, y - 0.35 * r, 2.2 * r, 0.7 * r);
  } else if (shape === "x") {
    line([-1, -0.6], [-0.6, -1], [1, 0.6], [0.6, 1]);
    line([0.6, -1], [1, -0.6], [-0.6, 1], [-1, 0.6]);
  } else if (shape === "star") {
    const corner = (i) => [Math.sin((i * Math.PI) / 5), -Math.cos((i * Math.PI) / 5)].map((v) => v * (i % 2 ? 0.55 : 1.25));
    line(...Array.from({ length: 10 }, (_, i) => corner(i)));
  } else {
    path.moveTo(x + r, y);
    path.arc(x, y, r, 0, 2 * Math.PI);
  }
}
