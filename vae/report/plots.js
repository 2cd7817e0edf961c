// The figures that Plotly draws, in the ink of the page's theme.

const PLOTS = JSON.parse(document.getElementById("plots").textContent);
const DARK = window.matchMedia("(prefers-color-scheme: dark)");
const PAPER = { ink: "#14120F", ground: "#FFFFFF" };

function pageInk() {
  return getComputedStyle(document.body).color;
}

const ROOTS = [...document.querySelectorAll("[data-plot]")];
const waiting = new Set(ROOTS);

function draw(root) {
  if (!waiting.delete(root)) return;
  const { data, layout } = PLOTS.figures[root.dataset.plot];
  const family = getComputedStyle(document.body).fontFamily;
  layout.font = { ...layout.font, family, color: pageInk() };
  Plotly.newPlot(root, data, layout, PLOTS.config);
}

function recolour(colour) {
  for (const root of ROOTS) if (!waiting.has(root)) Plotly.relayout(root, { "font.color": colour });
}

// A figure is drawn when it comes near, so that the first words can be read at once.
const near = new IntersectionObserver(
  (seen) => seen.filter((entry) => entry.isIntersecting).forEach((entry) => draw(entry.target)),
  { rootMargin: "1500px" },
);
for (const root of ROOTS) {
  root.style.height = `${PLOTS.figures[root.dataset.plot].layout.height}px`;
  near.observe(root);
}

DARK.addEventListener("change", () => recolour(pageInk()));
window.addEventListener("afterprint", () => recolour(pageInk()));
window.addEventListener("beforeprint", () => {
  ROOTS.forEach(draw);
  recolour(PAPER.ink);
});

/** A figure as a file of its own, in the colours of paper. */
async function paperPicture(root) {
  draw(root);
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
