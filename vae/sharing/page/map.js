// The map: a cross to move over the plane, and the sentence that the model says there.

views.map = (() => {
  const places = new Float32Array(2 * space.n);
  for (let row = 0; row < space.n; row++) places.set(space.place(space.at(row)), 2 * row);
  const stage = $("map-stage");
  const over = stage.querySelectorAll("canvas")[1];
  const cloud = new Cloud(stage, places);
  const { camera } = cloud;
  const grid = new Grid(places);
  const colourings = content.colourings.map((one) => ({ ...one, of: bytesIn(one.of) }));
  const alike = [{ label: null, count: space.n, colour: "#3079C4" }];
  const one = { groups: alike, of: new Uint8Array(space.n) };
  const labels = Object.entries(content.labels).map(([name, { values, of }]) => {
    const codes = new Uint16Array(bytesIn(of).buffer);
    return [name, (row) => values[codes[row]]];
  });
  let only = null;
  // Where the cross is: at a stored sentence, at one of the reader's own, or anywhere.
  let at = space.place(shared.a.z);
  let row = shared.a.row;
  let own = null;

  const colouring = () => colourings[$("map-colour").selectedIndex] ?? one;
  const named = ({ name, ours }) => (ours ? say(name) : name);
  const rest = () => ($("map-rest").selectedIndex ? shared.chosen.z : space.centre);

  function draw() {
    const { groups, of } = colouring();
    cloud.draw(groups, of, only);
    overlay();
  }

  function overlay() {
    const pen = over.getContext("2d");
    pen.clearRect(0, 0, camera.width, camera.height);
    const on = (z) => camera.screen(...space.place(z));
    pen.beginPath();
    const way = (t) => between(shared.a.z, shared.b.z, t, "slerp");
    for (let i = 0; i <= 40; i++) pen.lineTo(...on(way(i / 40)));
    stroke(pen, colour("ink"), colour("paper"));
    for (const end of ["a", "b"]) letter(pen, on(shared[end].z), end.toUpperCase());
    ring(pen, on(shared.chosen.z), colour("own"));
    cross(pen, camera.screen(...at), colour("accent"), colour("paper"));
  }

  function letter(pen, [left, top], text) {
    pen.fillStyle = colour("paper");
    pen.beginPath();
    pen.arc(left, top, 9, 0, 2 * Math.PI);
    pen.fill();
    ring(pen, [left, top], colour("ink"), 9, 1.5);
    pen.fillStyle = colour("ink");
    pen.font = "600 12px system-ui, sans-serif";
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(text, left, top + 0.5);
  }

  // The stored sentence nearest to a place of the screen, within so many pixels; else -1.
  const pick = (left, top, within) => grid.nearest(...camera.world(left, top), within / camera.k);

  async function ask() {
    const z = own ?? (row >= 0 ? space.at(row) : space.point(at, rest()));
    const through = rest() !== space.centre ? "on own plane" : "on plane";
    const asked = { row, at, where: own ? "at own" : row >= 0 ? "at point" : through };
    try {
      const found = await answers.latest(z);
      if (found) showAnswer(found.text, z, asked);
    } catch (error) {
      failed(error);
    }
  }

  function showAnswer(text, z, asked) {
    const element = $("map-said");
    showSaid(element, text);
    element.dataset.row = asked.row;
    element.dataset.place = asked.at.join(" ");
    root.dataset.first ??= Math.round(performance.now());
    $("map-where").textContent = say(asked.where);
    $("map-note").textContent =
      asked.row >= 0 ? whatIsStored(content.sentences[asked.row]) : nearness(z);
  }

  const whatIsStored = (sentence) => say(content.said ? "said there" : "stored", { sentence });

  function nearness(z) {
    const [near] = space.nearest(z);
    const ratio = near.distance / space.neighbourhood(near.row);
    const sentence = content.sentences[near.row];
    const values = { sentence, distance: digits(near.distance), ratio: digits(ratio) };
    return sentences(say("near", values), ...(ratio > content.usual ? [say("far")] : []));
  }

  function move(place, picked, z = null) {
    at = picked >= 0 ? [places[2 * picked], places[2 * picked + 1]] : place;
    [row, own] = [picked, z];
    overlay();
    ask();
  }

  gestures(stage, {
    point: (left, top) => move(camera.world(left, top), pick(left, top, 7)),
    step(right, below) {
      const [left, top] = camera.screen(...at);
      const to = [
        Math.min(Math.max(left + right, 0), camera.width),
        Math.min(Math.max(top + below, 0), camera.height),
      ];
      move(camera.world(...to), -1);
    },
    choose(left, top) {
      const [x, y] = left === undefined ? camera.screen(...at) : [left, top];
      const found = pick(x, y, left === undefined ? 1e4 : 20);
      if (found >= 0) choose(stored(found));
    },
    pan(right, below) {
      camera.pan(right, below);
      draw();
    },
    zoom(factor, left, top) {
      camera.zoom(factor, left, top);
      draw();
    },
  });

  function choose(found) {
    shared.chosen = found;
    move(space.place(found.z), found.row, found.row < 0 ? found.z : null);
    showChosen();
  }

  async function showChosen() {
    const { text, z, row: chosen, unknown = [] } = shared.chosen;
    const known = labels.map(([name, of]) => chosen >= 0 && [name, of(chosen)]).filter(Boolean);
    const shown = known.map(([name, value]) => `${name} ${value || say("no value")}`);
    const back = el("p", { class: "note" });
    const list = el("ol", { class: "near" });
    for (const near of space.nearest(z, 5, chosen)) {
      const take = el("button", { type: "button", class: "sentence", dir: "auto" });
      take.textContent = content.sentences[near.row];
      take.addEventListener("click", () => choose(stored(near.row)));
      list.append(el("li", {}, take, el("code", {}, digits(near.distance))));
    }
    const strange = unknown.length ? [say("unknown", { words: unknown.join(", ") })] : [];
    $("chosen").replaceChildren(
      el("p", { class: "where" }, say(chosen < 0 ? "own" : content.said ? "latent" : "point")),
      el("p", { class: "said small", dir: "auto" }, text),
      ...[...(shown.length ? [shown.join(" · ")] : []), ...strange].map((text) =>
        el("p", { class: "note" }, text)
      ),
      back,
      el("p", { class: "where" }, say("neighbours")),
      list
    );
    try {
      const [found] = await answers.greedy(Float32Array.from(z));
      back.textContent = say("comes back", { sentence: told(found.text) });
      back.dataset.said = found.text;
    } catch (error) {
      failed(error);
    }
  }

  function legend() {
    const list = $("map-legend");
    list.replaceChildren();
    if (!colourings.length) return;
    colouring().groups.forEach((group, g) => {
      const key = el("span", { class: "key" });
      key.style.background = group.colour;
      const name = group.label ?? say("others");
      const button = el("button", { type: "button", "aria-pressed": String(only === g) });
      button.append(key, `${name} `, el("small", {}, group.count.toLocaleString(root.lang)));
      button.addEventListener("click", () => {
        only = only === g ? null : g;
        legend();
        draw();
      });
      list.append(el("li", {}, button));
    });
  }

  $("map-colour").addEventListener("change", () => {
    only = null;
    legend();
    draw();
  });
  $("map-rest").addEventListener("change", ask);
  for (const [name, factor] of [["map-in", 1.6], ["map-out", 1 / 1.6]]) {
    $(name).addEventListener("click", () => {
      camera.zoom(factor);
      draw();
    });
  }
  $("map-whole").addEventListener("click", () => {
    camera.reset();
    draw();
  });
  $("own-form").addEventListener("submit", (event) => {
    event.preventDefault();
    try {
      const found = meant($("own").value);
      well();
      choose(found);
    } catch (error) {
      failed(error);
    }
  });
  for (const end of ["a", "b"]) {
    $(`as-${end}`).addEventListener("click", () => {
      shared[end] = shared.chosen;
      overlay();
      go("path");
    });
  }
  $("as-dials").addEventListener("click", () => {
    shared.start = shared.chosen;
    go("dials");
  });
  new ResizeObserver(() => seen === "map" && stage.clientWidth && draw()).observe(stage);

  function options(select, names) {
    const before = Math.max(select.selectedIndex, 0);
    select.replaceChildren(...names.map((name) => el("option", {}, name)));
    select.selectedIndex = before;
  }

  return {
    show() {
      draw();
      ask();
    },
    speak() {
      options($("map-colour"), colourings.length ? colourings.map(named) : [say("no colour")]);
      options($("map-rest"), [say("rest mean"), say("rest chosen")]);
      stage.setAttribute("aria-label", say("map alt", { n: space.n }));
      const share = Math.round(100 * content.plane.explained.reduce((sum, one) => sum + one, 0));
      const drawn = say("drawn", { n: space.n, total: content.total });
      $("map-facts").textContent = sentences(drawn, say("explained", { share }));
      legend();
      showChosen();
    },
  };
})();
