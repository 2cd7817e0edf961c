// The figures that Plotly draws, in the ink of the page's theme.

const PLOTS = JSON.parse(document.getElementById("plots").textContent);
const DARK = window.matchMedia("(prefers-color-scheme: dark)");
const PAPER = { ink: "#14120F", ground: "#FFFFFF" };

function pageInk() {
  return getComputedStyle(document.body).color;
}

function drawn() {
  return document.querySelectorAll("[data-plot]");
}

for (const root of drawn()) {
  const { data, layout } = PLOTS.figures[root.dataset.plot];
  const family = getComputedStyle(document.body).fontFamily;
  root.style.height = `${layout.height}px`;
  layout.font = { ...layout.font, family, color: pageInk() };
  Plotly.newPlot(root, data, layout, PLOTS.config);
}

DARK.addEventListener("change", () => drawn().forEach((r) => Plotly.relayout(r, { "font.color": pageInk() })));
window.addEventListener("beforeprint", () => drawn().forEach((r) => Plotly.relayout(r, { "font.color": PAPER.ink })));
window.addEventListener("afterprint", () => drawn().forEach((r) => Plotly.relayout(r, { "font.color": pageInk() })));

/** A figure as a file of its own, in the colours of paper. */
async function paperPicture(root) {
  const { clientWidth: width, clientHeight: height } = root;
  const layout = { ...root.layout, font: { ...root.layout.font, color: PAPER.ink } };
  const paper = { ...layout, paper_bgcolor: PAPER.ground, width, height };
  const format = { format: "svg", width, height, imageDataOnly: true };
  return Plotly.toImage({ data: root.data, layout: paper }, format);
}

for (const button of document.querySelectorAll("[data-svg]")) {
  const name = button.dataset.svg;
  const root = document.querySelector(`[data-plot="${CSS.escape(name)}"]`);
  button.addEventListener("click", async () => {
    give(`${name}.svg`, "image/svg+xml", [await paperPicture(root)]);
  });
}
