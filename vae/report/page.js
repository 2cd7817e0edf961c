// What can be taken from the page.

/** Give a person a file that was made in the page. */
function give(name, type, parts) {
  const address = URL.createObjectURL(new Blob(parts, { type }));
  const link = document.createElement("a");
  Object.assign(link, { href: address, download: name });
  document.body.append(link);
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

for (const button of document.querySelectorAll("[data-csv]")) {
  const name = button.dataset.csv;
  button.addEventListener("click", () =>
    give(`${name}.csv`, "text/csv;charset=utf-8", [csv(document.getElementById(`table-${name}`))])
  );
}
