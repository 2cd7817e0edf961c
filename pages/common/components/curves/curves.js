// Panels over one axis of steps: redrawn in place when figures arrive, zoomed and read by hand.
function curvesView(root) {
  const me = {};
  let view = null;
  let data = null;
  let panels = [];
  let due = 0;
  const frame = make("div", "panels", root);
  const all = make("button", "all", root);
  all.type = "button";
  all.onclick = () => showAll(view);
  const spoken = make("div", "spoken", root);
  spoken.setAttribute("aria-live", "polite");

  function draw() {
    due = 0;
    if (!data || !root.isConnected) return;
    const colours = theme(root);
    // The pointer rests where it is while the axis grows below it.
    const held = view.holder;
    if (panels.includes(held)) {
      const { left, right } = held.frame;
      const [from, to] = shown(view);
      const share = (Math.max(left, Math.min(right, held.pointer)) - left) / (right - left);
      view.hover = from + share * (to - from);
    }
    panels.forEach((panel, i) => {
      drawPanel(panel, view, data.runs, colours, i === panels.length - 1);
      panel.said = sayHead(panel, view);
    });
    all.hidden = !view.range;
  }

  const redraw = () => { due ||= requestAnimationFrame(draw); };

  function update(next) {
    if (view && next.group !== data.group) leave(view, me);
    const fresh = !data || data.panels.map((p) => p.id).join() !== next.panels.map((p) => p.id).join();
    view = viewOf(next.group);
    data = next;
    Object.assign(words, data.words);
    all.textContent = words.all;
    if (fresh) {
      frame.replaceChildren();
      panels = data.panels.map((spec) => panelView(frame, spec));
      for (const panel of panels) gestures(panel, () => view, redraw, spoken);
    }
    data.panels.forEach((spec, i) => {
      const panel = panels[i];
      panel.spec = spec;
      panel.plot.setAttribute("aria-label", spec.alt);
      panel.plot.setAttribute("aria-roledescription", words.chart);
      const lines = JSON.stringify([spec.title, spec.heat?.most, spec.lines.map((l) => [l.run, l.label, l.kind]), data.runs]);
      if (panel.lines !== lines) fillHead(panel, data.runs);
      panel.lines = lines;
      // The names stay, the figures do not: what is read off is read off the newest.
      spec.lines.forEach((line, k) => { panel.entries[k].line = line; });
      if (spec.heat) paintHeat(panel);
    });
    join(view, me, data.extent, redraw);
    redraw();
  }

  const watcher = new ResizeObserver(redraw);
  watcher.observe(root);
  return {
    update,
    redraw,
    destroy() {
      watcher.disconnect();
      cancelAnimationFrame(due);
      if (view) leave(view, me);
    },
  };
}

// Drag: closer. Wheel with Ctrl, or two fingers: closer or farther. Double click: all. Arrow keys: read.
function gestures(panel, viewNow, redraw, spoken) {
  const { plot } = panel;
  const touches = new Map();
  let pinch = null;
  const at = (event) => event.clientX - plot.getBoundingClientRect().left;
  const inside = (px) => Math.max(panel.frame.left, Math.min(panel.frame.right, px));

  function point(event) {
    const { top } = panel.frame;
    const down = event.clientY - plot.getBoundingClientRect().top - top;
    const rows = panel.spec.heat ? panel.spec.heat.dims.length : 0;
    const row = Math.floor((down / panel.spec.height) * rows);
    panel.row = rows && row >= 0 && row < rows ? row : -1;
    panel.pointer = at(event);
    viewNow().holder = panel;
    read(viewNow(), panel.step(inside(panel.pointer)));
    redraw();
  }

  plot.onpointerdown = (event) => {
    if (!panel.frame) return;
    if (event.pointerType === "touch") {
      touches.set(event.pointerId, at(event));
      pinch = touches.size === 2 ? [...touches.values()].map(panel.step) : null;
      point(event);
    } else if (event.button === 0) {
      panel.drag = [at(event), at(event)];
      plot.setPointerCapture(event.pointerId);
    }
  };
  plot.onpointermove = (event) => {
    if (!panel.frame) return;
    if (touches.has(event.pointerId)) touches.set(event.pointerId, at(event));
    if (pinch && touches.size === 2) {
      stretch(viewNow(), pinch, [...touches.values()], panel.frame);
      return;
    }
    if (panel.drag) panel.drag[1] = at(event);
    point(event);
  };
  plot.onpointerup = plot.onpointercancel = (event) => {
    touches.delete(event.pointerId);
    pinch = null;
    const drag = panel.drag;
    panel.drag = null;
    if (drag && event.type === "pointerup" && Math.abs(drag[1] - drag[0]) > 5) {
      const [a, b] = drag.map((px) => panel.step(inside(px)));
      zoom(viewNow(), Math.min(a, b), Math.max(a, b));
    }
    redraw();
  };
  plot.onpointerleave = (event) => {
    // A finger that is lifted leaves what it read.
    if (event.pointerType === "touch") return;
    viewNow().holder = null;
    panel.row = -1;
    read(viewNow(), null);
    redraw();
  };
  plot.ondblclick = () => showAll(viewNow());
  plot.addEventListener(
    "wheel",
    (event) => {
      // Without a key the wheel scrolls the page, as it does everywhere else on it.
      if (!panel.frame) return;
      const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
      if (event.ctrlKey || event.metaKey) {
        zoomAround(viewNow(), panel.step(inside(at(event))), Math.exp(event.deltaY * 0.003));
      } else if (viewNow().range && Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
        const [from, to] = shown(viewNow());
        pan(viewNow(), (sideways / (panel.frame.right - panel.frame.left)) * (to - from));
      } else return;
      event.preventDefault();
    },
    { passive: false }
  );
  plot.onkeydown = (event) => keys(event, panel, viewNow(), spoken);
  plot.onblur = () => {
    viewNow().holder = null;
    read(viewNow(), null);
  };
}

// Two fingers keep hold of the steps that they were laid on.
function stretch(view, [a, b], [p, q], { left, right }) {
  if (Math.abs(p - q) < 12 || a === b) return;
  const perPixel = (b - a) / (q - p);
  if (!(perPixel > 0)) return;
  const from = a - (p - left) * perPixel;
  zoom(view, from, from + (right - left) * perPixel);
}

function keys(event, panel, view, spoken) {
  const { spec } = panel;
  const steps = spec.heat ? spec.heat.x : (spec.lines[0]?.x ?? []);
  const [from, to] = shown(view);
  const here = view.hover ?? to;
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    if (!steps.length) return;
    const next = nearest(steps, here) + (view.hover === null ? 0 : event.key === "ArrowLeft" ? -1 : 1);
    read(view, steps[Math.max(0, Math.min(steps.length - 1, next))]);
  } else if (spec.heat && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    const next = panel.row + (event.key === "ArrowUp" ? -1 : 1);
    panel.row = Math.max(0, Math.min(spec.heat.dims.length - 1, next));
    changed(view);
  } else if (event.key === "+" || event.key === "=") zoomAround(view, here, 0.6);
  else if (event.key === "-") zoomAround(view, here, 1 / 0.6);
  else if (event.key === "0" || event.key === "Escape") showAll(view);
  else return;
  event.preventDefault();
  view.holder = null;
  spoken.textContent = sayHead(panel, view);
}
