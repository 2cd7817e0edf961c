// What pointer, wheel, fingers and keys ask of the map.
const SLIP = 5; // pixels that a click may move
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

function listen(view) {
  const { stage } = view;
  const pointers = new Map();
  let start = null; // of a drag: where it began, and with which tool
  let spread = null; // of two fingers: how far apart they were, and where their middle was
  const spot = (event) => {
    const box = stage.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const fingers = () => {
    const [a, b] = [...pointers.values()];
    return { far: Math.hypot(a[0] - b[0], a[1] - b[1]), middle: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] };
  };

  stage.onpointerdown = (event) => {
    if (event.button) return;
    pointers.set(event.pointerId, spot(event));
    stage.setPointerCapture(event.pointerId);
    if (pointers.size === 2) {
      [start, spread, view.lasso] = [null, fingers(), []];
      return;
    }
    const tool = event.shiftKey ? "lasso" : view.tool;
    start = { at: spot(event), last: spot(event), tool, moved: false, touch: event.pointerType === "touch" };
  };

  stage.onpointermove = (event) => {
    const here = spot(event);
    if (pointers.has(event.pointerId)) pointers.set(event.pointerId, here);
    if (spread && pointers.size === 2) {
      const now = fingers();
      view.camera.pan(now.middle[0] - spread.middle[0], now.middle[1] - spread.middle[1]);
      view.camera.zoom(now.far / Math.max(spread.far, 1), ...now.middle);
      spread = now;
      return view.moving();
    }
    if (!start) return event.pointerType === "touch" ? null : view.point(here, event.timeStamp);
    if (!start.moved && Math.hypot(here[0] - start.at[0], here[1] - start.at[1]) < SLIP) return null;
    start.moved = true;
    if (start.tool === "pan") {
      // One finger asks each place that it passes; the map is moved by two.
      if (start.touch) return view.point(here, event.timeStamp);
      view.leave();
      view.camera.pan(here[0] - start.last[0], here[1] - start.last[1]);
      start.last = here;
      return view.moving();
    }
    view.leave();
    const world = view.camera.world(...here);
    if (start.tool === "lasso") {
      if (!view.lasso.length) view.lasso.push(view.camera.world(...start.at));
      view.lasso.push(world);
    } else {
      const [x, y] = view.camera.world(...start.at);
      view.lasso = [[x, y], [world[0], y], world, [x, world[1]]];
    }
    return view.redraw();
  };

  const end = (event) => {
    pointers.delete(event.pointerId);
    if (spread) {
      if (pointers.size < 2) spread = null;
      start = null;
      return;
    }
    const was = start;
    start = null;
    if (!was) return;
    if (event.type === "pointercancel") was.touch && view.cooperation.fingers();
    else if (!was.moved) view.click(spot(event), was.touch);
    else if (was.tool !== "pan") view.choose(view.lasso);
    else if (was.touch) view.click(spot(event), true);
    view.lasso = [];
    view.redraw();
  };
  stage.onpointerup = stage.onpointercancel = end;
  stage.onpointerleave = (event) => event.pointerType !== "touch" && view.leave();
  stage.ondblclick = () => view.reset();

  // Below a finger or a wheel that scrolls the page, what stood beside it has no place any more.
  view.away = () => view.leave();
  window.addEventListener("scroll", view.away, { passive: true, capture: true });
  view.cooperation = cooperate(stage, () => view.data.texts, (factor, event) => {
    if (view.camera.zoom(factor, ...spot(event))) view.moving();
  });

  stage.onkeydown = (event) => {
    if (event.altKey || event.metaKey || event.ctrlKey || !key(view, event)) return;
    event.preventDefault();
  };
  stage.onblur = () => view.walk(-1);
}

// Gives back whether the key means anything to the map.
function key(view, event) {
  const way = KEYS[event.key];
  if (way && event.shiftKey) view.camera.pan(-way[0] * 60, way[1] * 60);
  else if (way) view.step(way);
  else if (event.key === "Enter" || event.key === " ") view.take(view.focus);
  else if (event.key === "Escape") view.clear();
  else if (event.key === "+" || event.key === "=") view.camera.zoom(1.4);
  else if (event.key === "-") view.camera.zoom(1 / 1.4);
  else if (event.key === "0" || event.key === "Home") view.camera.reset();
  else return false;
  view.moving();
  return true;
}
