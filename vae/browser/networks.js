// The decoders of `vae.models.recurrent` and `vae.models.transformer`, one sentence at a time:
// `start(z)`, then `step(token)` gives the logits after it. Vectors are views of one memory.

// What both make of a last state: an output, and its product with the vector of every word.
class Head {
  constructor(memory, tensors) {
    const { weight, bias } = layerOf(tensors, "to_embedding");
    const embedding = tensors["embedding.weight"];
    this.memory = memory;
    this.toEmbedding = new Linear(memory, weight);
    this.embedding = new Linear(memory, embedding);
    this.bias = bias.values;
    this.shift = tensors.output_bias.values;
    this.output = memory.take(embedding.shape[1]);
    this.logits = memory.take(embedding.shape[0]);
  }

  of(state) {
    this.output.set(this.bias);
    this.toEmbedding.add(state, this.output);
    this.logits.set(this.shift);
    this.embedding.add(this.output, this.logits);
    return this.logits;
  }
}

const layerOf = (tensors, name) => ({
  weight: tensors[`${name}.weight`],
  bias: tensors[`${name}.bias`],
});

// What a word adds to the gates of the first layer is kept, for so many numbers.
const KEPT = 2_000_000;

class Recurrent {
  constructor(memory, told, tensors) {
    const { embedding_dim: E, hidden: H, latent_dim: Z, layers } = told;
    this.lstm = told.kind === "lstm";
    this.hidden = H;
    this.head = new Head(memory, tensors);
    const gates = (this.lstm ? 4 : 3) * H;
    const part = (name, i) => tensors[`decoder.${name}_l${i}`];
    const states = layerOf(tensors, "to_state");
    this.toState = new Linear(memory, states.weight);
    this.stateBias = states.bias.values;
    this.states = memory.take(this.stateBias.length);
    this.fromWord = new Linear(memory, part("weight_ih", 0), 0, E);
    this.fromLatent = new Linear(memory, part("weight_ih", 0), E, E + Z);
    this.ofLatent = memory.take(gates);
    this.latentBias = part("bias_ih", 0).values;
    this.ofWord = memory.take(gates);
    this.word = memory.take(E);
    this.latent = memory.take(Z);
    this.ofWords = new Map();
    this.layers = Array.from({ length: layers }, (_, i) => ({
      fromBelow: i ? new Linear(memory, part("weight_ih", i)) : null,
      fromState: new Linear(memory, part("weight_hh", i)),
      belowBias: part("bias_ih", i).values,
      stateBias: part("bias_hh", i).values,
      below: memory.take(gates),
      state: memory.take(gates),
      h: memory.take(H),
      c: memory.take(H),
    }));
  }

  start(z) {
    this.latent.set(z);
    this.states.set(this.stateBias);
    this.toState.add(this.latent, this.states);
    this.ofLatent.set(this.latentBias);
    this.fromLatent.add(this.latent, this.ofLatent);
    const { hidden: H, layers } = this;
    layers.forEach((layer, i) => {
      for (let k = 0; k < H; k++) {
        layer.h[k] = Math.tanh(this.states[i * H + k]);
        if (this.lstm) layer.c[k] = Math.tanh(this.states[(layers.length + i) * H + k]);
      }
    });
  }

  step(token) {
    const first = this.layers[0];
    const ofWord = this.wordTerm(token);
    for (let k = 0; k < ofWord.length; k++) first.below[k] = this.ofLatent[k] + ofWord[k];
    let x = null;
    for (const layer of this.layers) {
      if (layer.fromBelow) {
        layer.below.set(layer.belowBias);
        layer.fromBelow.add(x, layer.below);
      }
      layer.state.set(layer.stateBias);
      layer.fromState.add(layer.h, layer.state);
      (this.lstm ? advanceLstm : advanceGru)(layer, this.hidden);
      x = layer.h;
    }
    return this.head.of(x);
  }

  wordTerm(token) {
    const kept = this.ofWords.get(token);
    if (kept) return kept;
    this.head.embedding.row(token, this.word);
    this.ofWord.fill(0);
    this.fromWord.add(this.word, this.ofWord);
    const found = this.ofWord.slice();
    if ((this.ofWords.size + 1) * found.length > KEPT) this.ofWords.clear();
    this.ofWords.set(token, found);
    return found;
  }
}

const sigmoid = (x) => 1 / (1 + Math.exp(-x));

function advanceLstm({ below, state, h, c }, H) {
  for (let k = 0; k < H; k++) {
    const input = sigmoid(below[k] + state[k]);
    const forget = sigmoid(below[H + k] + state[H + k]);
    const cell = Math.tanh(below[2 * H + k] + state[2 * H + k]);
    const output = sigmoid(below[3 * H + k] + state[3 * H + k]);
    c[k] = forget * c[k] + input * cell;
    h[k] = output * Math.tanh(c[k]);
  }
}

function advanceGru({ below, state, h }, H) {
  for (let k = 0; k < H; k++) {
    const reset = sigmoid(below[k] + state[k]);
    const update = sigmoid(below[H + k] + state[H + k]);
    const fresh = Math.tanh(below[2 * H + k] + reset * state[2 * H + k]);
    h[k] = (1 - update) * fresh + update * h[k];
  }
}

class Transformer {
  constructor(memory, told, tensors) {
    const { embedding_dim: E, latent_dim: Z, layers, heads } = told;
    Object.assign(this, { width: E, heads, depth: layers });
    this.head = new Head(memory, tensors);
    const linear = (name) => {
      const { weight, bias } = layerOf(tensors, name);
      return { by: new Linear(memory, weight), bias: bias?.values, y: memory.take(weight.shape[0]) };
    };
    this.toMemory = linear("to_memory");
    this.toInputs = linear("to_inputs");
    this.latent = memory.take(Z);
    this.normed = memory.take(E);
    this.mixed = memory.take(E);
    this.wide = memory.take(4 * E);
    this.x = new Float32Array(E);
    this.norm = layerOf(tensors, "decoder.norm");
    this.layers = Array.from({ length: layers }, (_, i) => {
      const named = (name) => `decoder.layers.${i}.${name}`;
      return {
        attentionNorm: layerOf(tensors, named("attention_norm")),
        feedforwardNorm: layerOf(tensors, named("feedforward_norm")),
        toHeads: linear(named("to_heads")),
        fromHeads: linear(named("from_heads")),
        widen: linear(named("widen")),
        narrow: linear(named("narrow")),
        // A row of z, then of what begins a sentence and of every word.
        keys: new Float32Array((told.max_length + 2) * E),
        values: new Float32Array((told.max_length + 2) * E),
      };
    });
    this.scores = new Float32Array(told.max_length + 2);
  }

  start(z) {
    this.latent.set(z);
    const memory = applied(this.toMemory, this.latent);
    applied(this.toInputs, this.latent);
    const E = this.width;
    this.layers.forEach((layer, i) => {
      layer.keys.set(memory.subarray(2 * i * E, (2 * i + 1) * E));
      layer.values.set(memory.subarray((2 * i + 1) * E, (2 * i + 2) * E));
    });
    this.read = 0;
  }

  step(token) {
    const { x, width: E, normed, wide } = this;
    this.head.embedding.row(token, x, Math.sqrt(E));
    for (let i = 0; i < E; i++) x[i] += position(this.read, i, E) + this.toInputs.y[i];
    this.read++;
    for (const layer of this.layers) {
      normalise(x, layer.attentionNorm, normed);
      this.attend(layer, applied(layer.toHeads, normed));
      plus(x, applied(layer.fromHeads, this.mixed));
      normalise(x, layer.feedforwardNorm, normed);
      const widened = applied(layer.widen, normed);
      for (let i = 0; i < 4 * E; i++) wide[i] = gelu(widened[i]);
      plus(x, applied(layer.narrow, wide));
    }
    normalise(x, this.norm, normed);
    return this.head.of(normed);
  }

  attend({ keys, values }, found) {
    const { width: E, heads, read, scores, mixed } = this;
    const size = E / heads;
    keys.set(found.subarray(E, 2 * E), read * E);
    values.set(found.subarray(2 * E, 3 * E), read * E);
    mixed.fill(0);
    for (let first = 0; first < E; first += size) {
      let best = -Infinity;
      for (let t = 0; t <= read; t++) {
        let sum = 0;
        for (let i = first; i < first + size; i++) sum += found[i] * keys[t * E + i];
        scores[t] = sum / Math.sqrt(size);
        best = Math.max(best, scores[t]);
      }
      let total = 0;
      for (let t = 0; t <= read; t++) total += scores[t] = Math.exp(scores[t] - best);
      for (let t = 0; t <= read; t++) {
        const share = scores[t] / total;
        for (let i = first; i < first + size; i++) mixed[i] += share * values[t * E + i];
      }
    }
  }
}

function applied({ by, bias, y }, x) {
  if (bias) y.set(bias);
  else y.fill(0);
  by.add(x, y);
  return y;
}

function plus(x, y) {
  for (let i = 0; i < x.length; i++) x[i] += y[i];
}

function normalise(x, { weight, bias }, out) {
  let mean = 0;
  for (const value of x) mean += value / x.length;
  let variance = 0;
  for (const value of x) variance += (value - mean) ** 2 / x.length;
  const scale = 1 / Math.sqrt(variance + 1e-5);
  for (let i = 0; i < x.length; i++) {
    out[i] = (x[i] - mean) * scale * weight.values[i] + bias.values[i];
  }
}

// Sine and cosine of a place in a sentence, rounded where torch rounds.
function position(place, i, width) {
  const exponent = Math.fround((i - (i % 2)) / width);
  const angle = Math.fround(place * Math.fround(10_000 ** -exponent));
  return i % 2 ? Math.cos(angle) : Math.sin(angle);
}

const gelu = (x) => 0.5 * x * (1 + erf(x / Math.SQRT2));

// A Chebyshev fit of erfc, its relative error below 1.2e-7 (Press et al., 1992, section 6.2).
const FIT = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398,
  1.48851587, -0.82215223, 0.17087277,
];

function erf(x) {
  const t = 1 / (1 + 0.5 * Math.abs(x));
  const fit = FIT.reduceRight((sum, factor) => sum * t + factor, 0);
  const rest = t * Math.exp(fit - x * x);
  return x >= 0 ? 1 - rest : rest - 1;
}
