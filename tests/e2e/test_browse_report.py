"""The report of a run: downloaded from the app, opened from the disk with the network off."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.browsing import DESKTOP, PHONE, Complaints, Server, visit
from vae.runs.catalogue import SHIPPED
from vae.runs.store import RunDirectory
from vae.studies.summary import figures_of

FOUND = figures_of(RunDirectory(SHIPPED / "factors"))
WIDTH = FOUND["latent_dim"]
ACTIVE = f"{FOUND['active_units']} of {WIDTH} dimensions are active"


@pytest.fixture(scope="module")
def report(browser: Browser, server: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that the button on the page of runs gives."""
    with browser.new_context(viewport=DESKTOP) as context:
        page = context.new_page()
        visit(page, server.address("runs"))
        with page.expect_download() as given:
            page.get_by_role("button", name="Download the report").click()
        assert given.value.suggested_filename == "factors-report.html"
        path = tmp_path_factory.mktemp("report") / given.value.suggested_filename
        given.value.save_as(path)
    return path


@pytest.fixture
def opened(browser: Browser, report: Path) -> Iterator[Page]:
    """The report in a browser without a network, whose console stays silent to the end."""
    with browser.new_context(viewport=DESKTOP, offline=True) as context:
        page = context.new_page()
        complaints = Complaints(page)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(report.as_uri())
        yield page
        assert not complaints.said, complaints.said
        assert {url for url in asked if not url.startswith(("blob:", "data:"))} == {report.as_uri()}


def figure(page: Page, question: str) -> Locator:
    return page.locator("figure").filter(has=page.get_by_role("heading", name=question))


def test_figures_are_drawn_and_answer_to_the_pointer(opened: Page):
    expect(opened.get_by_role("heading", level=1)).to_have_text("factors")
    rates = figure(opened, ACTIVE)
    chart = rates.get_by_role("img")
    chart.scroll_into_view_if_needed()
    expect(chart.locator("svg .bars path").first).to_be_visible()
    chart.locator("svg .bars path").nth(5).hover(force=True)
    expect(chart.locator(".hoverlayer")).to_contain_text(re.compile(r"dimension \d+, active"))


def test_a_table_is_downloaded_whole_with_the_network_off(opened: Page):
    rates = figure(opened, ACTIVE)
    with opened.expect_download() as given:
        rates.get_by_role("button", name="Download the table (CSV)").click()
    assert given.value.suggested_filename == "rates.csv"
    head, *rows = Path(given.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert head.startswith("dimension,")
    assert len(rows) == WIDTH
    found = RunDirectory(SHIPPED / "factors").read_json("studies/diagnosis.json")["result"]
    rate = sum(float(row.split(",")[1]) for row in rows)
    assert rate == pytest.approx(found["split"]["rate"]["value"], abs=0.1)


def test_a_figure_is_downloaded_as_a_picture_of_its_own(opened: Page):
    rates = figure(opened, ACTIVE)
    with opened.expect_download() as given:
        rates.get_by_role("button", name="Download the figure (SVG)").click()
    text = Path(given.value.path()).read_text(encoding="utf-8")
    assert text.startswith("<svg")
    assert text.count("<path") > WIDTH


def test_it_fits_a_telephone_and_follows_the_light_of_the_room(browser: Browser, report: Path):
    papers = set()
    for scheme in ("light", "dark"):
        with browser.new_context(viewport=PHONE, color_scheme=scheme, offline=True) as context:
            page = context.new_page()
            page.goto(report.as_uri())
            expect(page.get_by_role("img").first).to_be_visible()
            wide = "document.documentElement.scrollWidth - window.innerWidth"
            assert page.evaluate(wide) <= 0
            papers.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(papers) == 2
