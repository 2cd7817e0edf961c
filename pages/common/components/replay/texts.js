// What the model says at a snapshot, in three tabs: what comes back, from nothing, in between.
const TABS = [
  ["back", "What comes back"],
  ["prior", "From nothing"],
  ["between", "In between"],
];

function textsView(root) {
  const list = make("div", "tabs", root);
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", "What the model says at this step");
  const panel = make("div", "said", root);
  panel.setAttribute("role", "tabpanel");
  panel.tabIndex = 0;
  const texts = { chosen: "back", data: null, at: 0 };
  const buttons = new Map();
  for (const [id, name] of TABS) {
    const button = make("button", "tab", list, name);
    button.type = "button";
    button.setAttribute("role", "tab");
    button.onclick = () => choose(id);
    button.onkeydown = (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!by) return;
      const open = TABS.map((t) => t[0]).filter((t) => !buttons.get(t).hidden);
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
    for (const [id] of TABS) {
      const button = buttons.get(id);
      button.hidden = !texts.data.snapshots.some((s) => s[id].length);
      button.setAttribute("aria-selected", id === texts.chosen);
      button.tabIndex = id === texts.chosen ? 0 : -1;
    }
    panel.setAttribute("aria-label", TABS.find((t) => t[0] === texts.chosen)[1]);
    const top = panel.scrollTop;
    panel.replaceChildren();
    if (texts.chosen === "back") fillBack(panel, texts.data, now, texts.at);
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
  else make("em", "", line, "(nothing: the model ends at once)");
  return line;
}

function fillBack(panel, data, now, at) {
  if (!now.back.length) {
    make("p", "remark", panel, "No sentences were recorded at this snapshot.");
    return;
  }
  make("p", "remark", panel, `Step ${whole(data.steps[at])}: ${now.exact} of ${now.back.length} sentences come back word for word.`);
  now.back.forEach((pieces, i) => {
    make("p", "original", panel, data.originals[i]);
    sentence(panel, pieces);
  });
  make("p", "remark", panel, "Grey: what went in. Below it: what comes back, wrong words marked.");
}

function fillList(panel, data, now, kind) {
  const between = kind === "between";
  make("p", "remark", panel, between ? "From the first sentence to the last, in equal steps." : "Decoded from draws of the prior N(0, I).");
  if (between) make("p", "original", panel, data.originals[0]);
  for (const pieces of now[kind]) sentence(panel, pieces);
  if (between) make("p", "original", panel, data.originals[data.originals.length - 1]);
  const watch = between
    ? "Marked: words that changed. Look for steps that are sentences, and change little by little."
    : "Look for different ones. The same sentence again and again is a decoder that does not listen.";
  make("p", "remark", panel, watch);
}
