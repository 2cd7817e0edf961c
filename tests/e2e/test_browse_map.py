"""Map: colour, search, select with the mouse, place an own sentence."""

import csv
import re

import pytest
from playwright.sync_api import Page, expect

from pages.common.state import MOST_IN_SET
from tests.e2e.browsing import Server, settled, visit


@pytest.fixture
def cloud(server: Server, page: Page) -> Page:
    visit(page, server.address("map", run="factors"))
    expect(page.locator(".js-plotly-plot .gl-canvas").first).to_be_visible()
    return page


def draw(page: Page, tool: str, start: tuple[float, float], *corners: tuple[float, float]) -> None:
    """Drag over the map with one of its tools, through corners in shares of its size."""
    page.locator(f'.modebar-btn[data-title="{tool}"]').click()
    area = page.locator(".js-plotly-plot .nsewdrag").bounding_box()
    assert area is not None

    def place(at: tuple[float, float]) -> tuple[float, float]:
        return area["x"] + at[0] * area["width"], area["y"] + at[1] * area["height"]

    page.mouse.move(*place(start))
    page.mouse.down()
    for corner in corners:
        page.mouse.move(*place(corner), steps=8)
    page.mouse.up()


def taken(page: Page) -> tuple[int, list[dict[str, str]]]:
    """How many sentences the page says are selected, and those that it gives away."""
    title = page.get_by_role("heading", name=re.compile(r"Selected: [\d,]+ sentences"))
    expect(title).to_be_visible()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    settled(page)
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile(r"Download [\d,]+ rows")).click()
    with download.value.path().open(encoding="utf-8-sig", newline="") as rows:
        return int(re.sub(r"\D", "", title.inner_text())), list(csv.DictReader(rows))


def test_sentences_are_selected_with_the_mouse(cloud: Page):
    draw(cloud, "Box select", (0.3, 0.3), (0.7, 0.7))
    selected, rows = taken(cloud)
    assert 1 < selected < 10_000
    assert len(rows) == selected


def test_what_a_lasso_holds_becomes_a_set_to_steer_by(cloud: Page):
    draw(cloud, "Lasso select", (0.2, 0.2), (0.6, 0.2), (0.6, 0.6), (0.2, 0.6), (0.2, 0.2))
    selected, rows = taken(cloud)
    assert MOST_IN_SET < selected < 10_000
    cloud.get_by_role("button", name="Use as set A").click()
    cloud.get_by_role("link", name=f"Steer from set A ({MOST_IN_SET})").click()
    box = cloud.get_by_role("textbox", name="Set A: one sentence a line")
    expect(cloud.get_by_text(f"Set A has {MOST_IN_SET} sentences.")).to_be_visible()
    lines = box.input_value().splitlines()
    assert len(set(lines)) == MOST_IN_SET
    assert set(lines) <= {row["sentence"] for row in rows}
    expect(cloud.get_by_text("Two sets of sentences make a direction")).to_be_visible()


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


def test_hits_of_a_search_are_gone_through_by_keys_and_the_card_follows(cloud: Page):
    field = cloud.get_by_role("textbox", name="Search")
    field.fill("kitchen she")
    field.press("Enter")
    count = cloud.locator(".hits .count")
    expect(count).to_have_text(re.compile(r"^1 of [\d,]+$"))
    card = cloud.locator('[data-testid="stHtml"] p[dir="auto"]').first
    expect(card).to_contain_text(re.compile("kitchen", re.IGNORECASE))
    first = card.inner_text()
    field.press("ArrowDown")
    expect(count).to_have_text(re.compile(r"^2 of "))
    expect(card).not_to_have_text(first)
    field.press("Enter")
    expect(count).to_have_text(re.compile(r"^3 of "))
    cloud.get_by_role("button", name="Previous found sentence").click()
    cloud.keyboard.press("ArrowLeft")
    expect(count).to_have_text(re.compile(r"^1 of "))
    expect(card).to_have_text(first)


def test_words_beside_the_pointer_are_sent_once_and_kept_by_the_browser(cloud: Page):
    sizes = """() => performance.getEntriesByType("resource")
        .filter((entry) => entry.name.includes("/media/") && entry.name.endsWith(".bin"))
        .map((entry) => [entry.encodedBodySize, entry.transferSize])"""
    cloud.wait_for_function(f"() => ({sizes})().length === 1")
    [[size, _]] = cloud.evaluate(sizes)
    assert 0 < size < 300_000
    area = cloud.locator(".js-plotly-plot .nsewdrag").bounding_box()
    assert area is not None
    tooltip = cloud.locator(".tooltip")
    for k in range(60):
        cloud.mouse.move(area["x"] + area["width"] / 2 + k, area["y"] + area["height"] / 2)
        cloud.wait_for_timeout(100)
        if tooltip.is_visible():
            break
    expect(tooltip).to_contain_text(re.compile(r"tense (past|present|future)"))
    cloud.reload()
    settled(cloud)
    cloud.wait_for_function(f"() => ({sizes})().length === 1")
    assert cloud.evaluate(sizes) == [[size, 0]]


def test_the_tools_of_a_chart_come_with_the_pointer_and_cover_none_of_its_words(
    server: Server, page: Page
):
    visit(page, server.address("collapse", run="factors"))
    chart = page.locator(".js-plotly-plot").first
    chart.scroll_into_view_if_needed()
    tools = chart.locator(".modebar")
    first = tools.locator(".modebar-group").first
    expect(first).to_have_css("opacity", "0")
    chart.hover()
    expect(first).to_have_css("opacity", "1")
    # They are seen where they are, and can be reached.
    expect(tools.locator('[data-title="Reset axes"]')).to_be_visible()
    tools.locator('[data-title="Reset axes"]').click()
    covered = """(chart) => {
        const tools = chart.querySelector(".modebar").getBoundingClientRect();
        return [...chart.querySelectorAll(".legend, .colorbar, .annotation, .bars")]
            .map((part) => part.getBoundingClientRect())
            .filter((part) => part.width && part.left < tools.right && part.right > tools.left
                && part.top < tools.bottom && part.bottom > tools.top).length;
    }"""
    for each in page.locator(".js-plotly-plot").all():
        assert each.evaluate(covered) == 0


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
        cloud.get_by_text(re.compile(r"trustworthiness of this picture is 0\.\d\d"))
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
