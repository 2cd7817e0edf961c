"""Text that no sentence is: markup, nothing at all, a whole book."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import Server, settled, turn_to, visit, whole_and_calm

MARKUP = (
    "She <script>window.hacked = 1</script> <img src=x onerror='window.hacked=1'> **likes** it."
)
PAGES = ("", "interpolate", "dimensions", "collapse")


def test_markup_in_a_sentence_is_text(server: Server, reader: Page):
    for name in PAGES:
        turn_to(reader, server.address(name, run="factors", a=MARKUP, b=MARKUP[::-1], open="all"))
        whole_and_calm(reader)
        main = reader.get_by_test_id("stMain")
        expect(main.get_by_text("This model does not know").first).to_contain_text("“<”")
        expect(main.locator("script, img[src=x]")).to_have_count(0)
        assert reader.evaluate("window.hacked") is None


def test_markup_is_shown_as_it_was_typed(server: Server, reader: Page):
    turn_to(reader, server.address("map", run="factors", a=MARKUP))
    shown = reader.get_by_test_id("stHtml").locator(
        "p", has_text="<script>window.hacked = 1</script>"
    )
    expect(shown).to_be_visible()
    assert reader.evaluate("window.hacked") is None


def test_an_empty_sentence_gets_a_sentence(server: Server, reader: Page):
    turn_to(reader, server.address("", run="factors"))
    field = reader.get_by_role("textbox", name="Your sentence")
    field.fill("   ")
    field.press("Enter")
    expect(reader.get_by_text("The sentence is empty. Type a few words.")).to_be_visible()
    whole_and_calm(reader)


@pytest.mark.parametrize("name", ["", "interpolate"])
def test_a_pasted_book_gets_a_sentence(server: Server, reader: Page, name: str):
    turn_to(reader, server.address(name, run="factors"))
    field = reader.get_by_test_id("stMain").get_by_role("textbox").first
    field.select_text()
    reader.evaluate("text => document.execCommand('insertText', false, text)", "word " * 20_000)
    field.press("Enter")
    expect(reader.get_by_text(re.compile(r"100,000 characters.* too long"))).to_be_visible()
    expect(field).not_to_have_value(re.compile("word word"))
    settled(reader)
    whole_and_calm(reader)


def test_a_pasted_book_on_the_map_gets_a_sentence(server: Server, reader: Page):
    turn_to(reader, server.address("map", run="factors"))
    field = reader.get_by_role("textbox", name="One sentence a line")
    field.fill("word " * 7_000)
    reader.get_by_role("button", name="Place on the map").click()
    expect(reader.get_by_text("too long")).to_be_visible()
    whole_and_calm(reader)


def test_a_book_in_a_link_is_left_out(server: Server, page: Page):
    visit(page, server.address("", run="factors", a="word " * 600))
    expect(page.get_by_text("Part of this link was left out")).to_be_visible()
    whole_and_calm(page)
