"""Home: a sentence goes in; what is kept, what comes back and what is near are there."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import Server, settled, turn_to

FIRST = "She loves cooking the delicious curry in her kitchen every weekend."
SECOND = "We reluctantly went to the crowded beach nearby last weekend."


@pytest.fixture
def home(server: Server, reader: Page) -> Page:
    turn_to(reader, server.address("", run="factors", a=FIRST))
    expect(reader.get_by_role("textbox", name="Your sentence")).to_have_value(FIRST)
    return reader


def type_in(page: Page, text: str) -> None:
    field = page.get_by_role("textbox", name="Your sentence")
    field.fill(text)
    field.press("Enter")


def test_a_sentence_is_kept_and_comes_back_with_its_neighbours(home: Page):
    back = home.get_by_test_id("stHtml").locator("p").first
    neighbours = home.locator("table tbody tr")
    expect(back).not_to_be_empty()
    expect(neighbours).to_have_count(5)
    before = back.inner_text(), neighbours.first.inner_text()
    type_in(home, SECOND)
    expect(back).not_to_have_text(before[0])
    expect(neighbours.first).not_to_have_text(before[1], use_inner_text=True)
    expect(neighbours).to_have_count(5)
    # The healthy run keeps the subject of a sentence from its own corpus.
    expect(back).to_contain_text("We")
    settled(home)
    expect(home.get_by_role("heading", name="at a rate of")).to_be_visible()
    bars = home.locator('[aria-label^="Bars of the posterior mean in"]')
    expect(bars).to_be_visible()
    expect(bars).to_contain_text(re.compile(r"dim \d+"))


def test_a_word_that_the_model_does_not_know_is_named(home: Page):
    type_in(home, "She loves cooking the delicious zyzzyva in her kitchen every weekend.")
    unknown = home.get_by_text("This model does not know")
    expect(unknown).to_contain_text("“zyzzyva”")
    type_in(home, FIRST)
    expect(unknown).to_have_count(0)


def test_a_card_leads_to_its_page(home: Page):
    home.get_by_test_id("stMain").get_by_role("link", name="Walk between").click()
    expect(home.get_by_role("heading", level=1)).to_have_text("What lies between two sentences?")
    settled(home)
    expect(home.get_by_role("textbox", name="Sentence A")).to_have_value(FIRST)
