"""A model of another make on every page: what it lacks is not available, and never a zero."""

import re
import shutil
import time
from functools import cache
from pathlib import Path

import pytest

from tests import fakes
from tests.adapters import factor_analysis, misbehaving, points
from tests.pages.support import PAGES, assert_calm, open_app, said
from vae import studies
from vae.corpora.corpus import Corpus
from vae.explorer import Explorer
from vae.models.adapters import PATIENCE, VARIABLE
from vae.runs.catalogue import remember
from vae.runs.store import RunDirectory
from vae.training.adopting import adopt

MADE = {
    "whole": factor_analysis.make,
    "silent": factor_analysis.make_silent,
    "mute": factor_analysis.make_mute,
    "point": points.make,
    "unit": points.make_unit,
}
HANGS = "tests.adapters.misbehaving:make_hang_in_decode"
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


POINT = "This model keeps a point"


@pytest.mark.parametrize("variant", ["point", "unit"])
def test_a_model_that_keeps_a_point_says_so_in_place_of_what_there_cannot_be(adopted, variant):
    app = open_app(run=adopted(variant))
    text = said(app)
    assert POINT in text
    assert "a point of 12 numbers" in text
    assert not [m.label for m in app.metric if m.label in ("Rate", "NLL", "Verdict")]
    for page, words in (
        ("pages/explore/map.py", "Nearest five"),
        ("pages/explore/interpolate.py", "This model has no prior"),
        ("pages/explore/dimensions.py", "dimensions have no KL"),
        ("pages/explore/sentence.py", POINT),
        ("pages/diagnose/collapse.py", "No verdict: there is no posterior that could collapse"),
        ("pages/train/compare.py", "It keeps a point: this sentence has no rate"),
    ):
        app.switch_page(page).run()
        assert_calm(app)
        assert words in said(app), page
    assert "Active units were counted at different thresholds" not in said(app)


def test_the_path_of_a_point_is_the_one_that_fits_and_another_can_be_chosen(adopted):
    for variant, usual in (("point", "lerp"), ("unit", "slerp")):
        app = open_app("pages/explore/interpolate.py", run=adopted(variant))
        assert app.segmented_control(key="method_interpolate").value == usual
        other = {"lerp": "slerp", "slerp": "lerp"}[usual]
        app.segmented_control(key="method_interpolate").set_value(other).run()
        assert_calm(app)
        assert app.segmented_control(key="method_interpolate").value == other


def test_under_anothers_code_the_decoder_is_heard_also_without_likelihood(adopted):
    app = open_app("pages/diagnose/collapse.py", run=adopted("unit"))
    assert_calm(app)
    text = said(app)
    assert "Decoded from its own z" in text
    assert "this model scores no words" in text


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


# -- adapters that misbehave -----------------------------------------------------------------------
# Last: the processes of those above are kept until so many others have been asked.


@pytest.fixture(scope="module")
def bag(tmp_path_factory):
    """A run of the small point model, whose adapter can be taken for one that misbehaves."""
    out = tmp_path_factory.mktemp("bag") / "bag"
    corpus = Corpus("own", TEXT.sentences, TEXT.labels, source={"kind": "file", "name": "own"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("vae.latent.projection.NEIGHBOURS", 10_000)
        adopt(out, "tests.adapters.misbehaving:make", misbehaving.make(), corpus, most_sentences=20)
    return out


@pytest.fixture
def misbehaves(tmp_path, monkeypatch, bag):
    """The same run behind another adapter: encode is the same, and what else it does is not."""

    def make(name: str) -> str:
        shutil.copytree(bag, tmp_path / "bag")
        run = RunDirectory(tmp_path / "bag")
        run.write_json("config.json", {**run.read_json("config.json"), "adapter": name})
        monkeypatch.setenv(VARIABLE, name)
        remember(run.path)
        return "bag"

    return make


def test_an_adapter_that_exits_ends_no_page(misbehaves):
    name = "tests.adapters.misbehaving:make_exit_in_decode"
    app = open_app(run=misbehaves(name))
    heard = 0
    for page in PAGES:
        app.switch_page(page).run()
        assert not app.exception, (page, [e.message for e in app.exception])
        for error in app.error:
            assert "failed in decode (SystemExit: out of credit)" in error.value.replace("\\", "")
            heard += 1
    assert heard >= 3


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("misbehaving:make_die_in_decode", "ended its process in decode (exit status 7)"),
        ("exits_at_import:make", "cannot be loaded: SystemExit: this machine has no GPU"),
    ],
)
def test_an_adapter_that_dies_is_a_sentence(misbehaves, name, words):
    app = open_app(run=misbehaves(f"tests.adapters.{name}"))
    assert not app.exception
    assert words in " ".join(e.value for e in app.error).replace("\\", "")


def test_an_adapter_that_hangs_is_a_sentence_and_is_asked_once(misbehaves, monkeypatch):
    monkeypatch.setenv(PATIENCE, "3")
    began = time.monotonic()
    app = open_app(run=misbehaves(HANGS))
    assert "has not answered decode" in " ".join(e.value for e in app.error)
    app.switch_page("pages/explore/interpolate.py").run()
    assert "has not answered decode" in " ".join(e.value for e in app.error)
    assert time.monotonic() - began < 60
