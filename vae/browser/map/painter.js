// Points in WebGL 2: a palette says how each code looks, a mark which points are in grey.
const SHAPES = ["circle", "square", "triangle-up", "diamond", "cross", "x", "star", "circle-open"];

const VERTEX = `#version 300 es
in vec2 xy;
in uint code;
in uint mark;
uniform vec2 centre, scale;
uniform float size;
uniform uint grey;
uniform vec4 paper;
uniform sampler2D palette;
flat out vec4 colour;
flat out int shape;
flat out float soft;
void main() {
  if (mark != grey) {
    gl_Position = vec4(2.0, 2.0, 0.0, 1.0);
    gl_PointSize = 1.0;
    return;
  }
  vec4 look = texelFetch(palette, ivec2(int(code), 1), 0);
  shape = grey == 1u ? 0 : int(look.r * 255.0 + 0.5);
  colour = grey == 1u ? paper : texelFetch(palette, ivec2(int(code), 0), 0);
  // Shapes with corners are drawn a little larger, so that all look alike in size.
  float wide = grey == 1u ? size * 0.8 : shape == 0 || shape == 7 ? size : size * 1.25;
  gl_PointSize = wide + 1.0;
  soft = 2.0 / (wide + 1.0);
  gl_Position = vec4((xy - centre) * scale, 0.0, 1.0);
}`;

const FRAGMENT = `#version 300 es
precision mediump float;
flat in vec4 colour;
flat in int shape;
flat in float soft;
out vec4 ink;
// How far outside of the shape, in half sizes of the point.
float away(vec2 p) {
  vec2 q = abs(p);
  if (shape == 0) return length(p) - 1.0;
  if (shape == 7) return abs(length(p) - 0.8) - 0.2;
  if (shape == 1) return max(q.x, q.y) - 0.75;
  if (shape == 2) return max(q.x * 0.87 - p.y * 0.5 - 0.45, p.y - 0.6);
  if (shape == 3) return (q.x + q.y - 1.0) * 0.71;
  if (shape == 4) return max(min(q.x, q.y) - 0.3, max(q.x, q.y) - 0.95);
  if (shape == 5) {
    vec2 r = abs(vec2(p.x + p.y, p.x - p.y)) * 0.71;
    return max(min(r.x, r.y) - 0.3, max(r.x, r.y) - 0.95);
  }
  float turn = mod(atan(p.x, -p.y) + 0.6283, 1.2566) - 0.6283;
  vec2 s = length(p) * vec2(cos(turn), abs(sin(turn)));
  return s.x * 0.59 + s.y * 0.81 - 0.55;
}
void main() {
  float alpha = 1.0 - smoothstep(-soft, soft, away((gl_PointCoord * 2.0 - 1.0) * (1.0 + soft * 0.5)));
  if (alpha < 0.02) discard;
  ink = vec4(colour.rgb, 1.0) * colour.a * alpha;
}`;

function painter(canvas) {
  const gl = canvas.getContext("webgl2", { antialias: false, powerPreference: "high-performance" });
  if (!gl) return null;
  const made = new Painter(canvas, gl);
  const known = gl.getExtension("WEBGL_debug_renderer_info");
  const by = known ? gl.getParameter(known.UNMASKED_RENDERER_WEBGL) : "";
  made.slow = /swiftshader|llvmpipe|software/i.test(by); // drawn without a graphics card
  return made;
}

class Painter {
  constructor(canvas, gl) {
    Object.assign(this, { canvas, gl, lost: false });
    // A browser takes the context away when it has too many, and may give it back.
    canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault();
      this.lost = true;
    });
    canvas.addEventListener("webglcontextrestored", () => {
      this.lost = false;
      this.begin();
      this.onrestored?.();
    });
    this.begin();
  }

  begin() {
    const { gl } = this;
    const program = gl.createProgram();
    for (const [type, text] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
      const shader = gl.createShader(type);
      gl.shaderSource(shader, text);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    ["xy", "code", "mark"].forEach((name, i) => gl.bindAttribLocation(program, i, name));
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost())
      throw new Error(gl.getProgramInfoLog(program));
    gl.useProgram(program);
    this.at = (name) => gl.getUniformLocation(program, name);
    this.buffers = [0, 1, 2].map(() => gl.createBuffer());
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
      gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  fill(slot, values) {
    const { gl } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers[slot]);
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(slot);
    if (slot) gl.vertexAttribIPointer(slot, 1, gl.UNSIGNED_BYTE, 0, 0);
    else gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
  }

  // All in the order of `Tiles`.
  setPoints(xy) {
    this.fill(0, xy);
    this.n = xy.length / 2;
  }

  setCodes(codes) {
    this.fill(1, codes);
  }

  // marks: Uint8Array, 1 where a point is in grey; null where none is.
  setMarks(marks) {
    this.grey = Boolean(marks);
    this.fill(2, marks ?? new Uint8Array(this.n));
  }

  // looks: [{ colour: [r, g, b], opacity, shape }], by code; grey: the same for what is in grey.
  setPalette(looks, grey) {
    const { gl } = this;
    const pixels = new Uint8Array(256 * 2 * 4);
    looks.forEach(({ colour, opacity, shape }, code) => {
      pixels.set([...colour, opacity * 255], code * 4);
      pixels[(256 + code) * 4] = Math.max(SHAPES.indexOf(shape), 0);
    });
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, 2, 0, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    gl.uniform4f(this.at("paper"), ...grey.colour.map((c) => c / 255), grey.opacity);
  }

  draw(camera, size, ranges) {
    const { gl, canvas } = this;
    if (this.lost) return;
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.uniform2f(this.at("centre"), camera.x, camera.y);
    gl.uniform2f(this.at("scale"), (2 * camera.k) / camera.width, (2 * camera.k) / camera.height);
    gl.uniform1f(this.at("size"), (size * canvas.width) / camera.width);
    for (const grey of this.grey ? [1, 0] : [0]) {
      gl.uniform1ui(this.at("grey"), grey);
      for (const [start, count] of ranges) if (count) gl.drawArrays(gl.POINTS, start, count);
    }
  }
}
