// A run's decoder, as `vae.browser.pack` packs it. It says what `vae.decoding` says of the same
// weights.
//
//   const decoder = Decoder.read(arrayBuffer);
//   decoder.greedy(latents)                        the likeliest token each time
//   decoder.sample(latents, {temperature, seed})   drawn: the tokens that torch draws from the seed
//   decoder.score(latents, tokens)                 log p of sentences that are given
//
// `latents` is a Float32Array of n times `decoder.latentDim`. Every sentence is
// {tokens, text, logp, ended}: tokens without the end of sentence, log p of each of them in nats
// given what is before it and z, with the end last where the sentence `ended` by itself.

export class Decoder {
  static read(buffer) {
    const { told, tensors } = readTensors(buffer);
    if (told.format !== 1) throw new Error(`a packed decoder of format ${told.format}`);
    return new Decoder(told, tensors);
  }

  constructor(told, tensors) {
    const Network = told.kind === "transformer" ? Transformer : Recurrent;
    const shapes = Object.values(tensors).map(({ shape }) => shape).filter((s) => s.length === 2);
    this.told = told;
    this.latentDim = told.latent_dim;
    this.memory = new Memory(shapes);
    this.network = new Network(this.memory, told, tensors);
    this.words = new Words(told.words);
  }

  // Whether WebAssembly multiplies.
  get fast() {
    return this.memory.multiply !== null;
  }

  greedy(latents) {
    return this.rows(latents).map((z) => this.unroll(z, best));
  }

  // `row`: which row of torch's table of uniform numbers the first latent uses.
  sample(latents, { temperature = 1, seed = 0, row = 0 } = {}) {
    if (!(temperature > 0 && temperature < Infinity)) throw new Error("a temperature above 0");
    const length = this.told.max_length;
    const uniform = new Uniform(seed);
    for (let i = 0; i < row * length; i++) uniform.next();
    return this.rows(latents).map((z) => {
      const drawn = Float64Array.from({ length }, () => uniform.next());
      return this.unroll(z, (logits, step) => draw(logits, temperature, drawn[step]));
    });
  }

  // log p of every token and of the end of sentence, for n lists of tokens.
  score(latents, tokens) {
    return this.rows(latents).map((z, i) => {
      if (tokens[i].length > this.told.max_length) throw new Error("a sentence that is too long");
      this.network.start(z);
      const before = [this.told.start, ...tokens[i]];
      return [...tokens[i], this.told.end].map((token, t) => {
        const logits = this.network.step(before[t]);
        return logits[token] - logSum(logits);
      });
    });
  }

  rows(latents) {
    const Z = this.latentDim;
    if (latents.length % Z) throw new Error(`latents of ${Z} numbers each`);
    return Array.from({ length: latents.length / Z }, (_, i) =>
      latents.slice(i * Z, (i + 1) * Z)
    );
  }

  unroll(z, choose) {
    const { start, end, unspoken, max_length: length } = this.told;
    const tokens = [];
    const logp = [];
    let token = start;
    this.network.start(z);
    for (let step = 0; step < length; step++) {
      const logits = this.network.step(token);
      const total = logSum(logits);
      for (const none of unspoken) logits[none] = -Infinity;
      token = choose(logits, step);
      logp.push(logits[token] - total);
      if (token === end) break;
      tokens.push(token);
    }
    return { tokens, text: this.words.text(tokens), logp, ended: token === end };
  }
}

function best(logits) {
  let at = 0;
  for (let i = 1; i < logits.length; i++) if (logits[i] > logits[at]) at = i;
  return at;
}

// The first token whose cumulative probability is above a share of all of it.
function draw(logits, temperature, share) {
  const top = logits[best(logits)];
  const mass = Float64Array.from(logits, (logit) => Math.exp((logit - top) / temperature));
  const total = mass.reduce((sum, one) => sum + one, 0);
  let sum = 0;
  for (let i = 0; i < mass.length; i++) if ((sum += mass[i]) > share * total) return i;
  return mass.length - 1;
}

function logSum(logits) {
  const top = logits[best(logits)];
  let sum = 0;
  for (let i = 0; i < logits.length; i++) sum += Math.exp(logits[i] - top);
  return top + Math.log(sum);
}
