// A sentence through a VAE, stage by stage: formula, figure and code that light each other up.
// All numbers and words are in `data`; the browser chooses the stage, the draw and the dimension.
const kept = new WeakMap();
const MATH = "http://www.w3.org/1998/Math/MathML";
const SVG = "http://www.w3.org/2000/svg";
const STAGES = ["x", "q", "eps", "z", "p", "loss"];
const SLOW = 2600; // ms a stage

function math(tag, children = [], attributes = {}) {
  const element = document.createElementNS(MATH, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  for (const child of [children].flat()) {
    element.append(typeof child === "string" ? document.createTextNode(child) : child);
  }
  return element;
}

const mi = (text) => math("mi", text);
const mo = (text) => math("mo", text);
const mn = (text) => math("mn", text);
const row = (...children) => math("mrow", children);
const sub = (base, below) => math("msub", [base, below]);
const squared = (base) => math("msup", [base, mn("2")]);

function svg(tag, attributes, parent) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (parent) parent.append(element);
  return element;
}

// A symbol is named, can be focused, and lights up all that is the same quantity.
function marked(view, symbol, element) {
  element.setAttribute("data-symbol", symbol);
  element.classList.add("symbol");
  element.setAttribute("tabindex", "0");
  element.setAttribute("role", "button");
  element.setAttribute("aria-label", view.data.words.symbols[symbol]);
  return element;
}

const S = (view, symbol, ...children) => marked(view, symbol, row(...children));

function light(view, symbols) {
  for (const element of view.root.querySelectorAll("[data-symbol]")) {
    const own = element.dataset.symbol.split(" ");
    element.classList.toggle("lit", own.some((each) => symbols.includes(each)));
  }
  const said = symbols.map((each) => view.data.words.symbols[each]).filter(Boolean);
  view.meaning.textContent = said.join(" · ") || view.data.words.hint;
}

function listen(view) {
  const over = (event) => {
    const line = event.target.closest?.("[data-row]");
    if (line && Number(line.dataset.row) !== view.dim) choose(view, Number(line.dataset.row));
    const target = event.target.closest?.("[data-symbol]");
    light(view, target ? target.dataset.symbol.split(" ") : []);
  };
  view.root.addEventListener("pointerover", over);
  view.root.addEventListener("focusin", over);
  view.root.addEventListener("pointerleave", () => light(view, []));
  view.root.addEventListener("focusout", () => light(view, []));
}

// -- numbers --------------------------------------------------------------------------------------

const write = (view, value, digits = 2) => {
  const text = Math.abs(value).toFixed(digits);
  const zero = Number(text) === 0;
  const said = text.replace(".", view.data.decimal);
  return value < 0 && !zero ? "−" + said : said;
};

const number = (view, value) => {
  const text = write(view, value);
  return text.startsWith("−") ? row(mo("−"), mn(text.slice(1))) : mn(text);
};

const inBrackets = (view, value) =>
  value < 0 && Number(value.toFixed(2)) < 0
    ? row(mo("("), number(view, value), mo(")"))
    : number(view, value);

const at = (view) => {
  const { data, dim, draw } = view;
  const line = data.rows[dim];
  return { ...line, eps: line.eps[draw], z: line.z[draw] };
};

const costs = (view) => view.data.costs[view.draw];
const total = (values) => values.reduce((sum, value) => sum + value, 0);
const rate = (view) => total(view.data.rows.map((line) => line.kl)) + view.data.others;

// -- the formula ----------------------------------------------------------------------------------

function formulas(view) {
  const { data } = view;
  const s = (symbol, ...children) => S(view, symbol, ...children);
  const n = (symbol, value, bracket = false) =>
    s(symbol, bracket ? inBrackets(view, value) : number(view, value));
  const d = () => mi("d"), t = () => mi("t"); // each node stands in one place only
  const here = at(view);
  const deviation = Math.exp(0.5 * here.logvar);
  const gap = (width) => math("mspace", [], { width });
  const cost = costs(view), D = total(cost), R = rate(view);
  const sum = (below) => math("munder", [mo("∑"), below]);
  const few = cost.slice(0, 4);
  const ellipsis = cost.length > few.length ? [mo("+"), mo("…")] : [];
  const half = () => math("mfrac", [mn("1"), mn("2")]);
  // Each line is short enough for a telephone: the browser breaks no line of a formula.
  const told = {
    x: { letters: [
      row(s("x", mi("x")), mo("="), mo("("), sub(s("x", mi("x")), mn("1")), mo(","), mo("…"),
        mo(","), sub(s("x", mi("x")), mn(String(data.tokens.length))), mo(")")),
    ], words: data.words.tokens },
    q: { letters: [
      row(mi("q"), mo("("), s("z", mi("z")), mo("|"), s("x", mi("x")), mo(")"), mo("="),
        mi("N"), mo("("), s("mu", mi("μ")), mo(","), s("sigma", squared(mi("σ"))), mo(")")),
      row(s("sigma", mi("σ")), mo("="), mi("exp"), mo("("), half(), s("logvar", mi("log"),
        squared(mi("σ"))), mo(")")),
    ], dimension: [
      row(n("mu", here.mu), mo(","), gap("0.6em"), n("sigma", deviation), mo("="), mi("exp"),
        mo("("), half(), mo("·"), n("logvar", here.logvar, true), mo(")")),
    ] },
    eps: { letters: [
      row(s("eps", mi("ε")), mo("∼"), mi("N"), mo("("), mn("0"), mo(","), mi("I"), mo(")")),
    ], dimension: [
      row(s("eps", sub(mi("ε"), d())), mo("="), n("eps", here.eps)),
    ] },
    z: { letters: [
      row(s("z", mi("z")), mo("="), s("mu", mi("μ")), mo("+"), s("sigma", mi("σ")), mo("·"),
        s("eps", mi("ε"))),
    ], dimension: [
      row(n("z", here.z), mo("="), n("mu", here.mu), mo("+"), n("sigma", deviation), mo("·"),
        n("eps", here.eps, true)),
    ] },
    p: { letters: [
      row(s("distortion", mi("D")), mo("="), mo("−"), mi("log"), mi("p"), mo("("), s("x", mi("x")),
        mo("|"), s("z", mi("z")), mo(")")),
      row(s("distortion", mi("D")), mo("="), sum(t()),
        s("logp", mo("−"), mi("log"), mi("p"), mo("("), sub(mi("x"), t()), mo("|"),
          sub(mi("x"), row(mo("<"), t())), mo(","), mi("z"), mo(")"))),
    ], numbers: [
      row(n("distortion", D), mo("="),
        ...few.flatMap((value, i) => [...(i ? [mo("+")] : []), n("logp", value)]), ...ellipsis),
    ] },
    loss: { letters: [
      row(s("loss", mi("L")), mo("="), s("distortion", mi("D")), mo("+"),
        ...(data.beta === 1 ? [] : [s("beta", mi("β")), mo("·")]), s("rate", mi("R"))),
      row(s("rate", mi("R")), mo("="), sum(d()),
        s("kl", half(), mo("("), s("mu", math("msubsup", [mi("μ"), d(), mn("2")])), mo("+"),
          s("sigma", math("msubsup", [mi("σ"), d(), mn("2")])), mo("−"), s("logvar", mi("log"),
            math("msubsup", [mi("σ"), d(), mn("2")])), mo("−"), mn("1"), mo(")"))),
    ], numbers: [
      row(n("loss", D + data.beta * R), mo("="), n("distortion", D), mo("+"),
        ...(data.beta === 1 ? [] : [n("beta", data.beta), mo("·")]), n("rate", R)),
    ], dimension: [
      row(n("kl", here.kl), mo("="), half(), mo("("), n("mu", here.mu ** 2), mo("+"),
        n("sigma", deviation ** 2), mo("−"), n("logvar", here.logvar, true), mo("−"), mn("1"),
        mo(")")),
    ] },
  };
  return told[STAGES[view.stage]];
}

function drawFormula(view) {
  const { letters, numbers = [], dimension = [], words } = formulas(view);
  view.formula.replaceChildren();
  const lines = (className, all, before) => {
    if (!all.length) return;
    const place = make("div", className, view.formula);
    if (before) make("span", "which", place, before);
    place.append(...all.map((line) => math("math", line, { displaystyle: "true" })));
  };
  lines("letters", letters);
  lines("numbers", numbers);
  lines("numbers", dimension, view.data.words.dimension.replace("{d}", at(view).d));
  if (words) make("div", "numbers", view.formula, words);
  view.told.textContent = view.data.words.stages[view.stage].told;
}

// -- the figure -----------------------------------------------------------------------------------

const WIDTH = 240, REACH = 3.2;
const place = (value) => (Math.max(-REACH, Math.min(REACH, value)) / REACH + 1) * (WIDTH / 2);

function axis(line, view) {
  const box = svg("svg", { viewBox: `0 0 ${WIDTH} 26`, class: "axis", "aria-hidden": "true" });
  const deviation = Math.exp(0.5 * line.logvar);
  svg("rect", { x: place(-1), y: 0, width: place(1) - place(-1), height: 26, class: "prior" }, box);
  svg("line", { x1: place(0), x2: place(0), y1: 0, y2: 26, class: "zero" }, box);
  const band = svg("rect", {
    x: place(line.mu - deviation), width: place(line.mu + deviation) - place(line.mu - deviation),
    y: 7, height: 12, rx: 3, class: "band from-q", "data-symbol": "sigma logvar",
  }, box);
  svg("line", { x1: place(line.mu), x2: place(line.mu), y1: 3, y2: 23, class: "middle from-q",
    "data-symbol": "mu" }, box);
  line.step = svg("line", { y1: 13, y2: 13, class: "step from-eps", "data-symbol": "eps" }, box);
  line.dot = svg("circle", { cy: 13, r: 5, class: "dot from-z", "data-symbol": "z" }, box);
  return box;
}

const COLUMNS = [["mu", "q"], ["logvar", "q"], ["eps", "eps"], ["z", "z"], ["kl", "loss"]];

function buildFigure(view) {
  const { data, figure } = view;
  figure.replaceChildren();
  const tokens = make("div", "tokens", figure);
  view.cells = data.tokens.map((token) => {
    const cell = make("div", "token", tokens);
    cell.dataset.symbol = "x";
    const word = make("span", "word", cell, token);
    word.dir = "auto";
    const cost = make("span", "cost from-p", cell);
    cost.dataset.symbol = "logp distortion";
    return cost;
  });
  const table = make("div", "latents from-q", figure);
  const head = make("div", "latent head", table);
  make("span", "name", head);
  make("span", "axis", head, data.words.axis);
  for (const [column, stage] of COLUMNS) {
    const cell = make("span", `value from-${stage}`, head, data.words.columns[column]);
    cell.dataset.symbol = column;
  }
  data.rows.forEach((line, i) => {
    const element = make("div", "latent", table);
    element.dataset.row = i;
    element.tabIndex = 0;
    element.setAttribute("role", "button");
    element.addEventListener("click", () => choose(view, i));
    make("span", "name", element, line.name);
    element.append(axis(line, view));
    line.cells = {};
    for (const [column, stage] of COLUMNS) {
      const cell = make("span", `value from-${stage}`, element);
      cell.dataset.symbol = column === "kl" ? "kl rate" : column;
      line.cells[column] = cell;
    }
    line.element = element;
  });
  if (data.hidden) {
    const rest = make("div", "latent rest", table);
    make("span", "name wide", rest, data.words.rest);
    const cell = make("span", "value from-loss", rest, write(view, data.others));
    cell.dataset.symbol = "kl rate";
  }
  view.sum = make("div", "sum from-loss", figure);
}

function bar(view) {
  const D = total(costs(view)), R = rate(view), loss = D + view.data.beta * R;
  const words = view.data.words;
  view.sum.replaceChildren();
  const strip = make("div", "strip", view.sum);
  const part = (value, symbol, name) => {
    const piece = make("div", `part ${symbol}`, strip);
    piece.style.flexGrow = Math.max(value, 0.0001);
    piece.dataset.symbol = symbol;
    piece.title = `${name}: ${write(view, value)}`;
  };
  costs(view).forEach((value, t) => part(value, "distortion", view.data.tokens[t]));
  for (const line of view.data.rows) part(view.data.beta * line.kl, "rate", line.name);
  if (view.data.hidden) part(view.data.beta * view.data.others, "rate", words.rest);
  const text = make("p", "reading", view.sum);
  for (const [symbol, value, name] of [
    ["distortion", D, words.distortion], ["rate", view.data.beta * R, words.rate],
    ["loss", loss, words.loss],
  ]) {
    const said = make("span", `figure ${symbol}`, text);
    said.dataset.symbol = symbol;
    make("b", "", said, write(view, value));
    make("span", "", said, " " + name);
    if (symbol !== "loss") make("span", "operator", text, symbol === "rate" ? "=" : "+");
  }
}

function fill(view) {
  const { data, draw } = view;
  costs(view).forEach((value, t) => {
    view.cells[t].textContent = write(view, value);
    view.cells[t].style.setProperty("--share", Math.min(1, value / 4));
  });
  for (const line of data.rows) {
    const values = { mu: line.mu, logvar: line.logvar, eps: line.eps[draw], z: line.z[draw],
      kl: line.kl };
    for (const [column] of COLUMNS) line.cells[column].textContent = write(view, values[column]);
    line.dot.style.transform = `translateX(${place(line.z[draw])}px)`;
    line.step.setAttribute("x1", place(line.mu));
    line.step.setAttribute("x2", place(line.z[draw]));
  }
  bar(view);
}

// -- the code -------------------------------------------------------------------------------------

const LINES_OF = { x: [0], q: [1], eps: [2], z: [3], p: [4, 5], loss: [6, 7, 8] };

function buildCode(view) {
  view.code.replaceChildren(
    ...view.data.code.map((parts) => {
      const line = make("span", "line");
      for (const [text, symbol] of parts) {
        const piece = make("span", "", line, text);
        if (!symbol) continue;
        piece.dataset.symbol = symbol === "logvar" ? "logvar sigma" : symbol;
        piece.classList.add("name");
      }
      line.append("\n");
      return line;
    })
  );
}

// -- all of it ------------------------------------------------------------------------------------

function choose(view, dim) {
  view.dim = dim;
  view.data.rows.forEach((line, i) => line.element.classList.toggle("chosen", i === dim));
  drawFormula(view);
}

function stand(view) {
  const stage = STAGES[view.stage];
  view.root.dataset.stage = view.stage;
  view.buttons.forEach((button, i) => {
    button.setAttribute("aria-current", i === view.stage ? "step" : "false");
    button.classList.toggle("past", i < view.stage);
  });
  view.back.disabled = view.stage === 0;
  view.forward.disabled = view.stage === STAGES.length - 1;
  view.again.hidden = view.stage < 2;
  const { words, costs: all } = view.data;
  view.again.textContent = words.again
    .replace("{draw}", view.draw + 1)
    .replace("{draws}", all.length);
  [...view.code.children].forEach((line, i) =>
    line.classList.toggle("now", LINES_OF[stage].includes(i))
  );
  view.play.textContent = view.timer ? words.pause : words.slow;
  fill(view);
  choose(view, view.dim);
}

function go(view, stage) {
  view.stage = Math.max(0, Math.min(STAGES.length - 1, stage));
  stand(view);
  tell(view);
}

function tell(view) {
  view.tell("moved", { stage: view.stage, draw: view.draw });
}

function stop(view) {
  clearInterval(view.timer);
  view.timer = 0;
}

function play(view) {
  if (view.timer) {
    stop(view);
    stand(view);
    return;
  }
  if (view.stage === STAGES.length - 1) view.stage = 0;
  else view.stage += 1;
  view.timer = setInterval(() => {
    view.stage += 1;
    if (view.stage === STAGES.length - 1) stop(view);
    stand(view);
    if (!view.timer) tell(view);
  }, SLOW);
  stand(view);
}

function build(view) {
  const { root } = view;
  root.replaceChildren();
  const { words } = view.data;
  const top = make("div", "top", root);
  const stages = make("div", "stages", top);
  stages.setAttribute("role", "group");
  stages.setAttribute("aria-label", words.way);
  view.buttons = words.stages.map((stage, i) => {
    const button = make("button", "stage", stages, stage.name);
    button.type = "button";
    button.addEventListener("click", () => { stop(view); go(view, i); });
    return button;
  });
  const moves = make("div", "moves", top);
  const press = (text, label, action) => {
    const button = make("button", "move", moves, text);
    button.type = "button";
    if (label) button.setAttribute("aria-label", label);
    button.addEventListener("click", action);
    return button;
  };
  view.back = press("◀", words.back, () => { stop(view); go(view, view.stage - 1); });
  view.forward = press("▶", words.forward, () => { stop(view); go(view, view.stage + 1); });
  view.play = press("", "", () => play(view));
  view.again = press("", "", () => {
    view.draw = (view.draw + 1) % view.data.costs.length;
    stand(view);
    tell(view);
  });
  view.told = make("p", "told", root);
  view.told.setAttribute("aria-live", "polite");
  view.formula = make("div", "formula", root);
  view.meaning = make("p", "meaning", root, words.hint);
  const below = make("div", "below", root);
  view.figure = make("div", "figure", below);
  view.code = make("pre", "code", below);
  view.code.setAttribute("aria-label", words.code);
  buildFigure(view);
  buildCode(view);
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".worked");
  if (!root || !data) return;
  let view = kept.get(root);
  if (!view) {
    view = { root, stage: data.stage, draw: data.draw, dim: 0, timer: 0, data: null };
    listen(view);
    kept.set(root, view);
  }
  view.tell = setTriggerValue;
  if (view.data?.id !== data.id) {
    view.data = structuredClone(data);
    view.draw = Math.min(view.draw, data.costs.length - 1);
    view.dim = Math.min(view.dim, data.rows.length - 1);
    if (data.at !== view.at) view.stage = data.stage;
    view.at = data.at;
    build(view);
    stand(view);
  }
  return () => {
    stop(view);
    kept.delete(root);
  };
}
