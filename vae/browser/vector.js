// The decoder of a vector VAE, as `vae.browser.pack_vector` packs it.
//
//   const decoder = VectorDecoder.read(arrayBuffer);
//   decoder.mean(z)          Float32Array of what is expected of every value at z
//   decoder.words(z, most)   [[word, weight]] that it says most of beyond the mean sentence

export class VectorDecoder {
  static read(buffer) {
    const { told, tensors } = readTensors(buffer);
    if (told.kind !== "vector") throw new Error(`a packed ${told.kind}`);
    return new VectorDecoder(told, tensors);
  }

  constructor(told, tensors) {
    this.told = told;
    this.tensors = tensors;
    this.latentDim = told.latent_dim;
  }

  mean(z) {
    const hidden = affine(this.tensors, "unfold", z).map((value) => Math.max(0, value));
    const output = affine(this.tensors, "to_output", hidden);
    if (this.told.likelihood === "gaussian") return output;
    return output.map((logit) => 1 / (1 + Math.exp(-logit)));
  }

  words(z, most) {
    const { values } = this.tensors.words;
    const mean = this.mean(z);
    const n = this.told.words.length;
    const weights = new Float64Array(n);
    mean.forEach((value, d) => {
      for (let i = 0; i < n; i++) weights[i] += value * values[d * n + i];
    });
    const order = [...weights.keys()].sort((a, b) => weights[b] - weights[a]);
    const first = order.slice(0, most).filter((i) => weights[i] > 0);
    return first.map((i) => [this.told.words[i], weights[i]]);
  }
}

function affine(tensors, name, x) {
  const { shape: [rows, columns], values } = tensors[`${name}.weight`];
  const out = tensors[`${name}.bias`].values.slice(0, rows);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let i = 0; i < columns; i++) sum += values[row * columns + i] * x[i];
    out[row] += sum;
  }
  return out;
}
