// Where the terms of the glossary stand in a text.
const LATIN = /^[\p{Script=Latin}\p{Script=Greek}\p{N}\p{P}\p{S}\s]+$/u;

// Terms ready to be looked for: one pattern, in which a longer form comes before one that is in it.
function readTerms(terms) {
  const of = new Map();
  for (const term of terms) for (const form of term.forms) of.set(form.toLowerCase(), { term, form });
  const forms = [...of.values()].map(({ form }) => form).sort((a, b) => b.length - a.length);
  const parts = forms.map((form) => {
    const text = form.replace(/[.*+?^${}()|[\]\\\/]/g, "\\$&").replace(/ /g, "\\s+");
    // Latin words end at what is no letter; Chinese has no such ends.
    return LATIN.test(form) ? `(?<![\\p{Script=Latin}\\p{N}_])${text}(?![\\p{Script=Latin}\\p{N}_])` : text;
  });
  return { of, pattern: new RegExp(parts.join("|") || "(?!)", "giu") };
}

// What has two capitals is a name, which small letters are not.
const isName = (form) => /\p{Lu}.*\p{Lu}/u.test(form);

// The terms of a text: where each begins and ends.
function termsOf(text, { of, pattern }) {
  const found = [];
  for (const { 0: written, index } of text.matchAll(pattern)) {
    const { term, form } = of.get(written.toLowerCase().replace(/\s+/g, " ")) ?? {};
    if (!term || (isName(form) && written !== form)) continue;
    found.push({ start: index, end: index + written.length, term });
  }
  return found;
}
