// A place between two points of the latent space, and which words are new there: what
// `vae.latent.interpolation`, `vae.latent.waypoints` and `vae.latent.changes` do, for a page that
// decodes by itself. `PIECE` stands before it.

// Below this sine two directions have no arc of their own, and the way is straight.
const PARALLEL = 1e-4;

const norm = (v) => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));

// The point a share t of the way from a to b: "lerp" or "slerp".
function between(a, b, t, method) {
  const straight = () => a.map((x, i) => (1 - t) * x + t * b[i]);
  const [p, q] = [norm(a), norm(b)];
  if (method === "lerp" || p === 0 || q === 0) return straight();
  const cosine = Array.from(a).reduce((sum, x, i) => sum + (x / p) * (b[i] / q), 0);
  const omega = Math.acos(Math.min(1, Math.max(-1, cosine)));
  if (Math.sin(omega) < PARALLEL) return straight();
  const long = ((1 - t) * p + t * q) / Math.sin(omega);
  const [from, to] = [Math.sin((1 - t) * omega) * long, Math.sin(t * omega) * long];
  return a.map((x, i) => (from * x) / p + (to * b[i]) / q);
}

// log N(z; 0, I) in nats.
function logPrior(z) {
  return -0.5 * z.reduce((sum, x) => sum + x * x + Math.log(2 * Math.PI), 0);
}

// The sentence in pieces, [text, whether it differs from the sentence `before`].
function marked(sentence, before) {
  if (before === null || sentence === before) return sentence ? [[sentence, false]] : [];
  const pieces = sentence.match(PIECE) ?? [];
  const isBlank = (piece) => piece.trim() === "";
  const read = (all) => all.filter((p) => !isBlank(p)).map((p) => p.toLowerCase());
  const same = matched(read(before.match(PIECE) ?? []), read(pieces));
  const out = [];
  let index = 0;
  for (const piece of pieces) {
    const changed = !isBlank(piece) && !same.has(index++);
    if (out.length && out.at(-1)[1] === changed) out.at(-1)[0] += piece;
    else out.push([piece, changed]);
  }
  return out;
}

// Which of the words stand in the blocks that both have: the longest first, then beside it
// (Ratcliff and Metzener, 1988, as Python's difflib).
function matched(old, words) {
  const places = new Map();
  words.forEach((word, j) => places.set(word, [...(places.get(word) ?? []), j]));
  const same = new Set();
  const search = (fromA, toA, fromB, toB) => {
    let [a, b, size] = [fromA, fromB, 0];
    let before = new Map();
    for (let i = fromA; i < toA; i++) {
      const here = new Map();
      for (const j of places.get(old[i]) ?? []) {
        if (j < fromB || j >= toB) continue;
        const k = (before.get(j - 1) ?? 0) + 1;
        here.set(j, k);
        if (k > size) [a, b, size] = [i - k + 1, j - k + 1, k];
      }
      before = here;
    }
    if (!size) return;
    for (let k = 0; k < size; k++) same.add(b + k);
    search(fromA, a, fromB, b);
    search(a + size, toA, b + size, toB);
  };
  search(0, old.length, 0, words.length);
  return same;
}
