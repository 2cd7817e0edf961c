"""A model of another make on every page: what it lacks is not available, and never a zero."""

import re
import shutil
from functools import cache
from pathlib import Path

import pytest

from tests import fakes
from tests.adapters import factor_analysis, points
from tests.pages.support import PAGES, assert_calm, open_app, said
from vae import studies
from vae.corpora.corpus import Corpus
from vae.explorer import Explorer
from vae.models.adapters import VARIABLE
from vae.runs.catalogue import remember
from vae.training.adopting import adopt

MADE = {
    "whole": factor_analysis.make,
    "silent": factor_analysis.make_silent,
    "mute": factor_analysis.make_mute,
    "point": points.make,
    "unit": points.make_unit,
}
TEXT = fakes.corpus().subset(range(160))


NAMES = {name: f"{make.__module__}:{make.__name__}" for name, make in MADE.items()}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Makes the run of a variant, once for all tests; none of them may change it."""
    folder = tmp_path_factory.mktemp("adopted")

    @cache
    def make(name: str) -> Path:
        corpus = Corpus("own", TEXT.sentences, TEXT.labels, source={"kind": "file", "name": "own"})
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("vae.latent.projection.NEIGHBOURS", 10_000)  # no UMAP, which is slow
            adopt(folder / name, NAMES[name], MADE[name](), corpus, iw_samples=5, most_sentences=20)
        return folder / name

    return make


@pytest.fixture
def adopted(tmp_path, monkeypatch, made):
    """Adopts one of the variants; its name is that of the run."""
    monkeypatch.setattr("vae.latent.projection.NEIGHBOURS", 10_000)
    monkeypatch.setenv(VARIABLE, ",".join(NAMES.values()))

    def make(name: str) -> str:
        shutil.copytree(made(name), tmp_path / name)
        remember(tmp_path / name)
        return name

    return make


@pytest.mark.parametrize("variant", MADE)
def test_every_page_opens(adopted, variant):
    app = open_app(run=adopted(variant))
    assert_calm(app)
    for page in PAGES[1:]:
        app.switch_page(page).run()
        assert not app.exception, (page, [e.message for e in app.exception])
        assert not app.error, (page, [e.value for e in app.error])


def test_what_the_model_offers_is_shown(adopted):
    app = open_app(run=adopted("whole"))
    text = said(app)
    assert "tokens" in text
    assert "factor analysis" in text
    assert "not available" not in text.lower()


def test_without_likelihood_the_card_says_so_and_shows_no_zero(adopted):
    app = open_app(run=adopted("silent"))
    assert_calm(app)
    figures = {m.label: m.value for m in app.metric}
    assert figures["NLL"] == "not available"
    assert figures["Rate"].endswith("nats")
    assert not [v for v in figures.values() if re.match(r"0(\.0+)? nats", v)]
    assert "Into which tokens the model splits it is not available" in said(app)


def test_without_likelihood_the_diagnosis_stands_on_what_there_is(adopted):
    name = adopted("silent")
    studies.make(Explorer.load(name), TEXT, "diagnosis")
    app = open_app("pages/diagnose/collapse.py", run=name)
    assert_calm(app)
    text = said(app)
    assert "active" in text
    assert "not available" in text.lower()


def test_without_a_decoder_there_is_a_map_and_no_path(adopted):
    name = adopted("mute")
    app = open_app("pages/explore/map.py", run=name)
    assert_calm(app)
    assert "Nearest five" in said(app)
    app.switch_page("pages/explore/interpolate.py").run()
    assert_calm(app)
    assert "Not available" in said(app)
    app.switch_page("pages/train/compare.py").run()
    assert "this model does not write" in said(app)
    assert "Not in the plane" in said(app)


def test_without_leave_one_sentence_says_what_to_set(adopted, monkeypatch):
    name = adopted("whole")
    monkeypatch.delenv(VARIABLE)
    app = open_app("pages/explore/map.py", run=name)
    assert_calm(app)
    assert "start again with LATENT\\_LENS\\_ADAPTERS" in said(app)


def test_it_cannot_be_downloaded_and_says_why(adopted):
    app = open_app("pages/train/runs.py", run=adopted("whole"))
    assert_calm(app)
    assert "cannot be downloaded" in said(app)
