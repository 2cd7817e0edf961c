// How a model reads a text, and into which parts it falls: what `vae.tokenizer` does.

// A word with its inner apostrophes and hyphens; "<unk>" is one.
const IN_WORD = "[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}]";
const READ_WORD = new RegExp(`<unk>|${IN_WORD}+(?:['’\\-]${IN_WORD}+)*`, "uy");
// `vae.scripts.UNSPACED`: a sign of a script that parts no words by blanks, with its marks.
const UNSPACED_SIGN =
  "(?:[\\u0e00-\\u0e3e\\u0e40-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u1950-\\u19df\\u1a20-\\u1aaf" +
  "\\u3005-\\u3007\\u3021-\\u3029\\u3031-\\u3035\\u303b\\u3040-\\u30ff\\u31f0-\\u31ff" +
  "\\u3400-\\u4dbf\\u4e00-\\u9fff\\ua9e0-\\ua9ff\\uaa60-\\uaadf\\uf900-\\ufaff\\uff66-\\uff9f" +
  "\\u{20000}-\\u{323af}]" +
  "[\\u0e31\\u0e34-\\u0e3a\\u0e47-\\u0e4e\\u0eb1\\u0eb4-\\u0ebc\\u0ec8-\\u0ecd\\u102b-\\u103e" +
  "\\u1056-\\u1059\\u17b4-\\u17d3\\u3099\\u309a\\uff9e\\uff9f]*)";
const SYNTAX = /[\\^$.*+?()[\]{}|\/]/g;
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

// The longest of these words at a place, or the signs up to the next one: what a tokenizer with a
// lexicon finds.
function lexiconOf(words) {
  const longestFirst = [...words].sort((a, b) => b.length - a.length);
  const known = `(?:${longestFirst.map((word) => word.replace(SYNTAX, "\\$&")).join("|")})`;
  const parts = [known, `(?:(?!${known})${UNSPACED_SIGN})+`, `(?:(?!${UNSPACED_SIGN})${IN_WORD})+`];
  return new RegExp(parts.join("|"), "uy");
}

// The parts of a text as it is read, each with where it begins. Schemes are those of
// `vae.spelling.Vocabulary`; all but words and what spaces part are signs, of which one may have
// several code points, but not in earlier versions, nor in "bpe". Of a lexicon its pattern is told.
function* partsOf(text, scheme, lexicon) {
  if (scheme === "character") text = text.replace(INNER_BLANK, BLANK);
  const found = (pattern, at) => ((pattern.lastIndex = at), pattern.exec(text)?.[0]);
  const whole = { word: READ_WORD, earlier: READ_WORD, space: UNSPACED_PART, lexicon }[scheme];
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
