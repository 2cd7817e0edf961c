"""Collapse: a verdict, its evidence, and another run beside it."""

import pytest

from tests.pages.support import assert_calm, open_app, said
from vae.runs.catalogue import shipped_runs

PAGE = "pages/diagnose/collapse.py"


@pytest.mark.parametrize("run", shipped_runs())
def test_every_shipped_run_gets_a_verdict(run):
    app = open_app(PAGE, run=run)
    assert_calm(app)
    text = said(app)
    assert "dimensions are active" in text
    assert "z costs" in text


def test_the_collapsed_run_stands_beside_the_healthy_one():
    app = open_app(PAGE, run="factors")
    assert app.selectbox(key="beside_factors").value == "factors-collapsed"
    assert len([m for m in app.metric if m.label == "Active units"]) == 2


def test_a_run_can_stand_alone():
    app = open_app(PAGE, run="factors")
    app.selectbox(key="beside_factors").select("none").run()
    assert_calm(app)
    assert len([m for m in app.metric if m.label == "Active units"]) == 1


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
    assert not app.exception
    assert "empty" in said(app)


def test_a_plain_language_model_is_no_vae(language_model):
    app = open_app(PAGE, run=language_model)
    assert not app.exception


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
