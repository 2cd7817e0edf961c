"""Every page on every run that ships: whole, calm, and no wider than the screen."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import (
    DESKTOP,
    PHONE,
    ROOT,
    Server,
    overflow,
    settled,
    visit,
    whole_and_calm,
)

RUNS = sorted(p.parent.name for p in (ROOT / "assets" / "runs").glob("*/config.json"))
PAGES = ("", "map", "interpolate", "dimensions", "training", "collapse")


@pytest.mark.parametrize("run", RUNS)
def test_every_page_shows_the_run(server: Server, page: Page, run: str):
    for name in PAGES:
        visit(page, server.address(name, run=run))
        whole_and_calm(page)
        fits(page, f"/{name} of {run}")


def test_every_page_fits_a_phone(server: Server, page: Page):
    page.set_viewport_size(PHONE)
    for name in PAGES:
        visit(page, server.address(name, run="factors"))
        whole_and_calm(page)
        fits(page, f"/{name} on a phone")


def fits(page: Page, what: str) -> None:
    """No wider than the window, once the charts have their size."""
    expect(page.locator(".js-plotly-plot:not(:has(.main-svg))")).to_have_count(0)
    wider = overflow(page)
    assert wider <= 1, f"{what} is {wider:.0f} px too wide"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_both_themes(server: Server, browser, scheme: str):
    """The contrast of the page's text to its ground is 4.5 or better (WCAG 1.4.3)."""
    with browser.new_context(viewport=DESKTOP, color_scheme=scheme) as context:
        page = context.new_page()
        visit(page, server.address("", run="factors"))
        ratio = page.evaluate(
            """() => {
                const parts = (c) => c.match(/[\\d.]+/g).slice(0, 3).map(Number);
                const light = (c) => parts(c).map((v) => v / 255)
                    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
                    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
                const app = getComputedStyle(document.querySelector('[data-testid="stApp"]'));
                const text = getComputedStyle(document.querySelector('h1'));
                const [a, b] = [light(app.backgroundColor), light(text.color)].sort();
                return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            }"""
        )
        assert ratio >= 4.5
        settled(page)


def test_a_run_that_ships_is_named_in_the_sidebar(server: Server, page: Page):
    visit(page, server.address())
    page.get_by_test_id("stSidebar").get_by_role("combobox").click()
    for run in RUNS:
        expect(page.get_by_role("option", name=run, exact=True)).to_be_visible()


def test_the_verdict_on_every_run_is_one_of_three():
    for run in RUNS:
        evaluation = ROOT / "assets" / "runs" / run / "evaluation.json"
        verdict = json.loads(evaluation.read_text(encoding="utf-8"))["verdict"]
        assert re.fullmatch("healthy|partial|collapsed", verdict)
