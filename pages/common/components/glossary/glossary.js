// The technical words of a page, without touching what Streamlit has drawn: the first of each is
// underlined by the CSS highlights of its place, and the pointer is told apart by the letter below it.
const QUIET = 400; // ms after the last change of the page
const DWELL = 220; // ms over a word, so that a passing pointer opens nothing
const LEAVE = 250; // ms to get from the word to its card
const SKIP =
  "input, textarea, select, button, a, code, pre, kbd, mark, script, style, [dir=auto], " +
  "[contenteditable], .katex, math, svg, [data-testid=stDataFrame], [data-testid=stSidebar], [role=tablist]";
const UNDERLINE = "latent-lens-term";
const lists = new Map();

function load(url) {
  if (!lists.has(url)) {
    const found = fetch(url, { cache: "force-cache" })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
      .catch(() => { lists.delete(url); return null; });
    lists.set(url, found);
  }
  return lists.get(url);
}

const pageBody = () => document.querySelector('[data-testid="stMain"]');

// What lies on the page: text node to its terms. Underlined is the first of each that stands in no
// heading, since a heading is to be read at once.
function scan(view) {
  if (!view.terms) return;
  view.at = new WeakMap();
  const first = new Map();
  const here = new Set();
  const walker = document.createTreeWalker(pageBody() ?? document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const found = termsOf(node.data, view.terms);
    if (!found.length || node.parentElement?.closest(SKIP)) continue;
    view.at.set(node, found);
    const heading = node.parentElement?.closest("h1, h2, h3, h4");
    for (const { term, start, end } of found) {
      here.add(term);
      if (!heading && !first.has(term)) first.set(term, rangeOf(node, start, end));
    }
  }
  if (window.CSS?.highlights) CSS.highlights.set(UNDERLINE, new Highlight(...first.values()));
  if (!view.data.everything) list(view, [...here]);
}

function rangeOf(node, start, end) {
  const range = document.createRange();
  range.setStart(node, start);
  range.setEnd(node, end);
  return range;
}

// The term whose letters lie below a point of the window.
function termAt(view, x, y) {
  const caret = document.caretPositionFromPoint?.(x, y);
  const old = caret ? null : document.caretRangeFromPoint?.(x, y);
  const node = caret?.offsetNode ?? old?.startContainer;
  const offset = caret?.offset ?? old?.startOffset;
  for (const { start, end, term } of (node && view.at?.get(node)) || []) {
    if (offset < start || offset > end || end > node.data.length) continue;
    // The nearest letter is named beside a line as well.
    for (const box of rangeOf(node, start, end).getClientRects())
      if (x >= box.left && x <= box.right && y >= box.top && y <= box.bottom) return { term, box };
  }
  return null;
}

function open(view, { term, box }) {
  clearTimeout(view.closing);
  if (view.shown === term) return;
  view.shown = term;
  view.card.replaceChildren();
  explain(view, term, view.card);
  view.card.hidden = false;
  const { width, height } = view.card.getBoundingClientRect();
  const left = Math.max(8, Math.min(box.left, window.innerWidth - width - 8));
  const below = box.bottom + height + 8 < window.innerHeight;
  view.card.style.left = `${left}px`;
  view.card.style.top = `${below ? box.bottom + 4 : Math.max(8, box.top - height - 4)}px`;
}

function close(view) {
  clearTimeout(view.opening);
  view.shown = null;
  view.card.hidden = true;
}

function explain(view, term, parent) {
  make("p", "name", parent, term.forms[0]);
  make("p", "meaning", parent, term.meaning);
  if (!term.lesson) return;
  const link = make("button", "lesson", parent, view.data.words.lesson);
  link.type = "button";
  // Of many that read alike, who listens is told which is which.
  link.setAttribute("aria-label", `${view.data.words.lesson}: ${term.forms[0]}`);
  link.onclick = () => { close(view); view.tell("lesson", term.lesson); };
}

function list(view, terms) {
  const { words, everything } = view.data;
  const told = JSON.stringify([view.data.id, terms.map((term) => term.id)]);
  if (told === view.listed) return;
  view.listed = told;
  view.label.textContent = words.here.replace("{n}", terms.length);
  view.details.hidden = !everything && !terms.length;
  const sorted = [...terms].sort((a, b) => a.forms[0].localeCompare(b.forms[0]));
  view.entries.replaceChildren();
  for (const term of sorted) explain(view, term, make("div", "entry", view.entries));
  if (!sorted.length) make("p", "meaning", view.entries, words.none);
}

function search(view) {
  const asked = view.field.value.trim().toLowerCase();
  const fits = (text) => text.toLowerCase().includes(asked);
  list(view, view.all.filter((term) => term.forms.some(fits) || fits(term.meaning)));
}

function build(root) {
  const view = { card: make("div", "card", root), listed: "", shown: null };
  view.card.hidden = true;
  view.card.setAttribute("role", "tooltip");
  view.field = make("input", "search", root);
  view.field.type = "search";
  view.field.oninput = () => search(view);
  view.details = make("details", "", root);
  view.label = make("summary", "", view.details);
  view.entries = make("div", "entries", view.details);
  return view;
}

function listen(view) {
  const over = (event) => event.composedPath().includes(view.card);
  const stop = new AbortController();
  const on = (name, act, target = document) =>
    target.addEventListener(name, act, { signal: stop.signal, passive: true });
  on("pointermove", (event) => {
    if (event.pointerType === "touch" || event.buttons) return;
    cancelAnimationFrame(view.frame);
    view.frame = requestAnimationFrame(() => {
      clearTimeout(view.opening);
      if (over(event)) return clearTimeout(view.closing);
      const found = termAt(view, event.clientX, event.clientY);
      if (found) view.opening = setTimeout(() => open(view, found), DWELL);
      else if (view.shown) {
        clearTimeout(view.closing);
        view.closing = setTimeout(() => close(view), LEAVE);
      }
    });
  });
  on("click", (event) => {
    if (over(event)) return;
    const found = termAt(view, event.clientX, event.clientY);
    if (found) open(view, found);
    else close(view);
  });
  on("keydown", (event) => { if (event.key === "Escape") close(view); });
  on("scroll", () => close(view), pageBody() ?? window);
  const later = () => {
    clearTimeout(view.later);
    view.later = setTimeout(() => scan(view), QUIET);
  };
  const changes = new MutationObserver(later);
  changes.observe(pageBody() ?? document.body, { childList: true, subtree: true, characterData: true });
  view.end = () => {
    stop.abort();
    changes.disconnect();
    for (const clock of [view.later, view.opening, view.closing]) clearTimeout(clock);
    window.CSS?.highlights?.delete(UNDERLINE);
  };
}

// A highlight is drawn by a style of the document, not of this component.
function underline() {
  if (document.getElementById(UNDERLINE)) return;
  const style = make("style", "", document.head);
  style.id = UNDERLINE;
  style.textContent =
    `::highlight(${UNDERLINE}) { text-decoration: underline dotted 1px; text-underline-offset: 0.22em; }`;
}

const kept = new WeakMap();

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".glossary");
  if (!root || !data) return;
  let view = kept.get(root);
  if (!view) {
    view = build(root);
    kept.set(root, view);
    underline();
    listen(view);
  }
  if (view.data?.id !== data.id) view.details.open = data.everything;
  view.data = data;
  view.tell = setTriggerValue;
  view.details.classList.toggle("all", data.everything);
  view.field.hidden = !data.everything;
  view.field.placeholder = data.words.search;
  view.field.setAttribute("aria-label", data.words.search);
  load(data.url).then((all) => {
    if (view.data !== data || !all) return;
    view.all = all;
    view.terms = readTerms(all);
    if (data.everything) search(view);
    scan(view);
  });
  return () => {
    view.end();
    kept.delete(root);
  };
}
