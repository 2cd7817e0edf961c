"""Collapse: a verdict, its evidence, and another run beside it."""

import json
import shutil

import pytest

from tests import fakes
from tests.pages.support import assert_calm, open_app, said
from vae import Explorer, studies
from vae.corpora import factors
from vae.runs.catalogue import remember, shipped_runs
from vae.runs.store import RunDirectory
from vae.studies.evaluation import evaluate

PAGE = "pages/diagnose/collapse.py"


@pytest.mark.parametrize("run", shipped_runs())
def test_every_shipped_run_gets_a_verdict(run):
    app = open_app(PAGE, run=run)
    assert_calm(app)
    text = said(app)
    assert "dimensions are active" in text
    assert "own z" in text


def test_the_collapsed_run_stands_beside_the_healthy_one():
    app = open_app(PAGE, run="factors")
    assert app.selectbox(key="beside_factors").value == "factors-collapsed"
    assert len([m for m in app.metric if m.label == "Principal units"]) == 2


def test_a_run_can_stand_alone():
    app = open_app(PAGE, run="factors")
    app.selectbox(key="beside_factors").select("none").run()
    assert_calm(app)
    assert len([m for m in app.metric if m.label == "Principal units"]) == 1


def test_a_threshold_above_every_variance_leaves_no_active_unit():
    app = open_app(PAGE, run="factors")
    before = [s.value for s in app.subheader if "active" in s.value]
    app.get_by_key("collapse_threshold").set_value(1.0).run()
    assert_calm(app)
    assert [s.value for s in app.subheader if "active" in s.value] != before


def test_another_seed_gives_other_prior_draws():
    app = open_app(PAGE, run="factors")
    app.selectbox(key="beside_factors").select("none").run()
    before = said(app)
    app.number_input(key="seed_collapse").set_value(7).run()
    assert_calm(app)
    assert said(app) != before


def test_an_empty_sentence_gets_a_sentence_back():
    app = open_app(PAGE, run="factors")
    app.text_input(key="a_collapse").set_value(" ").run()
    assert_calm(app)
    assert said(app).count("Type both sentences") == 1


def test_a_plain_language_model_is_no_vae(language_model):
    app = open_app(PAGE, run=language_model)
    assert not app.exception


def test_a_verdict_on_few_sentences_says_that_it_is_a_guess(unmapped, tmp_path):
    run = RunDirectory(tmp_path / "unmapped")
    text, explorer = factors.generate(300), Explorer.load(tmp_path / "unmapped")
    for most, guess in ((23, True), (200, False)):
        result = evaluate(explorer, text, split="all", most_sentences=most, iw_samples=4)
        run.write_json("evaluation.json", result.to_dict())
        app = open_app(PAGE, run=unmapped)
        assert_calm(app)
        assert ("on so few is a guess" in said(app)) is guess
        assert any(m.label == "Its own z gains, nats" for m in app.metric)


def test_a_run_that_was_never_measured_says_how(unmapped):
    app = open_app(PAGE, run=unmapped)
    assert_calm(app)
    assert "vae evaluate" in said(app)


@pytest.mark.parametrize("seed", ["-1", "x", "99999999999999"])
def test_a_bad_seed_in_a_link_is_left_out(seed):
    app = open_app(PAGE, run="factors", seed=seed)
    assert_calm(app)
    assert app.number_input(key="seed_collapse").value == 0


def test_a_run_that_has_just_begun_is_waited_for(unmapped, tmp_path):
    (tmp_path / "unmapped" / "weights.safetensors").unlink()
    app = open_app(PAGE, run=unmapped)
    assert_calm(app)
    assert "no weights yet" in said(app)


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """A tiny run whose diagnosis has been measured; no test may change it."""
    run = fakes.store_run(tmp_path_factory.mktemp("measured") / "studied")
    studies.make(Explorer.load(run), factors.generate(700), "diagnosis")
    return run


@pytest.fixture
def studied(tmp_path, measured):
    """The name of that run, which a test may change."""
    shutil.copytree(measured.path, tmp_path / "studied")
    remember(tmp_path / "studied")
    return "studied"


def alone(run: str):
    app = open_app(PAGE, run=run)
    app.selectbox(key=f"beside_{run}").select("none").run()
    return app


def test_a_studied_run_shows_its_evidence(studied):
    app = alone(studied)
    assert_calm(app)
    text = said(app)
    for words in (
        "nats of information",
        "95% interval",
        "of draws are told apart",
        "of prior draws are decoded into the language",
        "its own z gains",
        "Bosc and Vincent",
        "Not trained: a sentence costs",
        "**Has it learned?** Poor.",
        "**Does the prior fit?**",
    ):
        assert words in text, words
    # No cure of z helps a model that has learned nothing.
    assert "**What would help**" not in text
    assert "more updates" in text
    assert len([m for m in app.metric if m.label == "Its own z gains, nats"]) == 1
    assert "Measure it" not in [b.label for b in app.button]


@pytest.mark.parametrize("by", ["frequency", "factor"])
def test_gains_are_told_by_vocabulary_and_factor(studied, by):
    app = alone(studied)
    app.get_by_key("collapse_by").set_value(by).run()
    assert_calm(app)
    assert ("Rank 1 is" if by == "frequency" else "another value of it") in said(app)


def test_a_pair_of_dimensions_is_shown(studied):
    app = alone(studied)
    app.get_by_key("collapse_shown").set_value("a pair").run()
    assert_calm(app)
    assert any("fill the prior's circles" in s.value for s in app.subheader)
    app.get_by_key("collapse_second").set_value(1).run()  # the same dimension twice is one
    assert_calm(app)


def test_what_was_not_measured_is_offered_and_the_rest_stands(tmp_path):
    shipped = shipped_runs()["factors-collapsed"].path
    unstudied = tmp_path / "unstudied"
    shutil.copytree(shipped, unstudied, ignore=shutil.ignore_patterns("diagnosis.json"))
    remember(unstudied)
    app = open_app(PAGE, run="unstudied")
    assert_calm(app)
    assert "Measure it" in [b.label for b in app.button]
    assert "Which dimensions are in use?" in [h.value for h in app.header]


def test_a_damaged_study_is_a_sentence(studied, tmp_path):
    run = Explorer.load(tmp_path / "studied").run
    kept = run.read_json("studies/diagnosis.json")
    kept["result"]["split"] = []
    run.write_json("studies/diagnosis.json", kept)
    app = alone(studied)
    assert not app.exception
    assert "Measure it again" in said(app)
    assert "Measure it" in [b.label for b in app.button]
    # The run itself is not hidden with its study: what else is known of it stands.
    assert "neither evaluated nor mapped" in said(app)


def test_no_z_has_no_part_to_show(language_model):
    app = alone(language_model)
    assert_calm(app)
    assert "How much of the rate is information?" not in [h.value for h in app.header]


def test_a_verdict_that_hangs_on_chance_says_so(tmp_path):
    run = fakes.store_run(tmp_path / "close", atlas=120)
    stored = json.loads((fakes.EARLIER / "evaluation.json").read_text())
    run.write_json("evaluation.json", {**stored, "rate": 0.55, "rate_standard_error": 0.1})
    remember(run.path)
    text = said(alone("close"))
    assert "Borderline: the rate, 0.55 nats (95% interval 0.35 to 0.75)" in text


def test_a_verdict_far_from_every_bound_says_nothing_of_it():
    assert "Borderline" not in said(alone("factors"))
