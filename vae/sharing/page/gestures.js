// What a pointer does on a stage: one points or drags, two pinch; keys do the same.

// `acts`: point(left, top), choose(left, top), pan(right, down), zoom(factor, left, top), and
// step(right, down), all in pixels of the stage.
function gestures(stage, acts) {
  const down = new Map();
  let moved = 0;
  let pinched = false;
  const at = (event) => {
    const box = stage.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  stage.addEventListener("pointerdown", (event) => {
    down.set(event.pointerId, at(event));
    stage.setPointerCapture(event.pointerId);
    if (down.size === 1) [moved, pinched] = [0, false];
    else pinched = true;
    if (event.pointerType !== "mouse" && !pinched) acts.point(...at(event));
  });

  stage.addEventListener("pointermove", (event) => {
    const now = at(event);
    const before = down.get(event.pointerId);
    if (!before) return acts.point(...now);
    const [right, below] = [now[0] - before[0], now[1] - before[1]];
    moved += Math.hypot(right, below);
    if (down.size === 2) {
      const other = [...down].find(([id]) => id !== event.pointerId)[1];
      const spread = (p) => Math.hypot(p[0] - other[0], p[1] - other[1]) || 1;
      const middle = [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2];
      acts.zoom(spread(now) / spread(before), ...middle);
      acts.pan(right / 2, below / 2);
    } else if (event.pointerType === "mouse") {
      if (moved > 4) acts.pan(right, below);
    } else if (!pinched) acts.point(...now);
    down.set(event.pointerId, now);
  });

  const { fingers } = cooperate(
    stage,
    () => ({ wheel: say("wheel", { key: "{key}" }), fingers: say("fingers") }),
    (factor, event) => acts.zoom(factor, ...at(event))
  );
  const up = (event) => {
    if (event.type === "pointercancel" && event.pointerType === "touch") fingers();
    const held = down.delete(event.pointerId);
    if (held && event.type === "pointerup" && moved < 6 && !pinched) acts.choose(...at(event));
  };
  stage.addEventListener("pointerup", up);
  stage.addEventListener("pointercancel", up);
  stage.addEventListener("dblclick", (event) => acts.zoom(2, ...at(event)));
  stage.addEventListener("keydown", (event) => {
    const far = event.shiftKey ? 40 : 8;
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const way = ways[event.key];
    if (way) acts.step(way[0] * far, way[1] * far);
    else if (event.key === "+" || event.key === "=") acts.zoom(1.5);
    else if (event.key === "-") acts.zoom(1 / 1.5);
    else if (event.key === "Enter") acts.choose();
    else return;
    event.preventDefault();
  });
}
