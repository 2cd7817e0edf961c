"""The map of the app in a browser: where things lie on it, what it says, what is drawn on it."""

from __future__ import annotations

import csv
import json
import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.e2e.browsing import settled


def drawn(page: Page) -> Locator:
    """The canvas of the map, once its points are there."""
    stage = page.locator(".point-map .stage")
    expect(stage).to_be_visible()
    expect(page.locator(".point-map .wait")).to_be_hidden()
    return stage


def place(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where a share of the map's size lies on the page."""
    stage = drawn(page)
    stage.scroll_into_view_if_needed()
    # What stands beside the pointer goes when the page scrolls.
    page.evaluate("() => new Promise((rest) => setTimeout(() => requestAnimationFrame(rest), 50))")
    area = stage.bounding_box()
    assert area is not None
    return area["x"] + x * area["width"], area["y"] + y * area["height"]


def draw(page: Page, tool: str, start: tuple[float, float], *corners: tuple[float, float]) -> None:
    """Drag over the map with one of its tools, through corners in shares of its size."""
    page.get_by_role("button", name=tool).click()
    page.mouse.move(*place(page, *start))
    page.mouse.down()
    for corner in corners:
        page.mouse.move(*place(page, *corner), steps=8)
    page.mouse.up()


def seen(page: Page, of: str) -> object:
    """What an expression of `map` is in the browser."""
    return json.loads(
        page.locator(".point-map").evaluate(
            f"(e) => {{ const map = e.pointMap; return JSON.stringify({of}); }}"
        )
    )


def taken(page: Page) -> tuple[int, list[dict[str, str]]]:
    """How many sentences the page says are selected, and those that it gives away."""
    n = chosen(page)
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile(r"Download [\d,]+ rows")).click()
    with download.value.path().open(encoding="utf-8-sig", newline="") as rows:
        return n, list(csv.DictReader(rows))


def chosen(page: Page) -> int:
    """How many sentences the page says are selected, once it shows them."""
    title = page.get_by_role("heading", name=re.compile(r"Selected: [\d,]+ sentences"))
    expect(title).to_be_visible()
    # The table below the map comes before that of the radius dial beside it.
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
    settled(page)
    return int(re.sub(r"\D", "", title.inner_text()))


def until(page: Page, of: str) -> None:
    """Wait until an expression of `map` holds."""
    for _ in range(600):
        if seen(page, f"Boolean({of})"):
            return
        page.wait_for_timeout(100)
    raise AssertionError(of)


def answering(page: Page) -> None:
    """Wait until every place of the map answers."""
    drawn(page)
    until(page, "map.decoder")


def pointed_at(page: Page, *places: tuple[float, float]) -> list[dict[str, Any]]:
    """What the map says as the pointer rests at places, in shares of its size: the latent, and the
    text that stands beside the pointer."""
    page.evaluate(
        """() => { window.said = []; window.addEventListener("latent-lens-place",
            ({ detail }) => window.said.push({ ...detail, latent: [...detail.latent] })); }"""
    )
    sentence = page.locator(".point-map .card .here .sentence")
    found = []
    for x, y in places:
        before = page.evaluate("said.length")
        page.mouse.move(*place(page, x, y))
        page.wait_for_function("(before) => said.length > before", arg=before)
        found.append(page.evaluate("said.at(-1)"))
        expect(sentence).to_have_text(found[-1]["text"])
    return found
