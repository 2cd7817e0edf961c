// Below a field: its lines that have unknown words, these marked while one types, and buttons that
// put a known word in the place of one. The field is Streamlit's own, and stays as it is: here its
// text is read, and a button types into it as a person does.
const vocabularies = new Map();
const MOST_LINES = 3;
const MOST_WORDS = 8;
const MOST_NEAR = 2;
const MOST_TRIES = 5;
const RETRY_MS = 2000;

async function fetched(url) {
  // The address has the digest in it, so what the browser has kept is never stale.
  const answer = await fetch(url, { cache: "force-cache" });
  if (!answer.ok) throw new Error(answer.status);
  const plain = answer.body.pipeThrough(new DecompressionStream("gzip"));
  return readVocabulary(await new Response(plain).json());
}

function load(url) {
  if (!vocabularies.has(url)) {
    const found = fetched(url).catch(() => { vocabularies.delete(url); return null; });
    vocabularies.set(url, found);
  }
  return vocabularies.get(url);
}

const fieldOf = (view) => document.querySelector(`.${view.data.field} :is(input, textarea)`);

// The places of a line that any of the models does not know, in order; those that overlap are one.
function places(line, models, typing) {
  const found = models.flatMap((model) => unknownParts(line, model));
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const kept = found.filter((place, i) => !found.slice(0, i).some((one) => one.end > place.start));
  const last = kept.at(-1);
  // A word is not wrong while it is being typed.
  const become = typing && last?.end === line.length && models.some((m) => begins(last.part, m));
  return become ? kept.slice(0, -1) : kept;
}

// Of many lines one changes at a time: those that are all known stay so.
function unknownLines(view, text, typing) {
  const found = [];
  for (const line of text.split("\n")) {
    if (line.length > view.data.longest || view.fine.has(line)) continue;
    const of = places(line, view.models, typing);
    if (of.length) found.push([line, of]);
    else if (!typing) view.fine.add(line);
    if (found.length === MOST_LINES) break;
  }
  return found;
}

function draw(view) {
  if (!view.models) return;
  const field = fieldOf(view);
  const text = field ? field.value : view.data.text;
  const focused = field && document.activeElement === field && text !== view.data.text;
  const typing = Boolean(focused && field.selectionEnd === text.length);
  const state = JSON.stringify([text, typing, view.data.id]);
  if (state === view.drawn) return;
  view.drawn = state;
  const lines = unknownLines(view, text, typing);
  const words = [...new Set(lines.flatMap(([, of]) => of.map((place) => place.part)))];
  view.marked.replaceChildren();
  for (const [line, of] of lines) mark(make("p", "", view.marked), line, of);
  offer(view, words.slice(0, MOST_WORDS));
  const { unknown, between } = view.data.words;
  const said = words.length ? unknown.replace("{words}", words.join(between)) : "";
  if (view.status.textContent !== said) view.status.textContent = said;
}

function mark(paragraph, line, of) {
  paragraph.dir = "auto";
  let at = 0;
  for (const { start, end } of of) {
    paragraph.append(line.slice(at, start));
    make("span", "unknown", paragraph, line.slice(start, end));
    at = end;
  }
  paragraph.append(line.slice(at));
}

function offer(view, words) {
  view.offers.replaceChildren();
  const [first, ...others] = view.models;
  for (const word of words) {
    const near = nearestWords(word, first, 9).filter((n) => others.every((m) => m.known.has(n)));
    for (const known of near.slice(0, MOST_NEAR)) {
      if (!view.offers.childElementCount) make("span", "", view.offers, view.data.words.near);
      const text = view.data.words.offer.replace("{word}", word).replace("{known}", known);
      const button = make("button", "", view.offers, text);
      button.type = "button";
      // The field keeps the focus: without it, it would send the text as it is now.
      button.onpointerdown = button.onmousedown = (event) => event.preventDefault();
      button.onclick = () => type(view, word, known);
    }
  }
}

// As a person types it, and presses Enter.
function type(view, word, known) {
  const field = fieldOf(view);
  if (!field) return;
  const lines = field.value.split("\n").map((line) => {
    const of = places(line, view.models, false).filter((place) => place.part === word);
    return of.length ? replacedAt(line, of, known) : line;
  });
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value").set.call(field, lines.join("\n"));
  field.dispatchEvent(new Event("input", { bubbles: true }));
  const enter = { key: "Enter", code: "Enter", keyCode: 13, bubbles: true, cancelable: true };
  field.dispatchEvent(new KeyboardEvent("keydown", { ...enter, ctrlKey: field.tagName !== "INPUT" }));
  draw(view);
}

// Until the words that a model knows are there, those of another say nothing of a text.
function read(view, data, tries) {
  const asked = data.urls.join(" ");
  if (view.asked !== asked) {
    Object.assign(view, { asked, models: null, drawn: null });
    view.marked.replaceChildren();
    view.offers.replaceChildren();
    view.status.textContent = "";
  }
  Promise.all(data.urls.map(load)).then((models) => {
    if (view.data !== data) return;
    if (!models.every(Boolean)) {
      if (tries > 1) setTimeout(read, RETRY_MS, view, data, tries - 1);
      return;
    }
    view.models = models;
    view.fine = new Set();
    draw(view);
  });
}

const kept = new WeakMap();

export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".word-marks");
  if (!root || !data) return;
  let view = kept.get(root);
  if (!view) {
    // What a view that ended has left there is not what holds now.
    root.replaceChildren();
    view = { marked: make("div", "marked", root), offers: make("div", "offers", root) };
    view.status = make("div", "status", root);
    view.status.setAttribute("role", "status");
    view.typed = () => draw(view);
    // Streamlit may put another field in the place of this one, or other text into it.
    document.addEventListener("input", view.typed, true);
    view.clock = setInterval(view.typed, 300);
    kept.set(root, view);
  }
  view.data = data;
  read(view, data, MOST_TRIES);
  return () => {
    document.removeEventListener("input", view.typed, true);
    clearInterval(view.clock);
    kept.delete(root);
  };
}
