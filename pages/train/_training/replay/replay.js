// A training run on a slider: points, and what the model said. All of it happens in the browser.
const SECONDS_EACH = 0.9;
const SECONDS_AT_MOST = 30;

const calmly = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

function replayView(root) {
  const bar = make("div", "bar", root);
  const play = make("button", "play", bar);
  play.type = "button";
  const track = make("div", "track", bar);
  const input = make("input", "", track);
  input.type = "range";
  input.min = 0;
  input.step = "any";
  const ticksRow = make("div", "ticks", track);
  ticksRow.setAttribute("aria-hidden", "true");
  const when = make("output", "when", bar);
  const sides = make("div", "sides", root);
  const left = make("div", "left", sides);
  const stage = stageView(left);
  const legend = make("div", "legend", left);
  const told = make("p", "told", left);
  const texts = textsView(make("div", "right", sides));
  const view = { data: null, playing: false, due: 0, last: 0, shown: -1, touched: false };

  const draw = (time) => {
    view.due = 0;
    if (!view.data || !root.isConnected) return;
    if (view.playing) advance(time);
    const gliding = drawStage(stage, theme(root));
    show();
    if (view.playing || gliding) redraw();
  };
  const redraw = () => { view.due ||= requestAnimationFrame(draw); };
  stage.redraw = redraw;

  function advance(time) {
    const last = view.data.steps.length - 1;
    const each = Math.min(SECONDS_EACH, SECONDS_AT_MOST / Math.max(last, 1));
    if (calmly()) {
      // Who wants no motion gets one picture after another.
      if (time - view.last < 1200) return;
      view.last = time;
      stage.at = Math.min(last, Math.floor(stage.at + 1e-6) + 1);
    } else {
      stage.at = Math.min(last, stage.at + Math.min(time - view.last, 100) / 1000 / each);
      view.last = time;
    }
    if (stage.at >= last) setPlaying(false);
  }

  function setPlaying(on) {
    const last = view.data.steps.length - 1;
    if (on && stage.at >= last - 1e-6) stage.at = 0;
    view.playing = on;
    view.touched = true;
    view.last = performance.now();
    play.textContent = on ? words.pause : words.play;
    play.classList.toggle("on", on);
    redraw();
  }

  // Everything beside the points that goes with the moment.
  function show() {
    const { steps } = view.data;
    const last = steps.length - 1;
    const k = Math.min(last, Math.floor(stage.at + 0.02));
    const step = k < last ? steps[k] + (steps[k + 1] - steps[k]) * Math.max(0, stage.at - k) : steps[last];
    if (document.activeElement !== input || view.playing || input.value !== String(stage.at)) input.value = stage.at;
    input.style.setProperty("--fill", (last ? (100 * stage.at) / last : 100) + "%");
    when.textContent = say(words.when, { step: whole(step) });
    const curves = viewOf(view.data.group);
    const now = view.touched && (view.playing || stage.at < last - 1e-6) ? step : null;
    if (curves.now !== now) {
      curves.now = now;
      changed(curves);
    }
    if (k === view.shown) return;
    view.shown = k;
    const place = { step: whole(steps[k]), k: whole(k + 1), n: whole(steps.length) };
    input.setAttribute("aria-valuetext", say(words.where, place));
    told.textContent = view.data.told[k];
    texts.show(view.data, k);
  }

  function go(at) {
    const last = view.data.steps.length - 1;
    view.playing = false;
    view.touched = true;
    play.textContent = words.play;
    stage.at = Math.max(0, Math.min(last, at));
    redraw();
  }

  play.onclick = () => setPlaying(!view.playing);
  input.oninput = () => go(Number(input.value));
  input.onchange = () => {
    // Let go near a snapshot, it stands on it.
    const near = Math.round(stage.at);
    if (Math.abs(near - stage.at) < 0.12) go(near);
  };
  input.onkeydown = (event) => {
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -5, PageUp: 5 }[event.key];
    if (event.key === "Home") go(0);
    else if (event.key === "End") go(view.data.steps.length - 1);
    else if (by) go(by < 0 ? Math.ceil(stage.at - 1e-6) + by : Math.floor(stage.at + 1e-6) + by);
    else return;
    event.preventDefault();
  };

  function update(data) {
    if (view.data?.id === data.id) return redraw();
    const before = view.data ? view.data.steps.length - 1 : -1;
    // Who looks at the newest snapshot of a run in training goes on to the next one.
    const follows = before < 0 || (!view.playing && stage.at >= before - 1e-6);
    for (const colouring of data.colourings) {
      if (typeof colouring.of === "string") colouring.of = bytes(colouring.of);
    }
    Object.assign(words, data.words);
    input.setAttribute("aria-label", words.slider);
    setStage(stage, data, calmly());
    view.data = data;
    view.shown = -1;
    const last = data.steps.length - 1;
    if (follows) stage.at = last;
    stage.at = Math.min(stage.at, last);
    input.max = last;
    bar.classList.toggle("single", last < 1);
    play.textContent = view.playing ? words.pause : words.play;
    ticksRow.replaceChildren();
    for (let i = 0; i <= last && last > 0; i++) make("i", "", ticksRow).style.left = (100 * i) / last + "%";
    const kept = data.colourings.findIndex((c) => c.name === view.colouring);
    legendView(legend, data, kept >= 0 ? kept : data.first, stage, (name) => { view.colouring = name; });
    redraw();
  }

  const watcher = new ResizeObserver(redraw);
  watcher.observe(root);
  return {
    update,
    redraw,
    destroy() {
      watcher.disconnect();
      cancelAnimationFrame(view.due);
      if (view.data) viewOf(view.data.group).now = null;
    },
  };
}

// What the points are coloured by: a choice, and a sample of each group that can be singled out.
function legendView(parent, data, chosen, stage, tell) {
  parent.replaceChildren();
  stage.only = -1;
  const colouring = data.colourings[chosen];
  stage.group = colouring.of;
  stage.groups = colouring.groups;
  const label = make("label", "", parent, words.colour + " ");
  const select = make("select", "", label);
  data.colourings.forEach(({ name }, i) => {
    const option = make("option", "", select, name);
    option.value = i;
  });
  select.value = chosen;
  select.onchange = () => {
    tell(data.colourings[select.value].name);
    legendView(parent, data, Number(select.value), stage, tell);
    parent.querySelector("select").focus();
    stage.redraw();
  };
  colouring.groups.forEach((group, g) => {
    const button = make("button", "group", parent);
    button.type = "button";
    button.setAttribute("aria-pressed", "false");
    button.title = words.alone;
    swatch(button, { colour: group.colour, shape: group.shape, line: false, solid: true });
    make("span", "", button, group.label);
    make("span", "count", button, whole(group.count));
    button.onclick = () => {
      stage.only = stage.only === g ? -1 : g;
      parent.querySelectorAll(".group").forEach((b, i) => b.setAttribute("aria-pressed", stage.only === i));
      stage.redraw();
    };
  });
}
