"""Words that a run does not know: marked while one types, and a known one at a click."""

import random
from dataclasses import asdict

import pytest
from playwright.sync_api import Browser, Page, expect

from pages.common.components.word_marks import SPELLING
from tests.e2e.browsing import Server, settled, visit
from vae.config import DataConfig
from vae.explorer import Explorer
from vae.spelling import nearest_words, replaced
from vae.tokenizer import Tokenizer

KNOWN = "She loves cooking the delicious curry."
LEARNED = (
    "She loves the children's well-known soup, and don't I know it!",
    "Il a mangé 2.5 œufs; ça va? ½ kilo…",
    "他们昨天喜欢汤。 Hello 世界",
    "The family 👨‍👩‍👧 went home :-) <unk> i.e. at noon",
)
TYPED = (
    *LEARNED,
    "She lovs teh CHILDREN'S soup with Gandalf's staff-room",
    "ﬁne İstanbul STRASSE ＦＵＬＬ width 👩‍🚀🇫🇷 e\u0301te\u0301 ²³ ¼",
    "a mark on a blank \u0301b, हिन्दी क्षत्रिय \u0e20\u0e32\u0e29\u0e32",
    "  <b>blank</b>\u00a0and\u3000wide\tspaces <pad> <UNK> ",
    "",
)


@pytest.fixture(scope="module")
def spelling(browser: Browser) -> Page:
    """A page that has the scripts which tell unknown words, and nothing else."""
    page = browser.new_page()
    page.evaluate(
        f"() => {{ {SPELLING}; Object.assign(window, "
        "{ readVocabulary, unknownParts, nearestWords, replacedAt }); }"
    )
    return page


@pytest.fixture(params=["word", "space", "character", "bpe", "earlier", "lexicon"])
def tokenizer(request) -> Tokenizer:
    if request.param == "lexicon":
        lexicon = ("他们", "昨天", "喜欢", "汤", "。", "世界")
        return Tokenizer.train(LEARNED, DataConfig(min_count=1), lexicon)
    if request.param == "earlier":
        return Explorer.load("docstrings").backend.tokenizer
    return Tokenizer.train(LEARNED, DataConfig(tokenizer=request.param, min_count=1))


def test_the_browser_and_the_model_agree_on_what_is_unknown(spelling: Page, tokenizer: Tokenizer):
    draws = random.Random(0)
    mixed = [" ".join(draws.sample(" ".join(TYPED).split(), 6)) for _ in range(40)]
    found = spelling.evaluate(
        """([vocabulary, texts]) => {
            const model = readVocabulary(vocabulary);
            return texts.map((text) => unknownParts(text, model)
                .map(({ part, start, end }) => [part, text.slice(start, end)]));
        }""",
        [asdict(tokenizer.vocabulary), [*TYPED, *mixed]],
    )
    for text, parts in zip([*TYPED, *mixed], found, strict=True):
        assert list(dict.fromkeys(part for part, _ in parts)) == [
            word for word in tokenizer.unknown(text) if word.strip()
        ], text
        assert all(typed in text and typed for _, typed in parts)


def test_the_browser_and_the_library_offer_the_same_words(spelling: Page):
    draws = random.Random(0)
    known = Explorer.load("docstrings").vocabulary.known
    words = []
    for word in draws.sample(known, 60):
        at = draws.randrange(len(word) + 1)
        words.append(word[:at] + draws.choice("abceïos") + word[at + draws.randint(0, 1) :])
    words += ["sleeep", "tge", "q", "é", "anfragmentation"]
    found = spelling.evaluate(
        """([vocabulary, words]) => {
            const model = readVocabulary(vocabulary);
            return words.map((word) => nearestWords(word, model, 3));
        }""",
        [asdict(Explorer.load("docstrings").vocabulary), words],
    )
    assert any(found)
    for word, near in zip(words, found, strict=True):
        assert tuple(near) == nearest_words(word, known, 3), word


def test_a_word_is_put_in_place_as_the_library_does(spelling: Page):
    found = spelling.evaluate(
        """([vocabulary, text, by]) => {
            const places = unknownParts(text, readVocabulary(vocabulary));
            return replacedAt(text, places, by);
        }""",
        [{"scheme": "word", "known": ["the", "."]}, "Coking the coking COKING.", "cooking"],
    )
    assert found == replaced("Coking the coking COKING.", "coking", "cooking")


def test_unknown_words_are_marked_before_the_sentence_is_sent(server: Server, page: Page):
    visit(page, server.address("", run="factors", a=KNOWN))
    field = page.get_by_role("textbox", name="Your sentence")
    unknown = page.locator(".word-marks .unknown")
    expect(unknown).to_have_count(0)
    field.fill("")
    with server.paused():
        field.press_sequentially("She loves cok")
        # It may become "cooking" no more, and is wrong already.
        expect(unknown).to_have_text(["cok"])
        field.fill("She loves coo")
        expect(unknown).to_have_count(0)
        field.press_sequentially("king <b>coking</b> with Gandalf ")
        expect(unknown).to_have_text(
            ["<", "b", ">", "coking", "<", "/", "b", ">", "with", "Gandalf"]
        )
        field.fill("She loves coking the delicious curry with Gandalf.")
        expect(unknown).to_have_text(["coking", "with", "Gandalf"])
        offers = page.get_by_role("button", name="coking → cooking")
        expect(offers).to_be_visible()
        expect(page.locator(".word-marks [role=status]")).to_contain_text("coking, with, gandalf")
    offers.click()
    expect(field).to_have_value("She loves cooking the delicious curry with Gandalf.")
    expect(unknown).to_have_text(["with", "Gandalf"])
    # It is sent as well, and the page answers to it.
    expect(page.get_by_text("This model does not know")).to_contain_text("“with”, “gandalf”")
    settled(page)
    expect(field).to_have_value("She loves cooking the delicious curry with Gandalf.")


def test_a_sentence_typed_after_an_offer_stays(server: Server, page: Page):
    visit(page, server.address("interpolate", run="factors", a="She loves coking.", b=KNOWN))
    field = page.get_by_role("textbox", name="Sentence A")
    page.get_by_role("button", name="coking → cooking").click()
    field.fill("They hated the soup yesterday.")
    field.press("Enter")
    settled(page)
    expect(field).to_have_value("They hated the soup yesterday.")
    expect(page.get_by_role("textbox", name="Sentence B")).to_have_value(KNOWN)
    expect(page.locator(".word-marks .unknown")).to_have_count(0)


def test_lines_that_are_typed_on_the_map_are_marked(server: Server, page: Page):
    visit(page, server.address("map", run="factors"))
    field = page.get_by_role("textbox", name="One sentence a line")
    field.fill(f"{KNOWN}\nShe loves coking.\nThey hated the soup.")
    marked = page.locator(".word-marks .marked p")
    expect(marked).to_have_text(["She loves coking."])
    page.get_by_role("button", name="coking → cooking").click()
    expect(field).to_have_value(f"{KNOWN}\nShe loves cooking.\nThey hated the soup.")
    expect(marked).to_have_count(0)


def test_the_words_of_a_run_are_fetched_once(server: Server, page: Page):
    asked = list[str]()
    page.on("request", lambda request: asked.append(request.url))
    visit(page, server.address("interpolate", run="factors", a="She loves coking.", b=KNOWN))
    expect(page.locator(".word-marks .unknown")).to_have_text(["coking"])
    field = page.get_by_role("textbox", name="Sentence B")
    field.fill("She loves coking.")
    field.press("Enter")
    settled(page)
    expect(page.locator(".word-marks .unknown")).to_have_text(["coking", "coking"])
    files = [url for url in asked if "/media/" in url]
    assert files
    assert len(files) == len(set(files)), files
