// The latent space: the stored sentences in it, the plane of the map, ways and draws.

const space = {
  Z: content.latentDim,
  n: content.sentences.length,
  latents: fromHalf(held.latents),
  centre: Float32Array.from(content.plane.mean),
  axes: content.plane.axes.map((axis) => Float32Array.from(axis)),

  // The latent of a stored sentence.
  at(row) {
    return this.latents.slice(row * this.Z, (row + 1) * this.Z);
  },

  // Where a latent lies on the map.
  place(z) {
    return this.axes.map((axis) => {
      let sum = 0;
      for (let i = 0; i < this.Z; i++) sum += (z[i] - this.centre[i]) * axis[i];
      return sum;
    });
  },

  // The latent at a place of the map, all else as at `rest`: `place` gives the place back.
  point([x, y], rest = this.centre) {
    const [x0, y0] = this.place(rest);
    const [u, v] = this.axes;
    return rest.map((value, i) => value + (x - x0) * u[i] + (y - y0) * v[i]);
  },

  // The k rows nearest to a latent, nearest first, each with its distance; never row `but`.
  nearest(z, k = 1, but = -1) {
    const found = [];
    for (let row = 0, at = 0; row < this.n; row++) {
      let sum = 0;
      for (let i = 0; i < this.Z; i++, at++) sum += (z[i] - this.latents[at]) ** 2;
      if (row === but || (found.length === k && sum >= found[k - 1].square)) continue;
      const place = found.findIndex((one) => one.square > sum);
      found.splice(place < 0 ? found.length : place, 0, { row, square: sum });
      found.length = Math.min(found.length, k);
    }
    return found.map(({ row, square }) => ({ row, distance: Math.sqrt(square) }));
  },

  // The mean distance of a stored sentence to its nearest others, copies aside: the unit of
  // `vae.latent.places.Neighbourhoods`.
  neighbourhood(row) {
    const around = this.nearest(this.at(row), 2 * content.neighbours, row);
    const others = around.map(({ distance }) => distance).filter((distance) => distance > 1e-6);
    const near = others.slice(0, content.neighbours);
    return near.reduce((sum, distance) => sum + distance, 0) / Math.max(near.length, 1) || 1e-12;
  },
};

const apart = (a, b) => norm(a.map((value, i) => value - b[i]));

// Draws of N(0, I) from a seed, the same in every browser (Box and Muller, 1958).
function priorDraws(n, seed) {
  const uniform = new Uniform(seed);
  const drawn = new Float32Array(n * space.Z);
  for (let i = 0; i < drawn.length; i += 2) {
    const [radius, turn] = [1 - uniform.next(), 2 * Math.PI * uniform.next()];
    const length = Math.sqrt(-2 * Math.log(radius));
    drawn[i] = length * Math.cos(turn);
    if (i + 1 < drawn.length) drawn[i + 1] = length * Math.sin(turn);
  }
  return drawn;
}
