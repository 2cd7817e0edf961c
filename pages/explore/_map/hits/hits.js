// "3 of 17": found sentences are gone through by keys or buttons; the count follows at once, and
// Python hears of it when the steps pause.
const kept = new WeakMap();
const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Enter: 1 };

function write(view) {
  const { words, n, language } = view.data;
  const number = (value) => value.toLocaleString(language);
  view.count.textContent = words.count.replace("{i}", number(view.at + 1)).replace("{n}", number(n));
}

function step(view, by) {
  const { n, query } = view.data;
  view.at = (view.at + by + n) % n;
  write(view);
  clearTimeout(view.timer);
  view.timer = setTimeout(() => {
    view.timer = 0;
    view.tell("moved", { query, at: view.at });
  }, 180);
}

// In the field, left and right move the cursor, and Enter first of all searches.
function fromField(view, event) {
  const field = event.target;
  if (!(field instanceof Element) || !field.matches(view.data.field)) return;
  const up = event.key === "ArrowUp" || event.key === "ArrowDown";
  const again = event.key === "Enter" && field.value === view.data.query && !event.isComposing;
  if (!up && !again) return;
  event.preventDefault();
  step(view, STEPS[event.key]);
}

function made(root) {
  const view = { timer: 0, at: 0, query: null };
  const button = (sign, by) => {
    const element = make("button", "", root, sign);
    element.onclick = () => step(view, by);
    return element;
  };
  view.before = button("‹", -1);
  view.count = make("span", "count", root);
  view.count.setAttribute("role", "status");
  view.next = button("›", 1);
  view.hint = make("span", "hint", root);
  root.onkeydown = (event) => {
    if (!(event.key in STEPS) || event.key === "Enter") return; // a button answers Enter itself
    event.preventDefault();
    step(view, STEPS[event.key]);
  };
  view.field = (event) => fromField(view, event);
  document.addEventListener("keydown", view.field, true);
  return view;
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".hits");
  if (!root || !data) return;
  let view = kept.get(root);
  if (!view) kept.set(root, (view = made(root)));
  view.tell = setTriggerValue;
  view.data = data;
  // What the server says of a step before is older than the one that is under way.
  if (!view.timer || view.query !== data.query) view.at = data.at;
  view.query = data.query;
  view.before.setAttribute("aria-label", data.words.before);
  view.next.setAttribute("aria-label", data.words.next);
  view.hint.textContent = data.words.hint;
  write(view);
  return () => {
    clearTimeout(view.timer);
    document.removeEventListener("keydown", view.field, true);
    kept.delete(root);
    root.replaceChildren();
  };
}
