// A map in a page that scrolls: a wheel and one finger scroll the page, over the map as elsewhere.
// With Ctrl or Cmd a wheel zooms (fingers that pinch a touchpad come as that), two fingers move and
// zoom; who tries without is told for a moment.
const STEADY = 400; // ms after which a wheel that turned outside begins anew
const MOST_TURN = 25; // pixels of one event: a notch of a wheel counts no more than a pinch

// words() -> { wheel, fingers }, with {key} for the key of this machine; zoom(factor, event).
// Gives back `fingers`, which tells of them, and `stop`.
function cooperate(stage, words, zoom) {
  const hint = document.createElement("p");
  hint.className = "hint";
  hint.setAttribute("aria-hidden", "true");
  stage.append(hint);
  const key = /Mac|iP/.test(navigator.platform) ? "⌘" : "Ctrl";
  let going = null;
  const tell = (text) => {
    hint.textContent = text.replace("{key}", key);
    hint.classList.add("on");
    clearTimeout(going);
    going = setTimeout(() => hint.classList.remove("on"), 1500);
  };

  // A page that is being scrolled goes on below the pointer without a word.
  let outside = -STEADY;
  const elsewhere = (event) => {
    if (!event.composedPath().includes(stage)) outside = event.timeStamp;
  };
  window.addEventListener("wheel", elsewhere, { passive: true, capture: true });
  stage.addEventListener("wheel", (event) => {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      hint.classList.remove("on");
      const turn = event.deltaY * (event.deltaMode ? 16 : 1);
      zoom(Math.exp(-0.01 * Math.max(-MOST_TURN, Math.min(turn, MOST_TURN))), event);
    } else if (event.timeStamp - outside < STEADY) outside = event.timeStamp;
    else tell(words().wheel);
  }, { passive: false });

  // Two fingers are the map's own, also where they go up or down.
  for (const kind of ["touchstart", "touchmove"])
    stage.addEventListener(kind, (event) => event.touches.length > 1 && event.cancelable && event.preventDefault(), { passive: false });
  return {
    fingers: () => tell(words().fingers),
    stop: () => {
      clearTimeout(going);
      window.removeEventListener("wheel", elsewhere, { capture: true });
    },
  };
}
