// What all curves of a group share: which steps are shown, where one reads, where a replay stands.
// It lives in the window, so that it outlasts any one component and a redrawn page.
function viewOf(group) {
  const views = (window.latentLensViews ??= new Map());
  let view = views.get(group);
  if (!view) {
    // range: [from, to] in steps, or null for all; hover and now: a step, or null; holder: the panel
    // that the pointer is on.
    view = { range: null, hover: null, now: null, holder: null, members: new Map() };
    views.set(group, view);
  }
  return view;
}

function join(view, member, extent, redraw) {
  const before = wholeExtent(view).join();
  view.members.set(member, { extent, redraw });
  if (wholeExtent(view).join() !== before) changed(view);
}

function leave(view, member) {
  view.members.delete(member);
}

function wholeExtent(view) {
  let [low, high] = [Infinity, -Infinity];
  for (const { extent } of view.members.values()) {
    low = Math.min(low, extent[0]);
    high = Math.max(high, extent[1]);
  }
  return high > low ? [low, high] : [0, 1];
}

const shown = (view) => view.range ?? wholeExtent(view);

function changed(view) {
  for (const { redraw } of view.members.values()) redraw();
}

function zoom(view, from, to) {
  const [low, high] = wholeExtent(view);
  const least = Math.max((high - low) / 500, 2);
  if (to - from < least) {
    const middle = (from + to) / 2;
    [from, to] = [middle - least / 2, middle + least / 2];
  }
  if (from < low) [from, to] = [low, Math.min(high, to + low - from)];
  if (to > high) [from, to] = [Math.max(low, from + high - to), high];
  view.range = from <= low && to >= high ? null : [from, to];
  changed(view);
}

// Around a step, by a factor: below 1 it goes closer.
function zoomAround(view, step, factor) {
  const [from, to] = shown(view);
  zoom(view, step - (step - from) * factor, step + (to - step) * factor);
}

function pan(view, steps) {
  if (!view.range) return;
  const [low, high] = wholeExtent(view);
  const [from, to] = view.range;
  const by = Math.max(low - from, Math.min(high - to, steps));
  zoom(view, from + by, to + by);
}

function showAll(view) {
  view.range = null;
  changed(view);
}

function read(view, step) {
  if (view.hover === step) return;
  view.hover = step;
  changed(view);
}
