"""The article's VAE: trained on the page, decoded under the pointer, its mistakes found."""

import pytest
from playwright.sync_api import Page, expect

from pages.common.links import ARTICLE
from tests.e2e.browsing import PHONE, Server, fits, settled, turn_to, visit, whole_and_calm
from tests.e2e.latin import foreign
from vae.training.listing import LISTING, RIGHT_LINES

TRAINS = 180_000  # ms, while others use the machine as well
TRAIN = {"en": "Train it", "zh": "训练它"}
POINTS = {"en": "Show the held-out digits", "zh": "显示留出的数字"}
SOLVED = {"en": "All five, and nothing else.", "zh": "五处全对，没有多选。"}


def trained(page: Page, server: Server, lang: str = "en", **link: str) -> None:
    visit(page, server.address("article", lang=lang, **link))
    button = page.get_by_role("button", name=TRAIN[lang], exact=True)
    expect(button.or_(page.locator(".plane"))).to_be_visible()
    if button.is_visible():
        button.click()
    expect(page.locator(".plane .over")).to_be_visible(timeout=TRAINS)
    settled(page)


def large(page: Page) -> list[int]:
    """The picture under the pointer."""
    return page.locator(".shown canvas").evaluate(
        "c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]"
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_is_trained_here_and_the_digit_follows_pointer_and_keys(
    server: Server, page: Page, lang: str
):
    trained(page, server, lang)
    plane = page.locator(".plane .over")
    box = plane.bounding_box()
    assert box is not None
    expect(page.locator(".plane .place")).to_contain_text("z = (0.00")
    with server.paused():  # the browser decodes by itself
        seen = set()
        for x, y in ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9)):
            page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
            picture = large(page)
            assert any(picture)
            seen.add(tuple(picture))
        assert len(seen) == 4
        before = page.locator(".plane .place").inner_text()
        plane.focus()
        plane.press("ArrowRight")
        expect(page.locator(".plane .place")).not_to_have_text(before)
        page.get_by_label(POINTS[lang]).check()
    whole_and_calm(page)


def test_words_stand_under_the_pointer_where_sentences_were_learned(server: Server, page: Page):
    trained(page, server, vectors="sentences")
    said = page.locator(".plane .said")
    expect(said).to_contain_text("·")
    before = said.inner_text()
    page.locator(".plane .over").focus()
    for _press in range(4):
        page.locator(".plane .over").press("Shift+ArrowUp")
    expect(said).not_to_have_text(before)
    whole_and_calm(page)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_five_are_found_and_one_is_run_beside_its_right_form(
    server: Server, page: Page, lang: str
):
    visit(page, server.address("article", article="mistakes", lang=lang))
    for i in sorted(RIGHT_LINES):
        page.get_by_text(LISTING[i].code, exact=False).first.click()
        settled(page)
    page.locator(".st-key-article_check button").click()
    expect(page.get_by_text(SOLVED[lang])).to_be_visible()
    run = page.locator("[class*=st-key-train_] button")
    charts = page.locator('[data-testid="stPlotlyChart"]')
    expect(run.or_(charts.first)).to_be_visible()
    if run.is_visible():
        run.click()
    expect(charts).to_have_count(2, timeout=TRAINS)
    whole_and_calm(page)


def test_every_part_speaks_chinese(server: Server, page: Page):
    trained(page, server, "zh")
    for part in ARTICLE:
        turn_to(page, server.address("article", article=part, lang="zh", mistake="noise"))
        expect(page.get_by_role("radio", name="测试集")).to_be_visible()
        assert foreign(page, "factors") == [], part
        whole_and_calm(page)


def test_it_fits_a_telephone(server: Server, page: Page):
    page.set_viewport_size(PHONE)
    trained(page, server)
    for part in ("plane", "loss", "decoder", "mistakes"):
        turn_to(page, server.address("article", article=part))
        fits(page, part)
        whole_and_calm(page)
