// Numbers of tokens to a sentence as it is written: what `vae.tokenizer.Tokenizer.decode` does,
// with its tables. Python's \w, \d and \s hold all of Unicode, JavaScript's do not.

const LETTER = "[\\p{L}\\p{N}_]";
const NO_LETTER = "[^\\p{L}\\p{N}_]";
const BLANKS =
  "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const WORD = /[\p{L}\p{N}]+/gu;
const DECIMAL = /^\p{Nd}+$/u;
const FIRST = new RegExp(`^${NO_LETTER}*${LETTER}`, "u");
const SAYS_I = new RegExp(
  `(^|${NO_LETTER})i(?=$|[${BLANKS}]|[,;:?!]|\\.(?!e(?!${LETTER}))|['’](?:m|ve|ll|d)(?!${LETTER}))`,
  "gu"
);
const STRIPPED = new RegExp(`^[${BLANKS}]+|[${BLANKS}]+$`, "gu");
const NARROW = /([\u3001-\u30ff\u3400-\u4dbf\u4e00-\u9fff])([,!?:;])(?!\p{Nd})/gu;
const WIDE = { ",": "，", "!": "！", "?": "？", ":": "：", ";": "；" };

class Words {
  constructor(told) {
    this.scheme = told.scheme;
    this.vocabulary = told.vocabulary;
    this.cases = new Map(Object.entries(told.cases));
    this.before = new Set(told.no_space_before);
    this.after = new Set(told.no_space_after);
    this.abbreviated = new Set(told.abbreviated.map((pair) => pair.join(" ")));
    this.unspaced = new RegExp(`^[${told.unspaced}]`, "u");
  }

  text(ids) {
    const words = Array.from(ids, (id) => this.vocabulary[id]);
    return capitalised(withWideMarks(this.cased(this.joined(words))));
  }

  joined(words) {
    if (this.scheme === "space") return words.join(" ");
    if (this.scheme === "character") {
      return words.join("").replaceAll(BLANK, " ").replace(STRIPPED, "");
    }
    if (this.scheme === "bpe") {
      return words.map((word, i) => word.replaceAll(BLANK, i ? " " : "")).join("");
    }
    return this.detokenised(words);
  }

  detokenised(words) {
    let out = "";
    let last = "";
    let glue = true; // the next word follows without a blank
    const opened = new Map([['"', false], ["'", false]]);
    let apostrophes = words.filter((word) => word === "'").length;
    words.forEach((word, i) => {
      let opens = false;
      let closes = false;
      if (opened.has(word)) {
        closes = opened.get(word);
        opens = !closes && (word === '"' || apostrophes % 2 === 0);
        opened.set(word, opens);
      }
      if (word === "'") apostrophes--;
      const meets = this.unspaced.test(last) || this.unspaced.test(word);
      const joined = glue || meets || closes || (this.before.has(word) && !opens);
      out += joined ? word : " " + word;
      last = Array.from(word).pop();
      glue = opens || this.after.has(word) || this.inside(words, i);
    });
    return capitalised(out);
  }

  // Whether the word is the point inside "2.5", "i.e." or "e.g.".
  inside(words, i) {
    if (words[i] !== "." || i === 0 || i === words.length - 1) return false;
    const [before, after] = [words[i - 1], words[i + 1]];
    if (this.abbreviated.has(`${before} ${after}`)) return true;
    return DECIMAL.test(before) && DECIMAL.test(after);
  }

  // The usual case of each word, where that is read as the same.
  cased(text) {
    if (!this.cases.size) return text;
    const said = text.replace(WORD, (word) => this.cases.get(word.toLowerCase()) ?? word);
    return said === text || asRead(said) === asRead(text) ? said : text;
  }
}

function withWideMarks(text) {
  return text.replace(NARROW, (_, before, mark) => before + WIDE[mark]);
}

function capitalised(text) {
  return text.replace(SAYS_I, "$1I").replace(FIRST, (start) => start.toUpperCase());
}
