"""Map: colour, search, select with the mouse, place an own sentence."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, Page, expect

from pages.common.state import MOST_IN_SET
from tests.e2e.browsing import Server, choose, settled, turn_to, visit
from tests.e2e.mapping import (
    answering,
    chosen,
    draw,
    drawn,
    place,
    pointed_at,
    seen,
    taken,
    until,
)
from vae.explorer import Explorer
from vae.runs.catalogue import find_run


@pytest.fixture
def cloud(server: Server, page: Page) -> Page:
    visit(page, server.address("map", run="factors"))
    drawn(page)
    return page


@pytest.fixture
def pictures(server: Server, reader: Page) -> Page:
    """The cloud to those who only turn from picture to picture."""
    turn_to(reader, server.address("map", run="factors"))
    drawn(reader)
    return reader


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


def test_points_and_words_are_sent_once_and_kept_by_the_browser(cloud: Page):
    sizes = """() => Object.fromEntries(performance.getEntriesByType("resource")
        .filter((entry) => entry.name.includes("/media/") && entry.name.endsWith(".bin"))
        .map((entry) => [entry.name, [entry.encodedBodySize, entry.transferSize]]))"""
    answering(cloud)
    first = cloud.evaluate(sizes)
    # Points, colours, words; latents and the decoder, which let every place answer.
    assert 50_000 < sum(size for size, _ in first.values()) < 3_500_000
    cloud.mouse.move(*place(cloud, 0.5, 0.5))
    card = cloud.locator(".point-map .card")
    for k in range(60):
        cloud.mouse.move(*place(cloud, 0.5 + k / 1_000, 0.5))
        if card.locator(".point").is_visible():
            break
    expect(card).to_contain_text(re.compile(r"tense (past|present|future)"))
    cloud.reload()
    settled(cloud)
    answering(cloud)
    again = cloud.evaluate(sizes)
    assert set(again) <= set(first)
    assert {moved for _, moved in again.values()} == {0}
    # Another colouring sends one byte a sentence.
    choose(cloud.get_by_role("combobox", name="Colour by"), "sentiment")
    expect(cloud.locator(".point-map .legend")).to_contain_text("positive")
    settled(cloud)
    more = {url: each for url, each in cloud.evaluate(sizes).items() if url not in again}
    assert sum(size for size, _ in more.values()) <= 10_100


@pytest.fixture
def explorer() -> Explorer:
    return Explorer.load(find_run("factors"))


PICTURES = {
    "UMAP": "umap",
    "PCA": "pca",
    "dimensions": "dimensions",
    "around A": "around",
    "plane ABC": "three",
}


@pytest.mark.parametrize("picture", PICTURES)
def test_what_stands_beside_the_pointer_is_what_the_model_decodes_there(
    pictures: Page, explorer: Explorer, picture: str
):
    pictures.get_by_role("radio", name=picture).click()
    until(pictures, f"map.key?.includes('-{PICTURES[picture]}')")
    answering(pictures)
    places = ((0.02, 0.02), (0.3, 0.4), (0.51, 0.5), (0.7, 0.62), (0.98, 0.97))
    for found in pointed_at(pictures, *places):
        [expected] = explorer.decode(torch.tensor([found["latent"]]))
        assert found["text"] == expected
        if picture == "PCA":
            shown = explorer.atlas.projection.place(np.array([found["latent"]]), None, "pca")
            assert shown[0] == pytest.approx([found["x"], found["y"]], abs=1e-3)


def test_a_place_that_is_clicked_says_what_is_known_of_it_and_the_zoom_stays(
    cloud: Page, explorer: Explorer
):
    cloud.get_by_role("radio", name="PCA").click()
    until(cloud, "map.key.endsWith('pca')")
    answering(cloud)
    cloud.get_by_role("button", name="Zoom in").click()
    scale = seen(cloud, "map.camera.k")
    cloud.mouse.click(*place(cloud, 0.01, 0.99))
    expect(cloud.get_by_text("What the model says at this place")).to_be_visible()
    settled(cloud)
    x, y = seen(cloud, "map.place")
    projection = explorer.atlas.projection
    z = projection.pca_mean + np.array([x, y]) @ projection.pca_components
    [expected] = explorer.decode(torch.tensor(z, dtype=torch.float32)[None])
    expect(cloud.locator('[data-testid="stHtml"] p[dir="auto"]').first).to_have_text(expected)
    expect(cloud.get_by_text("Here the model extrapolates")).to_be_visible()
    expect(cloud.get_by_text(re.compile(r"log p\(z\) is −\d+\.\d nats"))).to_be_visible()
    expect(cloud.get_by_text(re.compile("Encoded again it"))).to_be_visible()
    assert seen(cloud, "map.camera.k") == scale


def test_a_selection_and_the_zoom_stay_when_colours_and_overlays_change(cloud: Page):
    cloud.get_by_role("button", name="Zoom in").click()
    draw(cloud, "Box select", (0.3, 0.3), (0.7, 0.7))
    selected = chosen(cloud)
    scale = seen(cloud, "map.camera.k")
    # The last of a list that shows some at a time.
    field = cloud.get_by_label("Colour by")
    field.click()
    field.fill("rate")
    cloud.get_by_role("option", name="rate in nats").click()
    expect(cloud.locator(".point-map .ramp")).to_be_visible()
    cloud.get_by_role("textbox", name="One sentence a line").fill("She loves the soup.")
    cloud.get_by_role("button", name="Place on the map").click()
    settled(cloud)
    clouds = """() => performance.getEntriesByType("resource")
        .filter(({ name, encodedBodySize }) => name.endsWith(".bin") && encodedBodySize > 60_000)
        .length"""
    sent = cloud.evaluate(clouds)
    cloud.get_by_test_id("stPopoverButton").click()
    for overlay in ("names of regions", "lines of density", "direction of Meaning"):
        cloud.get_by_role("button", name=overlay).click()
        settled(cloud)
    until(cloud, "map.named.length && map.ground.contours && map.data.arrow")
    cloud.keyboard.press("Escape")
    assert cloud.evaluate(clouds) == sent
    assert chosen(cloud) == selected
    assert seen(cloud, "[map.camera.k, map.selected.reduce((a, b) => a + b)]") == [scale, selected]


def test_points_are_walked_and_chosen_by_keys(cloud: Page, explorer: Explorer):
    drawn(cloud).focus()
    cloud.keyboard.press("ArrowRight")
    cloud.keyboard.press("ArrowDown")
    row = seen(cloud, "map.focus")
    cloud.keyboard.press("Enter")
    expect(cloud.get_by_text("This point", exact=True)).to_be_visible()
    card = cloud.locator('[data-testid="stHtml"] p[dir="auto"]').first
    expect(card).to_have_text(explorer.atlas.sentences[row])


def test_the_tools_of_a_chart_come_with_the_pointer_and_cover_none_of_its_words(
    server: Server, page: Page
):
    visit(page, server.address("collapse", run="factors", open="all"))
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
    legend = cloud.locator(".point-map .legend .name")
    expect(legend.first).to_be_visible()
    before = legend.all_inner_texts()
    choose(cloud.get_by_role("combobox", name="Colour by"), "sentiment")
    expect(legend.filter(has_text="positive")).to_be_visible()
    expect(legend).not_to_have_text(before, use_inner_text=True)
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
    expect(cloud.get_by_text("Your sentence", exact=True)).to_be_visible()
    settled(cloud)
    [own] = seen(cloud, "map.data.own")
    assert own["text"] == "We gladly sang in the kitchen yesterday."
    assert own["spread"] is None
    # On a plane its posterior is an ellipse.
    cloud.get_by_role("radio", name="PCA").click()
    until(cloud, "map.key.endsWith('pca')")
    [own] = seen(cloud, "map.data.own")
    assert own["spread"][0] > 0


def test_where_the_browser_cannot_decode_the_server_says_what_lies_below_the_pointer(
    server: Server, another: Callable[[], Page], explorer: Explorer
):
    page = another()
    page.add_init_script("delete window.Worker")
    visit(page, server.address("map", run="factors"))
    answering(page)
    assert seen(page, "map.decoder.slow")
    for x, y in ((0.3, 0.4), (0.6, 0.62)):
        [found] = pointed_at(page, (x, y))
        [expected] = explorer.decode(torch.tensor([found["latent"]]))
        assert found["text"] == expected


def test_two_maps_share_what_is_selected_and_each_keeps_its_zoom(server: Server, page: Page):
    address = server.address("map", run="factors", beside="factors-collapsed", a="She loves soup.")
    visit(page, address)
    maps = page.locator(".point-map")
    expect(maps).to_have_count(2)
    for shown in maps.all():
        expect(shown.locator(".wait")).to_be_hidden()
    first, second = maps.all()

    def of(shown: Locator, script: str) -> Any:
        return shown.evaluate(f"(e) => {{ const map = e.pointMap; return {script}; }}")

    def box(shown: Locator) -> None:
        shown.get_by_role("button", name="Box select").click()
        stage = shown.locator(".stage")
        stage.scroll_into_view_if_needed()
        area = stage.bounding_box()
        assert area is not None
        at = [(area["x"] + s * area["width"], area["y"] + s * area["height"]) for s in (0.3, 0.6)]
        page.mouse.move(*at[0])
        page.mouse.down()
        page.mouse.move(*at[1], steps=6)
        page.mouse.up()

    count = "map.selected?.reduce((a, b) => a + b) ?? 0"
    box(first)
    n = of(first, count)
    assert 1 < n < 10_000
    # Both runs show the same sentences of the same corpus.
    assert of(second, count) == n
    assert chosen(page) == n
    scale = of(first, "map.camera.k")
    second.get_by_role("button", name="Zoom in").click()
    box(second)
    expect(page.get_by_role("heading", name=f"Selected: {of(second, count):,}")).to_be_visible()
    assert of(first, count) == of(second, count) != n
    assert of(first, "map.camera.k") == scale
    # An own sentence lies over both, and is chosen on either.
    second.get_by_role("button", name="Show all points").click()
    spot = """(root) => {
        const { data, camera, stage } = root.pointMap;
        const [x, y] = camera.screen(data.own[0].x, data.own[0].y);
        const { left, top } = stage.getBoundingClientRect();
        return [left + x, top + y];
    }"""
    page.mouse.click(*second.evaluate(spot))
    expect(page.get_by_text("This point", exact=True)).to_be_visible()
    assert of(first, count) == 0
