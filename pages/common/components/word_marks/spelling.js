// Which words of a text a model does not know, and the known ones near to them: what
// vae/tokenizer.py and vae/spelling.py say, for a browser that asks at every key.
// reading.js of vae/browser stands before it.
const LETTER = /\p{L}/u;
const PLAIN = /^[\x20-\x7e]*$/;

// A vocabulary as `Tokenizer.vocabulary` says it, ready to be asked.
function readVocabulary({ scheme, known }) {
  const words = scheme === "bpe" || scheme === "character" ? [] : known;
  const spelt = words
    .map((word, rank) => ({ word, rank, signs: [...word], letters: lettersOf(word) }))
    .filter(({ word }) => LETTER.test(word));
  const lexicon = scheme === "lexicon" ? lexiconOf(known) : undefined;
  const sorted = [...words].sort();
  return { scheme, lexicon, known: new Set(known), sorted, spelt, near: new Map() };
}

// Which letters a word has, as the bits of a number.
function lettersOf(word) {
  let bits = 0;
  for (const sign of word) bits |= 1 << sign.codePointAt(0) % 32;
  return bits;
}

function bitCount(bits) {
  let n = 0;
  for (; bits; bits &= bits - 1) n++;
  return n;
}

// The text as it is read, and of each place in it which part of the text as it is typed it is of.
function normalised(text) {
  if (PLAIN.test(text)) {
    const places = Array.from(text, (_, i) => i);
    return { read: text.toLowerCase(), from: places, to: places.map((i) => i + 1) };
  }
  let read = "";
  const from = [];
  const to = [];
  for (const { segment, index } of SIGNS.segment(text)) {
    const sign = asRead(segment);
    read += sign;
    for (let i = 0; i < sign.length; i++) {
      from.push(index);
      to.push(index + segment.length);
    }
  }
  return { read, from, to };
}

// The unknown parts of a text: as they are read, and where they stand in it.
function unknownParts(text, vocabulary) {
  const { read, from, to } = normalised(text);
  const found = [];
  for (const [written, at] of partsOf(read, vocabulary.scheme, vocabulary.lexicon)) {
    const part = vocabulary.scheme === "space" ? written.replace(SPECIAL, "$1") : written;
    if (vocabulary.known.has(part)) continue;
    found.push({ part, start: from[at], end: to[at + written.length - 1] });
  }
  return found;
}

// Whether a known word begins so: what is being typed may become it.
function begins(start, { sorted }) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < start) low = middle + 1;
    else high = middle;
  }
  return low < sorted.length && sorted[low].startsWith(start);
}

// As `edit_distance` of vae/spelling.py, of words as lists of signs.
function editDistance(a, b, most) {
  let before = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      let cost = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] !== b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, before[j - 2] + 1);
      next.push(cost);
    }
    if (Math.min(...next) > most && Math.min(...row) > most) return most + 1;
    [before, row] = [row, next];
  }
  return row[b.length];
}

// As `nearest_words` of vae/spelling.py: at most k known words, the nearest first.
function nearestWords(word, vocabulary, k) {
  if (!vocabulary.near.has(word)) vocabulary.near.set(word, nearest(word, vocabulary.spelt));
  return vocabulary.near.get(word).slice(0, k);
}

function nearest(word, spelt) {
  const signs = [...word];
  const letters = lettersOf(word);
  const most = Math.min(3, Math.max(1, Math.floor((signs.length * 3) / 8)));
  const found = [];
  for (const known of spelt) {
    // An edit changes the length by one, and the set of letters by two, at most.
    if (Math.abs(known.signs.length - signs.length) > most) continue;
    if (bitCount(known.letters ^ letters) > 2 * most) continue;
    const edits = editDistance(signs, known.signs, most);
    // Few misspell the first letter.
    if (edits && edits <= most) found.push([edits + (signs[0] !== known.signs[0]), known]);
  }
  found.sort(([a, one], [b, other]) => a - b || one.rank - other.rank);
  return found.map(([, known]) => known.word);
}

// A text with the parts at some places changed; a capital stays one.
function replacedAt(text, places, by) {
  let out = "";
  let at = 0;
  for (const { start, end } of places) {
    const first = [...text.slice(start, end)][0];
    const capital = first !== first.toLowerCase();
    const [head, ...rest] = by;
    out += text.slice(at, start) + (capital ? head.toUpperCase() + rest.join("") : by);
    at = end;
  }
  return out + text.slice(at);
}
