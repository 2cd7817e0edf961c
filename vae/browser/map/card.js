// What stands beside the pointer: what the model says at the place, and the sentence of a point.
function element(tag, className, parent, words = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = words;
  parent?.append(made);
  return made;
}

function cardView(parent) {
  const root = element("div", "card", parent);
  root.popover = "manual";
  const say = (name) => {
    const part = element("div", name, root);
    return {
      part,
      title: element("p", "of", part),
      sentence: element("p", "sentence", part),
      more: element("div", "more", part),
    };
  };
  const card = { root, here: say("here"), point: say("point") };
  for (const { sentence } of [card.here, card.point]) sentence.dir = "auto";
  return card;
}

// said: what the model says there, or null; found: { title, sentence, more } of a point, or null.
// trusted: how far the place can be trusted, in words.
function fillCard(card, texts, said, found, trusted = "") {
  card.here.part.hidden = said === null;
  card.here.title.textContent = texts.here;
  if (said !== null) card.here.sentence.textContent = said || texts.nothing;
  card.here.more.textContent = trusted;
  card.point.part.hidden = !found;
  card.root.classList.toggle("both", said !== null && Boolean(found));
  if (!found) return;
  // What comes back as it was is not said twice.
  const same = said === found.sentence;
  card.point.title.textContent = same ? texts.same : found.title;
  card.point.title.hidden = said === null;
  card.point.sentence.hidden = same;
  card.point.sentence.textContent = found.sentence;
  card.point.more.replaceChildren(...found.more);
}

function showCard(card, x, y) {
  const { root } = card;
  if (!root.matches(":popover-open")) root.showPopover();
  const { offsetWidth: width, offsetHeight: height } = root;
  const left = x + 18 + width < window.innerWidth ? x + 18 : Math.max(4, x - 18 - width);
  const low = window.innerHeight - height - 4;
  // Where it cannot stand beside the pointer it stands above or below it, never on it.
  const covers = left <= x && x <= left + width;
  const beside = Math.min(Math.max(4, y - height / 2), low);
  const top = !covers ? beside : y - height - 22 > 4 ? y - height - 22 : Math.min(y + 22, low);
  root.style.translate = `${left}px ${top}px`;
}

function hideCard(card) {
  if (card.root.matches(":popover-open")) card.root.hidePopover();
}

// Of its labels the one that colours the map is said; all stand beside the map once it is chosen.
function wordsOf(words, row, { first, none, texts, legend }) {
  if (words.ready && !words.ready(row)) return { title: texts.point, sentence: "…", more: [] };
  const line = element("p", "");
  for (const [name, value] of words.labels)
    if (name === first) line.append(`${legend.title} `, element("b", "", null, value(row) || none), " · ");
  line.append(words.measures(row));
  return { title: texts.point, sentence: words.sentences?.[row] ?? words.sentence(row), more: [line] };
}
