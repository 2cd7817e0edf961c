"""What helps to fill the field of a sentence: examples, and known words for unknown ones."""

import gzip
import json

import pytest

from tests.pages.support import assert_calm, open_app, said
from vae.explorer import Explorer

FIELDS = (
    ("pages/explore/home.py", {}, ("a",)),
    ("pages/explore/sentence.py", {}, ("a",)),
    ("pages/explore/interpolate.py", {}, ("a", "b")),
    ("pages/explore/dimensions.py", {}, ("a",)),
    ("pages/diagnose/meaning.py", {"meaning": "arithmetic"}, ("a", "b", "c")),
    ("pages/diagnose/meaning.py", {"meaning": "dimensions"}, ("a",)),
    ("pages/diagnose/meaning.py", {"meaning": "steer"}, ("a",)),
    ("pages/diagnose/collapse.py", {}, ("a", "b")),
    ("pages/train/compare.py", {"runs": "factors,factors-collapsed"}, ("a", "b")),
)


def chips(app, end: str, kind: str):
    """The chips below the field of a sentence."""
    return [
        pills
        for pills in app.get("button_group")
        if (pills.key or "").startswith(f"{end}_") and f"_{kind}:" in pills.key
    ]


@pytest.fixture(scope="module")
def starters():
    return Explorer.load("factors").starters()


def test_there_are_five_examples_of_words_that_the_run_knows(starters):
    explorer = Explorer.load("factors")
    assert len(set(starters)) == 5
    assert not any(explorer.unknown_words(sentence) for sentence in starters)


@pytest.mark.parametrize(("page", "link", "ends"), FIELDS)
def test_every_field_for_a_sentence_has_examples_that_fill_it(page, link, ends, starters):
    app = open_app(page, **link)
    assert_calm(app)
    for end in ends:
        (found,) = chips(app, end, "examples")
        assert list(found.options) == list(starters)
    (found,) = chips(app, ends[-1], "examples")
    found.set_value(starters[3]).run()
    assert_calm(app)
    field = next(w for w in app.text_input if w.key == found.key.split("_examples:")[0])
    assert field.value == starters[3]


def test_a_chip_that_arrives_with_another_sentence_does_not_replace_it(starters):
    """As a browser sends the chip that it still shows, when the next sentence is typed at once."""
    app = open_app("pages/explore/interpolate.py", a=starters[0], b=starters[1])
    (found,) = chips(app, "a", "examples")
    found.set_value(starters[3])
    app.text_input[0].set_value("They hated the soup yesterday.").run()
    assert_calm(app)
    assert app.text_input[0].value == "They hated the soup yesterday."


def marks(app) -> list[dict]:
    """What the browser is told that marks the words of the fields (tests/e2e types there)."""
    found = (c for c in app.get("bidi_component") if "word_marks" in c.proto.component_name)
    return [json.loads(component.proto.json) for component in found]


@pytest.mark.parametrize(("page", "link", "ends"), FIELDS)
def test_the_browser_marks_the_words_of_every_field_while_one_types(page, link, ends):
    app = open_app(page, **link)
    name = page.rpartition("/")[2].removesuffix(".py")
    told = {each["field"]: each for each in marks(app)}
    assert set(told) == {f"st-key-{end}_{name}" for end in ends}
    for end in ends:
        field = app.text_input(key=f"{end}_{name}")
        assert told[f"st-key-{end}_{name}"]["text"] == field.value
        assert len(told[f"st-key-{end}_{name}"]["urls"]) == (
            2 if name in ("collapse", "compare") else 1
        )


def test_the_fields_of_lines_are_marked_too():
    app = open_app("pages/diagnose/meaning.py", meaning="steer", made="sets")
    fields = {each["field"] for each in marks(app)}
    assert {"st-key-meaning_set_a", "st-key-meaning_set_b"} <= fields
    app = open_app("pages/explore/map.py")
    assert [each["field"] for each in marks(app)] == ["st-key-map_own"]


def test_the_map_asks_for_a_sentence_that_fits_the_run(starters):
    field = open_app("pages/explore/map.py").text_area(key="map_own")
    assert field.placeholder == starters[0]


def test_what_the_browser_gets_of_a_run_is_all_that_it_knows():
    explorer = Explorer.load("factors")
    told = json.loads(gzip.decompress(explorer.vocabulary.packed()))
    assert told["scheme"] == "earlier"
    assert len(told["known"]) == 220
    assert not any(explorer.unknown_words(word) for word in told["known"])


def test_an_example_is_one_more_sentence_of_a_set_and_of_the_map(starters):
    app = open_app("pages/diagnose/meaning.py", meaning="steer", made="sets")
    for n in (0, 1):
        next(
            p for p in app.get("button_group") if p.key.startswith("meaning_set_a_examples:")
        ).set_value(starters[n]).run()
    assert_calm(app)
    assert app.text_area(key="meaning_set_a").value.split("\n") == list(starters[:2])
    app = open_app("pages/explore/map.py")
    for n in (0, 1):
        next(p for p in app.get("button_group") if p.key.startswith("map_own_examples:")).set_value(
            starters[n]
        ).run()
    assert_calm(app)
    assert app.text_area(key="map_own").value.split("\n") == list(starters[:2])


def test_what_the_run_does_not_know_is_read_by_the_one_that_knows_more():
    app = open_app("pages/explore/home.py", a="My dog is sleeping on the couch.")
    assert_calm(app)
    (offer,) = [b for b in app.button if "everyday" in b.label]
    assert offer.label == "Read it with “everyday”, which knows them"
    offer.click().run()
    assert_calm(app)
    assert app.query_params["run"] == "everyday"
    assert not [b for b in app.button if "everyday" in b.label]
    assert "The same, word for word" in said(app)


def test_it_is_not_offered_where_it_knows_no_more():
    app = open_app("pages/explore/home.py", a="Xqzt wvfk.")
    assert_calm(app)
    assert not [b for b in app.button if "everyday" in b.label]
