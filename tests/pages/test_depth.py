"""Depth on request: a page's first screen answers; the rest opens section by section."""

import pytest

from pages.common import links
from pages.common.links import EVERY_SECTION, SECTIONS, UnfitError
from tests.pages.support import assert_calm, open_app, said

COLLAPSE = "pages/diagnose/collapse.py"


def opened(app) -> set[str]:
    """The sections that are open."""
    return set(app.session_state["link.open"]) if "link.open" in app.session_state else set()


def test_a_link_holds_some_sections_all_or_none():
    read, write = links.KINDS["open"].read, links.KINDS["open"].write
    for names in (["split"], ["split", "likelihood"], list(EVERY_SECTION)):
        assert read(write(names)) == names
    assert read("likelihood,split") == ["split", "likelihood"]
    assert write(list(EVERY_SECTION)) == "all"
    assert read("none") == []
    for wrong in ("", "attic", "split,attic", "split;prior"):
        with pytest.raises(UnfitError):
            read(wrong)


def test_a_section_belongs_to_one_page():
    assert len(set(EVERY_SECTION)) == len(EVERY_SECTION)


def test_what_is_closed_says_its_answer_and_computes_nothing():
    app = open_app(COLLAPSE, open="none")
    assert_calm(app)
    headings = [h.value for h in app.header]
    assert {"How much of the rate is information?", "Does the decoder listen to z?"} <= {*headings}
    answers = "\n".join(e.label for e in app.expander).replace("\\", "")
    assert "The decoder reads z: another sentence's z costs" in answers
    assert "nats of information" in answers
    assert "Decoded from its own z" not in said(app)
    assert "collapse_by" not in app.session_state


def test_one_press_opens_all_and_another_closes_them():
    app = open_app(COLLAPSE, open="split")
    assert opened(app) == {"split"}
    assert "Decoded from its own z" not in said(app)
    app.button(key="depth_open").click().run()
    assert_calm(app)
    assert opened(app) == set(SECTIONS["collapse"])
    assert "Decoded from its own z" in said(app)
    app.button(key="depth_close").click().run()
    assert opened(app) == set()
    assert "Decoded from its own z" not in said(app)


def test_what_is_open_is_remembered_across_pages_and_stays_in_the_link():
    app = open_app(COLLAPSE, open="swapped")
    app.switch_page("pages/explore/home.py").run()
    app.switch_page(COLLAPSE).run()
    assert_calm(app)
    assert app.query_params["open"] == "swapped"
    assert "Decoded from its own z" in said(app)


def test_a_section_that_is_not_there_is_said_and_the_rest_stands():
    app = open_app(COLLAPSE, open="attic")
    assert not app.exception
    assert "'open=attic' is not" in "".join(w.value for w in app.warning).replace("\\", "")
    assert opened(app) == set()


@pytest.mark.parametrize(
    ("page", "script"),
    [
        ("", "explore/home"),
        ("interpolate", "explore/interpolate"),
        ("sentence", "explore/sentence"),
        ("training", "train/training"),
        ("compare", "train/compare"),
    ],
)
def test_a_page_has_the_sections_that_a_link_can_name(page, script):
    app = open_app(f"pages/{script}.py", open="none", run="factors")
    assert_calm(app)
    for name in SECTIONS[page]:
        assert app.session_state[f"section_{name}"] is False
