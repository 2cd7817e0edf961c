// The latent that a place of the map stands for, as `vae.latent.places` has it.
// plane: { origin: [Z], axes: [[Z], [Z]] }: the place is exact.
function planePlaces({ origin, axes: [first, second] }) {
  const latent = (x, y) => Float32Array.from(origin, (o, d) => o + x * first[d] + y * second[d]);
  return { latent, exact: true };
}

// Latents in half precision stay so where they are many: `qualityAt` compares no more than so many.
function readLatents(buffer) {
  return buffer.byteLength > 2 * MOST_COMPARED ? new Uint16Array(buffer) : fromHalf(buffer);
}

// The mean of the latents of the `few` sentences whose places are nearest, each by
// (1 / d - 1 / R)^2, where R is the distance of the one after them. Latents in half precision, as
// they are sent, take half the memory: Uint16Array.
function nearestPlaces({ few }, grid, latents) {
  const size = latents.length / grid.n;
  const value = latents instanceof Uint16Array ? (i) => HALVES[latents[i]] : (i) => latents[i];
  const latent = (x, y) => {
    const { rows, distances } = grid.few(x, y, few + 1);
    const beyond = rows.length > few ? 1 / Math.max(distances[few], 1e-9) : 0;
    const near = rows.slice(0, few);
    const weights = near.map((_, i) => Math.max(1 / Math.max(distances[i], 1e-9) - beyond, 1e-9) ** 2);
    const total = weights.reduce((a, b) => a + b, 0);
    const z = new Float32Array(size);
    for (let d = 0; d < size; d++) {
      let sum = 0;
      near.forEach((row, i) => (sum += weights[i] * value(row * size + d)));
      z[d] = sum / total;
    }
    return z;
  };
  return { latent, exact: false };
}

// What `vae.figures.map_words.packed` made: sentences, labels and measures of every point.
async function readWords(buffer) {
  const plain = new Blob([buffer]).stream().pipeThrough(new DecompressionStream("gzip"));
  const words = await new Response(plain).json();
  if (words.files) return new DistantWords(words);
  const read = ({ values, of, width }) => {
    const bytes = Uint8Array.from(atob(of), (c) => c.charCodeAt(0));
    const codes = new { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[width](bytes.buffer);
    return (row) => values[codes[row]];
  };
  const labels = Object.entries(words.labels).map(([name, column]) => [name, read(column)]);
  return { sentences: words.sentences, labels, measures: read(words.measures) };
}
