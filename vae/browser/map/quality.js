// How far a picture can be trusted at one place, as `vae.latent.places` has it.
const NEIGHBOURS = 15;
const MOST_COMPARED = 6e6; // numbers that are read while the pointer rests

// The k different rows whose latents are nearest to z, nearest first: { rows, distances }.
function nearestLatents(grid, latents, z, k) {
  const size = z.length;
  const found = [];
  for (let row = 0; row < grid.n; row++) {
    const worst = found.length < k ? Infinity : found[k - 1][0];
    let far = 0;
    for (let d = 0, at = row * size; d < size && far < worst; d++, at++) far += (latents[at] - z[d]) ** 2;
    if (far >= worst || found.some(([other, one]) => other === far && grid.same(one, row))) continue;
    let at = found.length;
    while (at && found[at - 1][0] > far) at--;
    found.splice(at, 0, [far, row]);
    if (found.length > k) found.pop();
  }
  return { rows: found.map((f) => f[1]), distances: found.map((f) => Math.sqrt(f[0])) };
}

// Where UMAP puts a latent: among its nearest, each by exp(-(d - d_1) / s).
function putBack(grid, { rows, distances }, z) {
  const first = distances[0];
  const scale = Math.max(distances.reduce((a, b) => a + b, 0) / rows.length - first, 1e-12);
  const reach = 1e-3 * (1e-3 + Math.hypot(...z));
  const weights = distances.map((d) =>
    first <= reach ? Number(d <= reach) : Math.exp(-(d - first) / scale));
  const total = weights.reduce((a, b) => a + b, 0);
  const mean = (axis) => rows.reduce((sum, row, i) => sum + weights[i] * grid.xy[2 * row + axis], 0) / total;
  return [mean(0), mean(1)];
}

// { kept, of, off }: how many of the sentences nearest in the picture are nearest in the space too,
// and how far from the place its latent is put back, in widths of the picture; null of a plane.
function qualityAt(grid, latents, z, [x, y], exact) {
  const k = Math.min(NEIGHBOURS, grid.n);
  const near = nearestLatents(grid, latents, z, k);
  const seen = new Set(grid.few(x, y, k).rows);
  const kept = near.rows.filter((row) => seen.has(row)).length;
  if (exact) return { kept, of: near.rows.length, off: null };
  const [px, py] = putBack(grid, near, z);
  const width = Math.max(grid.box[2] - grid.box[0], 1e-9);
  return { kept, of: near.rows.length, off: Math.hypot(px - x, py - y) / width };
}
