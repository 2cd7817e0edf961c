// A run's encoder, as `vae.browser.pack_encoder` packs it, in plain JavaScript: a sentence is a few
// million products. It stands behind decoder.js, whose parts it uses, and reads the words' vectors
// out of the packed decoder.
//
//   const encoder = Encoder.read(decoderBuffer, encoderBuffer);
//   encoder.encode("She loves it.")   {tokens, unknown, mean, logvar}; null for no token at all
//
// Tokens end in the end of sentence. `unknown` are the words that the model does not know.

export class Encoder {
  static read(decoderBuffer, encoderBuffer) {
    const { told: decoder, tensors: shared } = readTensors(decoderBuffer);
    const { told, tensors } = readTensors(encoderBuffer);
    return new Encoder(told, tensors, shared["embedding.weight"].values, decoder.words.vocabulary);
  }

  constructor(told, tensors, embedding, vocabulary) {
    this.told = told;
    this.tensors = tensors;
    this.embedding = embedding;
    this.ids = new Map(vocabulary.map((word, id) => [word, id]));
    if (told.scheme === "lexicon") this.lexicon = lexiconOf(vocabulary.slice(told.end + 1));
  }

  encode(sentence) {
    const { end, unknown: none, embedding_dim: E, kind, longest } = this.told;
    const words = this.words(sentence);
    if (!words.length) return null;
    const tokens = [...words.map((word) => this.ids.get(word) ?? none), end];
    if (tokens.length > longest) throw new RangeError(`more than ${longest} tokens`);
    const scale = kind === "transformer" ? Math.sqrt(E) : 1;
    const embedded = tokens.map((id) =>
      this.embedding.slice(id * E, (id + 1) * E).map((value) => value * scale)
    );
    const summary = kind === "transformer" ? this.pooled(embedded) : this.scanned(embedded);
    const found = this.linear("to_posterior", summary);
    const Z = this.told.latent_dim;
    const unknown = new Set(words.filter((_, i) => tokens[i] === none));
    return {
      tokens,
      unknown: [...unknown],
      mean: this.normed(found.slice(0, Z)),
      logvar: found.slice(Z).map((value) => Math.min(Math.max(value, -12), 6)),
    };
  }

  // What `vae.tokenizer` finds in a sentence.
  words(sentence) {
    const read = asRead(sentence);
    const { scheme, clusters } = this.told;
    const text = scheme === "space" ? read.replace(SPECIAL, "$1") : read;
    const split = scheme === "word" && !clusters ? "earlier" : scheme;
    const found = partsOf(text, split, this.lexicon);
    return Array.from(found, ([part]) => part);
  }

  linear(name, x) {
    const { weight, bias } = layerOf(this.tensors, name);
    return affine(weight, bias, x);
  }

  // The last and the mean state in each direction of a GRU or an LSTM.
  scanned(embedded) {
    const { hidden: H, layers } = this.told;
    let inputs = embedded;
    for (let i = 0; i < layers; i++) {
      const forth = this.scan(inputs, `_l${i}`);
      const back = this.scan([...inputs].reverse(), `_l${i}_reverse`).reverse();
      inputs = forth.map((state, t) => Float32Array.of(...state, ...back[t]));
    }
    const last = [...inputs.at(-1).slice(0, H), ...inputs[0].slice(H)];
    return Float32Array.of(...last, ...meanOf(inputs));
  }

  scan(inputs, name) {
    const { hidden: H, kind } = this.told;
    const part = (of) => this.tensors[`encoder.${of}${name}`];
    const layer = { h: new Float32Array(H), c: new Float32Array(H) };
    return inputs.map((x) => {
      layer.below = affine(part("weight_ih"), part("bias_ih"), x);
      layer.state = affine(part("weight_hh"), part("bias_hh"), layer.h);
      (kind === "lstm" ? advanceLstm : advanceGru)(layer, H);
      return layer.h.slice();
    });
  }

  // The mean of a transformer's states, and a weighted mean for each query.
  pooled(embedded) {
    const { embedding_dim: E, layers, heads } = this.told;
    let states = embedded.map((x, t) => x.map((value, i) => value + position(t, i, E)));
    for (let i = 0; i < layers; i++) states = this.layer(states, `encoder.layers.${i}.`);
    states = states.map((x) => this.norm("encoder.norm", x));
    const found = [meanOf(states)];
    const scores = states.map((x) => affine(this.tensors["queries.weight"], null, x));
    for (let h = 0; h < heads; h++) {
      found.push(mixture(shares(scores.map((score) => score[h])), states));
    }
    return Float32Array.of(...found.flatMap((part) => [...part]));
  }

  layer(states, name) {
    const { embedding_dim: E, heads } = this.told;
    const size = E / heads;
    const all = states.map((x) =>
      affine(this.tensors[`${name}to_heads.weight`], null, this.norm(`${name}attention_norm`, x))
    );
    return states.map((x, t) => {
      const mixed = [];
      for (let first = 0; first < E; first += size) {
        const of = (which, s) => all[s].subarray(which * E + first, which * E + first + size);
        const scores = all.map((_, s) => dot(of(0, t), of(1, s)) / Math.sqrt(size));
        mixed.push(...mixture(shares(scores), all.map((_, s) => of(2, s))));
      }
      const out = x.slice();
      plus(out, this.linear(`${name}from_heads`, mixed));
      const wide = this.linear(`${name}widen`, this.norm(`${name}feedforward_norm`, out));
      plus(out, this.linear(`${name}narrow`, wide.map(gelu)));
      return out;
    });
  }

  norm(name, x) {
    const out = new Float32Array(x.length);
    normalise(x, layerOf(this.tensors, name), out);
    return out;
  }

  // `vae.models.normalisation.MeanNorm`, where the model has one.
  normed(mean) {
    const part = (name) => this.tensors[`mean_norm.${name}`]?.values;
    if (!part("shift")) return mean;
    const [centre, variance, shift] = ["mean", "variance", "shift"].map(part);
    const scale = this.told.mean_scale;
    const deviation = variance.map((value) => Math.sqrt(value + 1e-10));
    return mean.map((m, i) => ((m - centre[i]) / deviation[i]) * scale + shift[i]);
  }
}

const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);

function affine({ shape: [rows, columns], values }, bias, x) {
  const out = new Float32Array(rows);
  for (let r = 0; r < rows; r++) {
    let sum = bias ? bias.values[r] : 0;
    for (let c = 0, at = r * columns; c < columns; c++, at++) sum += values[at] * x[c];
    out[r] = sum;
  }
  return out;
}

function shares(scores) {
  const best = Math.max(...scores);
  const mass = scores.map((score) => Math.exp(score - best));
  const total = mass.reduce((sum, one) => sum + one, 0);
  return mass.map((one) => one / total);
}

function mixture(weights, vectors) {
  const out = new Float32Array(vectors[0].length);
  weights.forEach((weight, s) => vectors[s].forEach((value, i) => (out[i] += weight * value)));
  return out;
}

const meanOf = (vectors) => mixture(vectors.map(() => 1 / vectors.length), vectors);
