// Who answers: the decoder in a worker; where a browser starts none, here in the page.

class Here {
  constructor(buffer) {
    this.decoder = Decoder.read(buffer);
    this.ready = Promise.resolve();
  }

  async greedy(latents) {
    return this.decoder.greedy(latents);
  }

  async sample(latents, options) {
    return this.decoder.sample(latents, options);
  }

  async latest(z) {
    return this.decoder.greedy(z)[0];
  }
}

const weights = held["decoder-weights"];
let answers = (() => {
  try {
    return new DecoderClient($("library").textContent, weights.slice());
  } catch {
    return new Here(weights);
  }
})();

const encoderWeights = held["encoder-weights"];
let encoder = null;

// What the model keeps of a sentence. Throws a key of the words where it can keep nothing.
function encoded(sentence) {
  encoder ??= Encoder.read(weights, encoderWeights);
  try {
    const found = encoder.encode(sentence);
    if (found) return found;
  } catch (error) {
    throw error instanceof RangeError ? new Error("too long") : error;
  }
  throw new Error("empty");
}

// Rows by their sentence, case and blanks aside.
const plainly = (text) => text.trim().toLowerCase().replace(/\s+/g, " ");
const rowsBySentence = new Map();
content.sentences.forEach((sentence, row) => {
  const key = plainly(sentence);
  if (!rowsBySentence.has(key)) rowsBySentence.set(key, row);
});

const stored = (row) => ({ row, text: content.sentences[row], z: space.at(row) });

// What somebody typed, as a point of the space: a stored sentence, else one that the model reads,
// else the first stored one with all its words. Throws a key of the words where there is none.
function meant(text) {
  const plain = plainly(text);
  if (!plain) throw new Error("empty");
  const row = rowsBySentence.get(plain);
  if (row !== undefined) return stored(row);
  if (encoderWeights) {
    const { mean, unknown } = encoded(text);
    return { row: -1, text: text.trim(), z: mean, unknown };
  }
  const words = plain.split(" ");
  const found = content.sentences.findIndex((sentence) => {
    const held = sentence.toLowerCase();
    return words.every((word) => held.includes(word));
  });
  if (found < 0) throw new Error("not stored");
  return stored(found);
}

// A stored sentence that the class's seed draws, another one each time.
const luck = new Uniform(content.seed);
const anyRow = () => Math.floor(luck.next() * space.n);
