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

// The parts of a sentence, with a mark on what the one before does not have.
function withMarks(text, before = null) {
  const pieces = marked(told(text), before === null ? null : told(before));
  return pieces.map(([piece, changed]) => (changed ? el("mark", {}, piece) : piece));
}

// Shows a sentence with what differs from the one before it there.
function showSaid(element, text, before = null) {
  if (element.dataset.text === text && before === null) return;
  element.dataset.text = text;
  element.replaceChildren(...withMarks(text, before));
}

const colour = (name) => getComputedStyle(root).getPropertyValue(`--${name}`).trim();
