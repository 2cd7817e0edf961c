// What components make of the page; it stands before the code of each that asks for it.

function make(tag, className, parent, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  // Text only: what a person or a model wrote never becomes markup.
  if (text !== undefined) element.textContent = text;
  parent?.append(element);
  return element;
}

// Fills an element with a sentence in pieces, [text, whether it is marked]; it runs from its own side.
function put(element, pieces) {
  element.dir = "auto";
  element.replaceChildren(
    ...pieces.map(([text, marked]) => (marked ? make("mark", "", null, text) : text))
  );
}

function bytes(base64) {
  return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
}
