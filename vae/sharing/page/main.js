// The frame: views as tabs, the language, the theme; and the first answer.

function speakIn(language) {
  root.lang = language;
  document.title = say("title", { run: content.run });
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", say(element.dataset.label));
    if (element.classList.contains("sign")) element.title = say(element.dataset.label);
  }
  well();
}

for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => {
    speakIn(button.dataset.language);
    open(seen);
  });
}

const tabs = [...document.querySelectorAll('[role="tab"]')];
tabs.forEach((tab, i) => {
  tab.addEventListener("click", () => go(tab.getAttribute("aria-controls")));
  tab.addEventListener("keydown", (event) => {
    const to = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = tabs[(to + tabs.length) % tabs.length];
    go(next.getAttribute("aria-controls"));
    next.focus();
  });
});

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => open(seen));
addEventListener("hashchange", () => open(location.hash.slice(1)));

const languages = Object.keys(content.words);
const wanted = (navigator.languages ?? []).map((tag) => tag.slice(0, 2).toLowerCase());
root.classList.add("ready");
speakIn(wanted.find((tag) => languages.includes(tag)) ?? languages[0]);
$("map-said").textContent = say("waiting");
open(location.hash.slice(1) || "map");
// A worker may be refused after it was asked for: first all that it was asked fails.
answers.ready.catch(() =>
  setTimeout(() => {
    try {
      answers = new Here(weights);
      well();
      open(seen);
    } catch (error) {
      failed(error);
    }
  })
);
