"""Technical words of a page: they answer where they stand, and in a list at its end."""

import pytest
from playwright.sync_api import Browser, Page, expect

from pages.common.components.glossary import MATCHING, packed
from tests.e2e.browsing import Server, visit
from vae.course import glossary

MEANING = {term.id: term.meaning for term in glossary.terms("en")}
CHINESE = {term.id: term.meaning for term in glossary.terms("zh")}


@pytest.mark.parametrize(
    ("spoken", "text", "found"),
    [
        ("en", "The rate and distortion, in nats.", ["rate and distortion", "nats"]),
        ("en", "A separate latent  space; VAEs, not vaes.", ["latent  space", "VAEs"]),
        ("en", "It rates a bitter decoder's KL.", ["decoder", "KL"]),
        ("en", "σ of q(z|x), and βeta", ["σ", "q(z|x)"]),
        ("en", "The learning rate.", ["learning rate"]),
        ("zh", "后验坍塌时码率为 0 奈特，KL散度也一样。", ["后验坍塌", "码率", "奈特", "KL"]),
        ("zh", "聚合后验与先验的失配", ["聚合后验", "先验", "失配"]),
    ],
)
def test_terms_are_found_whole_and_the_longest_first(browser: Browser, spoken, text, found):
    page = browser.new_page()
    ran = f"([terms, text]) => {{ {MATCHING}; return termsOf(text, readTerms(terms)); }}"
    terms = page.evaluate("text => JSON.parse(text)", packed(spoken).decode())
    told = page.evaluate(ran, [terms, text])
    page.close()
    assert [text[each["start"] : each["end"]] for each in told] == found


def point_at(page: Page, word: str) -> tuple[float, float]:
    """Where the underlined place of a word is, once it is underlined, in sight."""
    page.wait_for_function(
        "word => [...(CSS.highlights.get('latent-lens-term') ?? [])].some(r => `${r}` === word)",
        arg=word,
    )
    x, y = page.evaluate(
        """word => {
          const range = [...CSS.highlights.get("latent-lens-term")].find((r) => `${r}` === word);
          range.startContainer.parentElement.scrollIntoView({ block: "center" });
          const box = range.getBoundingClientRect();
          return [box.x + box.width / 2, box.y + box.height / 2];
        }""",
        word,
    )
    return x, y


def test_a_word_answers_to_the_pointer_and_leads_to_its_lesson(page: Page, server: Server):
    visit(page, server.address("collapse", run="factors", lang="en"))
    x, y = point_at(page, "nats")
    card = page.get_by_role("tooltip")
    expect(card).to_be_hidden()
    page.mouse.move(x - 2, y)
    page.mouse.move(x, y)
    expect(card).to_contain_text(MEANING["nat"])
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    page.mouse.click(x, y)
    card.get_by_role("button", name="Open its lesson: nat").click()
    page.wait_for_url("**/lesson?*lesson=kl*")


def test_the_list_at_the_end_is_of_this_page_and_opens_by_keys(page: Page, server: Server):
    visit(page, server.address("sentence", run="factors", lang="zh", open="all"))
    summary = page.locator("summary", has_text="本页的术语")
    expect(summary).to_be_visible()
    entry = page.get_by_text(CHINESE["elbo"])
    expect(entry).to_be_hidden()
    summary.focus()
    page.keyboard.press("Enter")
    expect(entry).to_be_visible()
    expect(page.get_by_text(CHINESE["bpe"])).to_have_count(0)


def test_the_glossary_is_searched(page: Page, server: Server):
    visit(page, server.address("glossary", lang="en"))
    expect(page.get_by_text(MEANING["umap"])).to_be_visible()
    page.get_by_role("searchbox").fill("nats")
    expect(page.get_by_text(MEANING["nat"])).to_be_visible()
    expect(page.get_by_text(MEANING["umap"])).to_have_count(0)
