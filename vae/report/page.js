// The page itself: its charts, and what can be taken from it.

const FIGURES = JSON.parse(document.getElementById("figures").textContent);

/** Give a person a file that was made in the page. */
function give(name, type, parts) {
  const address = URL.createObjectURL(new Blob(parts, { type }));
  const link = html(document.body, "a", { href: address, download: name });
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

/** A table of the page as CSV, with a mark that tells spreadsheets that it is UTF-8. */
function csv(table) {
  const rows = [...table.rows].map((row) =>
    [...row.cells]
      .map((cell) => cell.textContent)
      .map((text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text))
      .join(",")
  );
  return `\ufeff${rows.join("\r\n")}\r\n`;
}

/** A chart as a file of its own, in the colours of paper. */
function picture(svg, title) {
  const copy = svg.cloneNode(true);
  copy.setAttribute("color", "#14120F");
  copy.setAttribute("role", "img");
  copy.removeAttribute("aria-hidden");
  const paper = document.createElementNS(NS, "rect");
  for (const side of ["width", "height"]) paper.setAttribute(side, "100%");
  paper.setAttribute("fill", "#FFFFFF");
  copy.prepend(paper);
  const name = document.createElementNS(NS, "title");
  name.textContent = title;
  copy.prepend(name);
  return new XMLSerializer().serializeToString(copy);
}

for (const root of document.querySelectorAll(".chart")) {
  const spec = FIGURES[root.dataset.figure];
  const view = chartView(root, spec);
  const tools = root.closest("figure").querySelector(".tools");
  const button = html(tools, "button", { type: "button" }, "Download the figure (SVG)");
  button.addEventListener("click", () =>
    give(`${spec.name}.svg`, "image/svg+xml", [picture(view.svg(), spec.alt)])
  );
}

for (const button of document.querySelectorAll("[data-csv]")) {
  const name = button.dataset.csv;
  button.addEventListener("click", () =>
    give(`${name}.csv`, "text/csv;charset=utf-8", [csv(document.getElementById(`table-${name}`))])
  );
}
