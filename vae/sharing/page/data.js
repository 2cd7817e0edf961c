// What the file holds, and how it is said: data, words in the language chosen, elements.

const $ = (id) => document.getElementById(id);
const content = JSON.parse($("content").textContent);
const root = document.documentElement;

// What the file holds in bytes, by the name of its element: numbers of two bytes, as
// `vae.sharing.page.shrink.squeezed` leaves them.
const held = {};
for (const element of document.querySelectorAll('[type="application/octet-stream"]')) {
  held[element.id] = await unsqueezed(bytesIn(element.textContent));
  element.remove();
}

async function unsqueezed(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const planes = new Uint8Array(await new Response(stream).arrayBuffer());
  const half = planes.length / 2;
  const numbers = new Uint8Array(planes.length);
  for (let i = 0; i < half; i++) {
    numbers[2 * i] = planes[i];
    numbers[2 * i + 1] = planes[half + i];
  }
  return numbers.buffer;
}

function bytesIn(packed) {
  const text = atob(packed);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

function halvesOf(id) {
  const half = new Uint16Array(held[id]);
  return Float32Array.from(half, (bits) => HALVES[bits]);
}

// A word of the page, its placeholders filled. Numbers are said as the language writes them.
function say(key, values = {}) {
  const text = content.words[root.lang][key];
  return text.replace(/\{(\w+)\}/g, (_, name) =>
    typeof values[name] === "number" ? values[name].toLocaleString(root.lang) : values[name]
  );
}

function digits(value, n = 2) {
  const form = { minimumFractionDigits: n, maximumFractionDigits: n };
  return value.toLocaleString(root.lang, form).replace("-", "−");
}

// One after the other; a full-width sign brings its own space.
const sentences = (...said) => said.join(root.lang === "zh" ? "" : " ");

const told = (text) => text || say("nothing");

// An element with attributes and children; text becomes text nodes only.
function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// The words of a text, each with whether it is in another place than in the text before (longest
// common subsequence). Where no blanks part words, signs stand for them.
const UNSPACED = /[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff]/;

function marked(text, before) {
  const split = (t) => (UNSPACED.test(t) ? Array.from(t) : t.split(/(?<= )/));
  const plain = (word) => word.trim().toLowerCase();
  const [a, b] = [split(before), split(text)];
  const best = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const same = plain(a[i]) === plain(b[j]);
      best[i][j] = same ? best[i + 1][j + 1] + 1 : Math.max(best[i + 1][j], best[i][j + 1]);
    }
  }
  const pieces = [];
  for (let i = 0, j = 0; j < b.length; ) {
    if (i < a.length && plain(a[i]) === plain(b[j])) {
      pieces.push(b[j++]);
      i++;
    } else if (i < a.length && best[i + 1][j] >= best[i][j + 1]) i++;
    else {
      const word = b[j++];
      pieces.push(el("mark", {}, word.trimEnd()), word.slice(word.trimEnd().length));
    }
  }
  return pieces;
}

// Shows a sentence with what differs from the one before it there.
function showSaid(element, text, before = null) {
  if (element.dataset.text === text && before === null) return;
  element.dataset.text = text;
  element.replaceChildren(...(before === null ? [told(text)] : marked(told(text), told(before))));
}

const colour = (name) => getComputedStyle(root).getPropertyValue(`--${name}`).trim();
