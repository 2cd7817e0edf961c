// Collapse beside health: the stored figures of two runs, and whether this decoder listens to z.

views.collapse = (() => {
  const top = Math.max(...content.beside.flatMap(({ rates }) => rates), 0.5);
  let row = shared.a.row;

  function bars({ run, rates, state }) {
    const [width, height, left, below] = [420, 190, 34, 18];
    const made = (tag, attributes, ...children) => {
      const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      element.append(...children);
      return element;
    };
    const alt = say("bars", { run, most: digits(rates[0]), least: digits(rates.at(-1)) });
    const viewBox = `0 0 ${width} ${height + below}`;
    const svg = made("svg", { viewBox, role: "img", "aria-label": alt });
    const y = (nats) => height - (height - 8) * (nats / (top * 1.05));
    for (const at of [0, top / 2, top]) {
      svg.append(
        made("line", { x1: left, x2: width, y1: y(at), y2: y(at), class: "grid" }),
        made("text", { x: left - 5, y: y(at) + 4, "text-anchor": "end" }, digits(at))
      );
    }
    const step = (width - left) / rates.length;
    rates.forEach((nats, i) => {
      const size = Math.max(height - y(nats), 1.5);
      const x = left + i * step + step * 0.12;
      const bar = { x, y: height - size, width: step * 0.76, height: size, class: state };
      const title = made("title", {}, say("nats", { nats: digits(nats, 3) }));
      svg.append(made("rect", bar, title));
    });
    svg.append(made("text", { x: left, y: height + below - 3 }, say("axis")));
    return svg;
  }

  function card(one) {
    const lines = one.figures[root.lang].split("\n").map((line) => el("li", {}, line));
    const verdict = one.verdict[root.lang];
    return el(
      "figure",
      {},
      el("figcaption", {}, el("b", {}, one.run), verdict ? ` · ${verdict}` : ""),
      bars(one),
      el("ul", {}, ...lines)
    );
  }

  async function listen() {
    const own = space.at(row);
    const other = space.at((row + Math.floor(space.n / 2)) % space.n);
    const z = Float32Array.of(...own, ...other, ...priorDraws(1, content.seed));
    try {
      const found = await answers.greedy(z);
      const shown = [content.sentences[row], ...found.map(({ text }) => told(text))];
      $("listen").querySelectorAll("dd").forEach((place, i) => (place.textContent = shown[i]));
    } catch (error) {
      failed(error);
    }
  }

  $("listen-other").addEventListener("click", () => {
    row = anyRow();
    listen();
  });
  return {
    show: listen,
    speak: () => $("collapse-pair").replaceChildren(...content.beside.map(card)),
  };
})();
