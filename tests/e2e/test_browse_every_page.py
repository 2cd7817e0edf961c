"""Every page on every run that ships: whole, calm, and no wider than the screen."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import grave
from tests.e2e.browsing import (
    PHONE,
    Server,
    choose,
    fits,
    offered,
    turn_to,
    visit,
    whole_and_calm,
)
from vae.colours import contrast
from vae.runs.catalogue import shipped_runs
from vae.studies.summary import figures_of

RUNS = sorted(shipped_runs())
PAGES = (
    "",
    "map",
    "interpolate",
    "dimensions",
    "sentence",
    "training",
    "compare",
    "collapse",
    "meaning",
)
# These show no run of their own, and are looked at once.
ASKING = ("lab", "runs", "clinic", "sweep", "article", "questions", "prepare", "classroom")


@pytest.mark.parametrize("run", RUNS)
def test_every_page_shows_the_run(server: Server, reader: Page, run: str):
    turn_to(reader, server.address(open="all"))
    chosen = reader.get_by_test_id("stSidebar").get_by_role("combobox", name="Run")
    choose(chosen, run)
    expect(reader).to_have_url(re.compile(f"run={run}"))
    for name in PAGES:
        turn_to(reader, server.address(name, run=run, open="all"))
        expect(chosen).to_have_value(run)
        whole_and_calm(reader)
        fits(reader, f"/{name} of {run}")


def test_every_page_fits_a_phone_and_keeps_nobody_out(server: Server, page: Page):
    page.set_viewport_size(PHONE)
    for name in (*PAGES, *ASKING):
        turn_to(page, server.address(name, run="factors", open="all"))
        whole_and_calm(page)
        fits(page, f"/{name} on a phone")
        assert grave(page) == [], name


def test_pages_that_ask_are_whole(server: Server, reader: Page):
    for name in ASKING:
        turn_to(reader, server.address(name))
        whole_and_calm(reader)
        fits(reader, f"/{name}")


def test_text_can_be_read_in_both_themes(server: Server, page: Page):
    """The contrast of the page's text to its ground is 4.5 or better (WCAG 1.4.3)."""
    visit(page, server.address("interpolate", run="factors"))
    grounds = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        visit(page, page.url)
        ground = colour(page, '[data-testid="stApp"]', "backgroundColor")
        text = colour(page, "h1", "color")
        assert contrast(ground, text) >= 4.5
        grounds.append(ground)
    assert grounds[0] != grounds[1]


def colour(page: Page, css: str, what: str) -> str:
    """A colour of an element as "#RRGGBB"."""
    told = page.evaluate(
        "([css, what]) => getComputedStyle(document.querySelector(css))[what]", [css, what]
    )
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", told)[:3])


def test_a_run_that_ships_is_named_in_the_sidebar(server: Server, page: Page):
    visit(page, server.address())
    assert set(RUNS) <= set(offered(page.get_by_test_id("stSidebar").get_by_role("combobox").first))


def test_every_run_that_ships_has_the_verdict_that_it_ships_for():
    found = {name: figures_of(run)["verdict"] for name, run in shipped_runs().items()}
    assert found == {
        "docstrings": "healthy",
        "everyday": "healthy",
        "factors": "healthy",
        "factors-collapsed": "collapsed",
        "factors-zh": "healthy",
    }
