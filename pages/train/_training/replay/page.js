// A page of its own: the replay and the curves that follow it, from the data in the page.
const given = JSON.parse(document.getElementById("data").textContent);

function fact(parent, name, value) {
  make("dt", "", parent, name);
  make("dd", "", parent, value);
}

function dress() {
  const root = document.documentElement;
  const button = document.getElementById("theme");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  root.dataset.theme = dark.matches ? "dark" : "light";
  const redraw = () => window.dispatchEvent(new Event("resize"));
  dark.onchange = () => {
    root.dataset.theme = dark.matches ? "dark" : "light";
    redraw();
  };
  button.onclick = () => {
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    redraw();
  };
}

dress();
document.getElementById("name").textContent = given.name;
document.getElementById("headline").textContent = given.headline;
const facts = document.getElementById("facts");
for (const [name, value] of given.facts) fact(facts, name, value);
document.getElementById("made").textContent = given.made;
const replayed = replayView(document.getElementById("replay"));
replayed.update(given.story);
const drawn = given.curves.map((message, i) => {
  const card = make("section", "", document.getElementById("curves"));
  make("h2", "", card, given.questions[i]);
  const curves = curvesView(make("div", "curves", card));
  curves.update(message);
  return curves;
});
window.addEventListener("resize", () => {
  replayed.redraw();
  drawn.forEach((curves) => curves.redraw());
});
