// What the views share: the chosen sentence, the two ends of the path, where the dials begin.

const shared = {
  chosen: stored(content.ends[0]),
  a: stored(content.ends[0]),
  b: stored(content.ends[1]),
  start: stored(content.ends[0]),
};

// Views by name: {show, speak}. Both are called when a view comes into sight, `speak` again when
// the language or the theme changes.
const views = {};
let seen = "map";

function open(name) {
  seen = name in views || name === "about" ? name : "map";
  for (const tab of document.querySelectorAll('[role="tab"]')) {
    const here = tab.id === `tab-${seen}`;
    tab.setAttribute("aria-selected", String(here));
    tab.tabIndex = here ? 0 : -1;
    $(tab.getAttribute("aria-controls")).hidden = !here;
    if (here) tab.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  views[seen]?.speak();
  views[seen]?.show();
}

function go(name) {
  // A page of an old browser that opens a file may not change its address.
  try {
    history.replaceState(null, "", `#${name}`);
  } catch {}
  open(name);
}

function failed(error) {
  const key = error.message;
  const known = key in content.words[root.lang];
  $("trouble").textContent = known ? say(key) : say("broken", { why: key });
  $("trouble").hidden = false;
}

const well = () => ($("trouble").hidden = true);
