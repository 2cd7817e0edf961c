"""The pictures of the README: every page in both themes, two on a phone.

Starts the app, opens its pages on the run `factors` in headless Chromium, and writes
assets/screenshots/PAGE-light.png, PAGE-dark.png, PAGE-zh.png (1440 x 900) and PAGE-phone.png
(390 x 844), each with a palette of 256 colours; moving.webp, the slider of Interpolate on its way;
and taken-light.png, taken-phone.png, the page to take along. The preview of a file, and the map by
a number and by a date, show a journal of our own (tests/journal.py), on which a small run is
trained first. Run it from the repository's root after the shipped runs or the pages have changed:

python -m tests.e2e.take_screenshots [PAGE ...]
"""

from __future__ import annotations

import argparse
import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tests import journal
from tests.e2e.browsing import (
    DESKTOP,
    PHONE,
    ROOT,
    Server,
    choose,
    launch,
    serve,
    settled,
    slider,
    visit,
)
from vae.corpora import factors
from vae.explorer import Explorer
from vae.sharing.page import make as make_page

TO = ROOT / "assets" / "screenshots"
LINK = {
    "run": "factors",
    "a": "She loves cooking the delicious curry in her kitchen every weekend.",
    "b": "Those children did not enjoy feeding the playful kitten at the farm yesterday.",
}
JOURNAL = {"run": "journal", "a": "On a grey evening in November my sister drank hot tea."}
# What a page needs beside the run and the two sentences, and an element that it ends with.
PAGES = {
    "home": ("", {}, "table tbody tr"),
    "map": ("map", {}, ".point-map .points"),
    "interpolate": ("interpolate", {"t": 0.5}, "table tbody tr"),
    "dimensions": ("dimensions", {}, ".say .sentence"),
    "sentence": ("sentence", {}, '[data-testid="stExpander"]'),
    "lesson": ("lesson", {"lesson": "loss", "step": 2, "stage": 5}, ".worked math"),
    "lab": ("lab", {}, "textarea"),
    "training": ("training", {}, ".curves .plot canvas"),
    "runs": ("runs", {}, '[data-testid="stDataFrame"] canvas'),
    "compare": ("compare", {"runs": "factors,factors-collapsed"}, ".js-plotly-plot .main-svg"),
    "clinic": ("clinic", {}, 'input[type="radio"]'),
    "collapse": ("collapse", {}, ".js-plotly-plot .main-svg"),
    "meaning": ("meaning", {"meaning": "steer"}, ".say .sentence"),
    "preview": ("lab", {}, '[data-testid="stMultiSelect"]'),
    "map-lattice": ("map", {}, ".point-map .points"),
    "map-names": ("map", {"on": "names,density"}, ".point-map .points"),
    "map-number": ("map", JOURNAL, ".point-map .points"),
    "map-date": ("map", JOURNAL, ".point-map .points"),
}
COLOURS = {"map-number": "temperature", "map-date": "day"}
TAKEN = "taken"
MOVING: ViewportSize = {"width": 1100, "height": 620}
IN_CHINESE = {"map", "collapse", "lesson"}
ON_A_PHONE = ("home", "interpolate", "lab", "lesson", "sentence")


def open_page(page: Page, server: Server, name: str, **link: str) -> None:
    """Open a page and wait until nothing on it moves any more."""
    path, more, last = PAGES[name]
    visit(page, server.address(path, **{**LINK, **more, **link}))
    if name == "preview":
        upload(page)
    expect(page.locator(last).first).to_be_attached(timeout=30_000)
    if name == "lab":
        paste(page)
    if name in COLOURS:
        choose(page.get_by_role("combobox", name="Colour by"), COLOURS[name])
        settled(page)
        # Along principal axes a measure changes little by little; UMAP tears it apart.
        page.get_by_role("radio", name="PCA").click()
        settled(page)
    if name in ("map", "map-lattice"):
        answers(page, name)
    expect(page.locator(".js-plotly-plot:not(:has(.main-svg))")).to_have_count(0)
    page.evaluate("document.fonts.ready")
    # Two pictures in a row that are alike: charts have come to rest.
    before = b""
    for _ in range(40):
        now = page.screenshot(animations="disabled")
        if now == before:
            return
        before = now
        page.wait_for_timeout(250)


def answers(page: Page, name: str) -> None:
    """Let the map say what lies below the pointer, or all over it."""
    expect(page.locator(".point-map .tool.lattice")).to_be_visible(timeout=120_000)
    if name == "map-lattice":
        page.get_by_role("radio", name="PCA").click()
        settled(page)
        page.locator(".point-map .tool.lattice").click()
        return
    area = page.locator(".point-map .stage").bounding_box()
    assert area is not None
    for step in (0.6, 0.604):
        page.mouse.move(area["x"] + step * area["width"], area["y"] + step * area["height"])
    expect(page.locator(".point-map .card .here .sentence")).not_to_be_empty()


def paste(page: Page) -> None:
    """Give the lab a text, and wait until it says how long each preset takes."""
    page.get_by_role("textbox", name="Sentences, one a line").fill(
        "\n".join(factors.generate(2_000, seed=5).sentences)
    )
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(re.compile("2,000"))).not_to_have_count(0, timeout=120_000)
    expect(page.get_by_role("button", name=re.compile("^Start"))).to_be_visible(timeout=120_000)


def upload(page: Page) -> None:
    """Give the lab the journal as a file, and open its first rows."""
    page.get_by_role("radio", name=re.compile("file")).click()
    content = journal.table().encode()
    page.locator('input[type="file"]').set_input_files(
        {"name": "journal.csv", "mimeType": "text/csv", "buffer": content}
    )
    rows = page.locator(".st-key-lab_rows")
    rows.get_by_text("The first rows of journal.csv").click(timeout=60_000)
    expect(rows.locator("canvas").first).to_be_visible()
    settled(page)
    rows.scroll_into_view_if_needed()


def train_journal(folder: Path) -> None:
    """A run of the journal, in a directory of runs."""
    file = folder / "journal.csv"
    file.write_text(journal.table(), encoding="utf-8")
    command = ["-m", "vae", "train", str(file), "--out", str(folder / "runs" / "journal")]
    subprocess.run([sys.executable, *command, "--preset", "demonstration"], check=True)


def take(
    browser: Browser, server: Server, name: str, scheme: str, size: ViewportSize, **link: str
) -> bytes:
    """A picture of a page."""
    theme = "dark" if scheme == "dark" else "light"
    with browser.new_context(viewport=size, color_scheme=theme) as context:
        page = context.new_page()
        open_page(page, server, name, **link)
        raw = page.screenshot(animations="disabled")
    return reduced(raw)


def reduced(raw: bytes) -> bytes:
    """A picture with a palette of 256 colours, if that is smaller."""
    picture = Image.open(io.BytesIO(raw)).convert("RGB")
    small = picture.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return min(raw, out.getvalue(), key=len)


def taken(browser: Browser, size: ViewportSize, scheme: str) -> bytes:
    """A picture of the page to take along, a sentence of one's own on it."""
    theme = "dark" if scheme == "dark" else "light"
    with (
        tempfile.TemporaryDirectory() as folder,
        browser.new_context(viewport=size, color_scheme=theme, locale="en") as context,
    ):
        file = Path(folder) / "page.html"
        file.write_text(make_page(Explorer.load("factors")), encoding="utf-8")
        page = context.new_page()
        page.goto(file.as_uri())
        page.locator("#own").fill(LINK["a"])
        page.locator("#own").press("Enter")
        expect(page.locator("#chosen [data-said]")).to_be_attached()
        page.locator("#own").blur()
        said = page.locator("#map-said")
        before = str(said.get_attribute("data-place"))
        page.locator("#map-stage").hover(position={"x": 0.3 * size["width"], "y": 60})
        expect(said).not_to_have_attribute("data-place", before)
        page.evaluate("scrollTo(0, 0)")
        page.wait_for_timeout(500)
        return reduced(page.screenshot(animations="disabled"))


def moving(browser: Browser, server: Server) -> bytes:
    """The slider of Interpolate dragged from A to B, as an animated picture."""
    frames = []
    with browser.new_context(viewport=MOVING, device_scale_factor=1) as context:
        page = context.new_page()
        open_page(page, server, "interpolate")
        box = slider(page).bounding_box()
        assert box is not None
        middle = box["y"] + box["height"] / 2
        page.mouse.move(box["x"] + box["width"] / 2, middle)
        page.mouse.down()
        for share in [*np.linspace(0.5, 0, 8), *np.linspace(0, 1, 21), *np.linspace(1, 0.5, 8)]:
            page.mouse.move(box["x"] + share * box["width"], middle)
            page.wait_for_timeout(60)
            raw = page.screenshot(animations="disabled")
            frames.append(Image.open(io.BytesIO(raw)).convert("RGB"))
        page.mouse.up()
    out = io.BytesIO()
    frames[0].save(
        out, "WEBP", save_all=True, append_images=frames[1:], duration=260, loop=0, quality=60
    )
    return out.getvalue()


def write(target: Path, picture: bytes) -> None:
    """Replace a picture whole."""
    temporary = target.with_suffix(".tmp")
    temporary.write_bytes(picture)
    os.replace(temporary, target)
    print(f"{target.relative_to(ROOT)}  {len(picture) / 1024:.0f} KB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pages", nargs="*", metavar="PAGE", help=", ".join([*PAGES, TAKEN]))
    names = parser.parse_args().pages or [*PAGES, TAKEN]
    if unknown := set(names) - {*PAGES, TAKEN}:
        parser.error(f"there is no page {', '.join(sorted(unknown))}")
    TO.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        if COLOURS.keys() & set(names):
            train_journal(Path(folder))
        take_all(names, Path(folder))


def take_all(names: list[str], folder: Path) -> None:
    """The pictures of some pages, with the runs in a folder beside those that ship."""
    with (
        serve(
            ROOT / "app.py", folder, environment={"LATENT_LENS_RUNS": f"{folder}/runs"}
        ) as server,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        # The first visit of a server is like no other.
        open_page(browser.new_page(), server, "home")
        for name in [name for name in names if name != TAKEN]:
            kinds = [("light", DESKTOP), ("dark", DESKTOP)]
            kinds += [("phone", PHONE)] if name in ON_A_PHONE else []
            for scheme, size in kinds:
                picture = take(browser, server, name, scheme, size)
                write(TO / f"{name}-{scheme}.png", picture)
        for name in IN_CHINESE & set(names):
            write(TO / f"{name}-zh.png", take(browser, server, name, "light", DESKTOP, lang="zh"))
        if TAKEN in names:
            write(TO / f"{TAKEN}-light.png", taken(browser, DESKTOP, "light"))
            write(TO / f"{TAKEN}-phone.png", taken(browser, PHONE, "dark"))
        if "interpolate" in names:
            write(TO / "moving.webp", moving(browser, server))
        browser.close()


if __name__ == "__main__":
    main()
