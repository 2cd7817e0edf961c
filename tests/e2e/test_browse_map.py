"""Map: colour, search, select with the mouse, place an own sentence."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import Server, settled, visit


@pytest.fixture
def cloud(server: Server, page: Page) -> Page:
    visit(page, server.address("map", run="factors"))
    expect(page.locator(".js-plotly-plot .gl-canvas").first).to_be_visible()
    return page


def test_sentences_are_selected_with_the_mouse(cloud: Page):
    cloud.locator('.modebar-btn[data-title="Box Select"]').click()
    area = cloud.locator(".js-plotly-plot .nsewdrag").bounding_box()
    assert area is not None
    cloud.mouse.move(area["x"] + 0.3 * area["width"], area["y"] + 0.3 * area["height"])
    cloud.mouse.down()
    cloud.mouse.move(area["x"] + 0.7 * area["width"], area["y"] + 0.7 * area["height"], steps=8)
    cloud.mouse.up()
    title = cloud.get_by_role("heading", name=re.compile(r"Selected: [\d,]+ sentences"))
    expect(title).to_be_visible()
    selected = int(re.sub(r"\D", "", title.inner_text()))
    assert 1 < selected < 10_000
    expect(cloud.get_by_test_id("stDataFrame")).to_be_visible()
    settled(cloud)
    with cloud.expect_download() as download:
        cloud.get_by_role("button", name=re.compile(r"Download [\d,]+ rows")).click()
    rows = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == selected + 1


def test_a_search_counts_and_lists_what_it_finds(cloud: Page):
    field = cloud.get_by_role("textbox", name="Search")
    field.fill("kitchen she")
    field.press("Enter")
    title = cloud.get_by_role("heading", name=re.compile(r"Found: [\d,]+ sentences"))
    expect(title).to_be_visible()
    expect(cloud.get_by_test_id("stDataFrame")).to_be_visible()
    field.fill("zyzzyva")
    field.press("Enter")
    expect(title).to_have_count(0)
    expect(cloud.get_by_text("0 of 10,000 sentences hold")).to_be_visible()


def test_colour_and_projection_are_chosen(cloud: Page):
    legend = cloud.locator(".js-plotly-plot .legendtext")
    expect(legend.first).to_be_visible()
    before = legend.all_inner_texts()
    cloud.get_by_label("Colour by").click()
    cloud.get_by_role("option", name="sentiment", exact=True).click()
    expect(legend.filter(has_text="positive")).to_be_visible()
    assert legend.all_inner_texts() != before
    # Both projections say how far they can be trusted.
    expect(
        cloud.get_by_text(re.compile(r"trustworthiness of this picture 0\.\d\d"))
    ).to_be_visible()
    cloud.get_by_role("radio", name="PCA").click()
    expect(cloud.get_by_text(re.compile(r"\d+% of the variance"))).to_be_visible()


def test_an_own_sentence_is_placed_without_refitting(cloud: Page):
    cloud.get_by_role("textbox", name="One sentence a line").fill(
        "We gladly sang in the kitchen yesterday."
    )
    cloud.get_by_role("button", name="Place on the map").click()
    expect(cloud.locator(".js-plotly-plot").get_by_text("own sentence")).to_be_visible()
    expect(cloud.get_by_text("Your sentence", exact=True)).to_be_visible()
