// Products of a weight with a vector, in fp32: by WebAssembly's vectors of four where the browser
// and the page's policy allow it, else by plain JavaScript on the same numbers.

const PANEL = 16;
const aligned = (n) => Math.ceil(n / PANEL) * PANEL;

// All weights and vectors of one decoder: one memory, which never grows.
class Memory {
  // `shapes`: [rows, columns] of every weight. Each may be used in two parts, and brings a few
  // vectors of its sizes with it; what is not used costs no more than its address.
  constructor(shapes) {
    let size = 0;
    for (const [rows, columns] of shapes) {
      size += aligned(rows) * (columns + 2) + 4 * (aligned(rows) + aligned(columns));
    }
    const pages = Math.ceil((4 * size) / 65536);
    try {
      const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
      const compiled = new WebAssembly.Module(assembled());
      this.multiply = new WebAssembly.Instance(compiled, { m: { m: memory } }).exports.f;
      this.numbers = new Float32Array(memory.buffer);
    } catch {
      // No vectors of four, or a policy without 'wasm-unsafe-eval'.
      this.multiply = null;
      this.numbers = new Float32Array(pages * 16384);
    }
    this.used = 0;
  }

  // n zeros; those behind them, up to a whole panel, stay zero.
  take(n) {
    const at = this.used;
    this.used += aligned(n);
    if (this.used > this.numbers.length) throw new Error("the memory is too small");
    return this.numbers.subarray(at, at + n);
  }
}

// y += W x, for columns `from` to `to` of a weight (rows, columns). Sixteen rows lie beside each
// other, column by column, so that a product reads the memory once, from its start to its end.
class Linear {
  constructor(memory, weight, from = 0, to = weight.shape[1]) {
    const [rows, columns] = weight.shape;
    const width = to - from;
    this.pairs = Math.ceil(width / 2);
    this.panels = Math.ceil(rows / PANEL);
    this.memory = memory;
    this.width = width;
    this.stride = 2 * this.pairs * PANEL;
    this.weight = memory.take(this.panels * this.stride);
    for (let row = 0; row < rows; row++) {
      let at = Math.floor(row / PANEL) * this.stride + (row % PANEL);
      const start = row * columns + from;
      for (let i = 0; i < width; i++, at += PANEL) this.weight[at] = weight.values[start + i];
    }
  }

  // Both vectors are from the same memory.
  add(x, y) {
    const { weight, pairs, panels, memory } = this;
    if (memory.multiply) {
      memory.multiply(weight.byteOffset, x.byteOffset, y.byteOffset, pairs, panels);
      return;
    }
    plain(memory.numbers, weight.byteOffset / 4, x.byteOffset / 4, y.byteOffset / 4, pairs, panels);
  }

  // The weights of one row, times `scale`.
  row(row, out, scale = 1) {
    let at = Math.floor(row / PANEL) * this.stride + (row % PANEL);
    for (let i = 0; i < this.width; i++, at += PANEL) out[i] = this.weight[at] * scale;
  }
}

function plain(m, w, x, y, pairs, panels) {
  for (let half = 0; half < 2 * panels; half++) {
    let k = w + (half >> 1) * 2 * pairs * PANEL + (half & 1) * 8;
    const o = y + half * 8;
    let a = m[o], b = m[o + 1], c = m[o + 2], d = m[o + 3];
    let e = m[o + 4], f = m[o + 5], g = m[o + 6], h = m[o + 7];
    for (let i = x; i < x + 2 * pairs; i++, k += PANEL) {
      const v = m[i];
      a += m[k] * v; b += m[k + 1] * v; c += m[k + 2] * v; d += m[k + 3] * v;
      e += m[k + 4] * v; f += m[k + 5] * v; g += m[k + 6] * v; h += m[k + 7] * v;
    }
    m[o] = a; m[o + 1] = b; m[o + 2] = c; m[o + 3] = d;
    m[o + 4] = e; m[o + 5] = f; m[o + 6] = g; m[o + 7] = h;
  }
}

// A WebAssembly module of one function, f(weight, x, y, pairs, panels), which does what `plain`
// does. Even and odd columns have sums of their own, so that no addition waits for the one before.
function assembled() {
  const [W, X, Y, PAIRS, PANELS, AT, END, SUM, VALUE] = [0, 1, 2, 3, 4, 5, 6, 7, 15];
  const get = (i) => [0x20, i];
  const set = (i) => [0x21, i];
  const whole = (n) => [0x41, ...leb(n, true)];
  const plus = (i, n) => [...get(i), ...whole(n), 0x6a, ...set(i)];
  const load = (offset) => [0xfd, 0x00, 2, ...leb(offset)];
  const splat = (offset) => [0xfd, 0x09, 2, ...leb(offset)];
  const store = (offset) => [0xfd, 0x0b, 2, ...leb(offset)];
  const zero = [0xfd, 0x0c, ...Array(16).fill(0)];
  const times = [0xfd, 0xe6, 0x01];
  const add = [0xfd, 0xe4, 0x01];
  const four = [0, 1, 2, 3];
  const column = (odd) => [
    ...get(AT), ...splat(4 * odd), ...set(VALUE),
    ...four.flatMap((k) => [
      ...get(SUM + 4 * odd + k),
      ...get(W), ...load(64 * odd + 16 * k), ...get(VALUE), ...times,
      ...add, ...set(SUM + 4 * odd + k),
    ]),
  ];
  const body = [
    0x03, 0x40, // a loop over panels
    ...four.flatMap((k) => [...get(Y), ...load(16 * k), ...set(SUM + k)]),
    ...four.flatMap((k) => [...zero, ...set(SUM + 4 + k)]),
    ...get(X), ...set(AT),
    ...get(X), ...get(PAIRS), ...whole(8), 0x6c, 0x6a, ...set(END),
    0x03, 0x40, // a loop over pairs of columns
    ...column(0), ...column(1),
    ...plus(W, 128), ...plus(AT, 8),
    ...get(AT), ...get(END), 0x49, 0x0d, 0,
    0x0b,
    ...four.flatMap((k) => [
      ...get(Y), ...get(SUM + k), ...get(SUM + 4 + k), ...add, ...store(16 * k),
    ]),
    ...plus(Y, 64), ...plus(PANELS, -1),
    ...get(PANELS), 0x0d, 0,
    0x0b,
    0x0b,
  ];
  const code = [2, 2, 0x7f, 9, 0x7b, ...body]; // two more whole numbers, nine vectors
  const section = (id, content) => [id, ...leb(content.length), ...content];
  return new Uint8Array([
    0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, [1, 0x60, 5, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0]),
    ...section(2, [1, 1, 0x6d, 1, 0x6d, 0x02, 0, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, 1, 0x66, 0, 0]),
    ...section(10, [1, ...leb(code.length), ...code]),
  ]);
}

// A whole number as WebAssembly writes it, seven bits a byte.
function leb(n, signed = false) {
  const out = [];
  for (;;) {
    const low = n & 0x7f;
    n >>= 7;
    if (signed ? (n === 0 && !(low & 0x40)) || (n === -1 && low & 0x40) : n === 0) {
      out.push(low);
      return out;
    }
    out.push(low | 0x80);
  }
}
