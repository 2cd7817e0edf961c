// How a model reads a text, and into which parts it falls: what `vae.tokenizer` does.

// A word with its inner apostrophes and hyphens; "<unk>" is one.
const IN_WORD = "[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}]";
const READ_WORD = new RegExp(`<unk>|${IN_WORD}+(?:['’\\-]${IN_WORD}+)*`, "uy");
const UNSPACED_PART = /\P{White_Space}+/uy;
// Special tokens that somebody types are words like others; <unk> says that one is not known.
const SPECIAL = /<(pad|bos|eos)>/g;
// What stands for the blanks between two characters: here the last of them.
const BLANK = "▁";
const INNER_BLANK = /(?<=\P{White_Space}\p{White_Space}*)\p{White_Space}(?=\P{White_Space})/gu;
const SPACE = /\p{White_Space}/uy;
const PLAIN_SIGN = /[\x21-\x7e](?![^\x20-\x7e])/y;
const SIGNS = new Intl.Segmenter("en", { granularity: "grapheme" });
// Newer versions of Unicode join consonants across a virama, as of Hindi; Python's parts them.
const JOINT = /(?<=[\u094d\u09cd\u0acd\u0b4d\u0c4d\u0d4d])(?=\p{L})/u;

// Sign by sign, without the sigma that ends a word.
function asRead(text) {
  return Array.from(text.normalize("NFKC"), (sign) => sign.toLowerCase()).join("");
}

// The parts of a text as it is read, each with where it begins. Schemes are those of
// `vae.spelling.Vocabulary`; all but words and what spaces part are signs, of which one may have
// several code points, but not in earlier versions, nor in "bpe".
function* partsOf(text, scheme) {
  if (scheme === "character") text = text.replace(INNER_BLANK, BLANK);
  const found = (pattern, at) => ((pattern.lastIndex = at), pattern.exec(text)?.[0]);
  const whole = { word: READ_WORD, earlier: READ_WORD, space: UNSPACED_PART }[scheme];
  const codePoint = (at) => String.fromCodePoint(text.codePointAt(at));
  const cluster = (at) => {
    const { segment } = SIGNS.segment(text.slice(at))[Symbol.iterator]().next().value;
    return segment.split(JOINT, 1)[0];
  };
  const sign = scheme === "earlier" || scheme === "bpe" ? codePoint : cluster;
  for (let at = 0; at < text.length; at++) {
    if (found(SPACE, at)) continue;
    const part = (whole && found(whole, at)) ?? found(PLAIN_SIGN, at) ?? sign(at);
    yield [part, at];
    at += part.length - 1;
  }
}
