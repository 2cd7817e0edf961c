"""Every page speaks the language that was chosen, and no other, on a laptop and on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.accessibility import grave
from tests.e2e.browsing import (
    DESKTOP,
    PHONE,
    Server,
    fits,
    settled,
    turn_to,
    visit,
    whole_and_calm,
)
from tests.e2e.latin import foreign

RUN = "factors"
PAGES = (
    "",
    "map",
    "interpolate",
    "dimensions",
    "sentence",
    "lesson",
    "glossary",
    "article",
    "questions",
    "prepare",
    "classroom",
    "lab",
    "training",
    "runs",
    "compare",
    "clinic",
    "sweep",
    "collapse",
    "meaning",
)
MEANINGS = ("read", "one", "steer", "arithmetic", "space")


@pytest.mark.parametrize("name", PAGES)
def test_a_chinese_page_has_no_english_word_and_keeps_nobody_out(
    server: Server, reader: Page, name: str
):
    turn_to(reader, server.address(name, run=RUN, lang="zh", open="all"))
    whole_and_calm(reader)
    assert foreign(reader, RUN) == []
    for size in (PHONE, DESKTOP):
        reader.set_viewport_size(size)
        settled(reader)
        fits(reader, f"/{name} at {size['width']} px")
        assert grave(reader) == []


def test_english_words_are_found_where_they_are(server: Server, reader: Page):
    turn_to(reader, server.address("collapse", run=RUN, lang="en", open="all"))
    assert len(foreign(reader, RUN)) > 10


@pytest.mark.parametrize("meaning", MEANINGS)
def test_a_chinese_part_of_meaning_has_no_english_word(server: Server, reader: Page, meaning: str):
    turn_to(reader, server.address("meaning", run=RUN, lang="zh", meaning=meaning, open="all"))
    whole_and_calm(reader)
    assert foreign(reader, RUN) == []


def test_the_language_is_chosen_in_the_sidebar_and_kept_in_the_link(server: Server, page: Page):
    visit(page, server.address("map", run=RUN))
    expect(page.get_by_role("heading", level=1).first).not_to_contain_text("地图")
    page.get_by_test_id("stSidebar").get_by_text("中文", exact=True).click()
    expect(page.get_by_test_id("stSidebar").get_by_text("地图")).to_be_visible()
    expect(page).to_have_url(re.compile("lang=zh"))
    settled(page)
    page.get_by_test_id("stSidebar").get_by_text("插值").click()
    expect(page).to_have_url(re.compile("/interpolate.*lang=zh"))
    settled(page)
    page.get_by_test_id("stSidebar").get_by_text("English", exact=True).click()
    expect(page.get_by_test_id("stSidebar").get_by_text("Interpolate")).to_be_visible()


def test_the_browser_decides_at_first(server: Server, browser: Browser):
    with browser.new_context(viewport=DESKTOP, locale="zh-CN") as person:
        tab = person.new_page()
        visit(tab, server.address())
        expect(tab.get_by_test_id("stSidebar").get_by_text("地图")).to_be_visible()
        assert "lang=" not in tab.url


def test_two_people_read_two_languages_at_once(server: Server, page: Page, another):
    visit(page, server.address("collapse", run=RUN, lang="zh"))
    other = another()
    visit(other, server.address("collapse", run=RUN, lang="en"))
    expect(other.get_by_role("heading", level=1).first).to_contain_text("collapsed")
    page.reload()
    settled(page)
    assert foreign(page, RUN) == []
