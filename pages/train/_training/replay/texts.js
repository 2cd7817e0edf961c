// What the model says at a snapshot, in three tabs: what comes back, from nothing, in between.
const TABS = ["back", "prior", "between"];

function textsView(root) {
  const list = make("div", "tabs", root);
  list.setAttribute("role", "tablist");
  const panel = make("div", "said", root);
  panel.setAttribute("role", "tabpanel");
  panel.tabIndex = 0;
  const texts = { chosen: "back", data: null, at: 0 };
  const buttons = new Map();
  for (const id of TABS) {
    const button = make("button", "tab", list);
    button.type = "button";
    button.setAttribute("role", "tab");
    button.onclick = () => choose(id);
    button.onkeydown = (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!by) return;
      const open = TABS.filter((t) => !buttons.get(t).hidden);
      const next = open[(open.indexOf(id) + by + open.length) % open.length];
      choose(next);
      buttons.get(next).focus();
    };
    buttons.set(id, button);
  }

  function choose(id) {
    texts.chosen = id;
    fill();
  }

  function fill() {
    if (!texts.data) return;
    const now = texts.data.snapshots[texts.at];
    list.setAttribute("aria-label", words.texts);
    for (const id of TABS) {
      const button = buttons.get(id);
      button.textContent = words[`${id}Tab`];
      button.hidden = !texts.data.snapshots.some((s) => s[id].length);
      button.setAttribute("aria-selected", id === texts.chosen);
      button.tabIndex = id === texts.chosen ? 0 : -1;
    }
    panel.setAttribute("aria-label", words[`${texts.chosen}Tab`]);
    const top = panel.scrollTop;
    panel.replaceChildren();
    if (texts.chosen === "back") fillBack(panel, texts.data, now);
    else fillList(panel, texts.data, now, texts.chosen);
    panel.scrollTop = top;
  }

  return {
    show(data, at) {
      texts.data = data;
      texts.at = at;
      if (!data.snapshots.some((s) => s[texts.chosen].length)) texts.chosen = "back";
      fill();
    },
  };
}

function sentence(parent, pieces) {
  const line = make("p", "sentence", parent);
  if (pieces.some(([text]) => text.trim())) put(line, pieces);
  else make("em", "", line, words.nothing);
  return line;
}

function fillBack(panel, data, now) {
  if (!now.back.length) {
    make("p", "remark", panel, words.none);
    return;
  }
  make("p", "remark", panel, now.summary);
  now.back.forEach((pieces, i) => {
    make("p", "original", panel, data.originals[i]);
    sentence(panel, pieces);
  });
  make("p", "remark", panel, words.backHint);
}

function fillList(panel, data, now, kind) {
  const between = kind === "between";
  make("p", "remark", panel, words[`${kind}Intro`]);
  if (between) make("p", "original", panel, data.originals[0]);
  for (const pieces of now[kind]) sentence(panel, pieces);
  if (between) make("p", "original", panel, data.originals[data.originals.length - 1]);
  make("p", "remark", panel, words[`${kind}Hint`]);
}
