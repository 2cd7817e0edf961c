"""Compare: any set of runs on equal terms, whole or not."""

import json
import shutil

import pytest

from tests import fakes
from tests.pages.support import assert_calm, open_app, said
from vae.runs.catalogue import remember

PAGE = "pages/train/compare.py"
EVALUATION = {
    "corpus": "factors",
    "corpus_digest": "aa",
    "split": "test",
    "n_sentences": 500,
    "n_tokens": 6000,
    "unknown_tokens": 0,
    "nll_iw": 16.0,
    "iw_samples": 20,
    "rate": 3.0,
    "rate_standard_error": 0.1,
    "distortion": 14.0,
    "distortion_standard_error": 0.1,
    "elbo": -17.0,
    "latent_dim": 4,
}


@pytest.fixture
def two(tmp_path):
    """Two evaluated runs; the second has recorded its training."""
    runs = [fakes.store_run(tmp_path / name) for name in ("one", "two")]
    for run in runs:
        run.write_json("evaluation.json", fakes.earlier_evaluation(**EVALUATION))
        remember(run.path)
    for event in fakes.recorded():
        runs[1].append_metric(event)
    return runs


def test_the_chosen_run_stands_beside_a_collapsed_one_at_first():
    app = open_app(PAGE)
    assert_calm(app)
    assert app.multiselect[0].value == ["factors", "factors-collapsed"]
    text = said(app)
    assert "rate of this sentence" in text
    assert "free_bits" in app.dataframe[-1].value["setting"].to_list()


def test_runs_come_from_the_link_and_their_figures_stand_in_one_table(two):
    app = open_app(PAGE, runs="one,two")
    assert_calm(app)
    table = app.dataframe[0].value
    assert table["run"].to_list() == ["one", "two"]
    assert table["iw_samples"].to_list() == [20, 20]
    assert "Nothing recorded: one" in said(app)


LEVEL = {
    "nll_iw_half": 16.0,
    "iw_effective": 15.0,
    "nll_iw_standard_error": 0.1,
    "nll_iw_each": [16.0 + 0.1 * (i % 5 - 2) for i in range(500)],
}


def with_bound(nll, **changes):
    each = [
        nll - 16.0 + v + 0.5 * (i % 3 - 1) * (nll - 15) for i, v in enumerate(LEVEL["nll_iw_each"])
    ]
    of = {"nll_iw": nll, "nll_iw_half": nll, "nll_iw_each": each}
    return fakes.earlier_evaluation(**{**EVALUATION, **LEVEL, **of, **changes})


def test_runs_are_told_apart_by_likelihood_where_their_bounds_allow_it(two):
    for run, nll in zip(two, (15.0, 16.0), strict=True):
        run.write_json("evaluation.json", with_bound(nll))
    app = open_app(PAGE, runs="one,two")
    assert_calm(app)
    text = said(app).replace("\\", "")
    assert "So one is likelier: its bound is lower by 1.00 ± 0.04 nats" in text
    assert app.dataframe[0].value["likelihood"].to_list() == ["lowest bound", "less likely"]
    assert app.dataframe[0].value["iw_effective"].to_list() == [15.0, 15.0]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"iw_effective": 2.8}, "worth 2.8 of equal weight"),
        ({"nll_iw_half": 16.5}, "still falls by 0.50 nats"),
        ({"nll_iw_each": None}, "do not stand in pairs"),
        ({"unknown_tokens": 3}, "cannot be compared"),
    ],
)
def test_no_run_is_crowned_where_its_bounds_do_not_allow_it(two, change, why):
    two[0].write_json("evaluation.json", with_bound(15.0))
    two[1].write_json("evaluation.json", with_bound(16.0, **change))
    app = open_app(PAGE, runs="one,two")
    assert_calm(app)
    assert why in said(app).replace("\\", "")
    assert app.dataframe[0].value["likelihood"].to_list() == ["lowest bound", "cannot be told"]


def test_runs_on_different_texts_are_flagged(two):
    two[1].write_json(
        "evaluation.json", fakes.earlier_evaluation(**{**EVALUATION, "corpus_digest": "bb"})
    )
    app = open_app(PAGE, runs="one,two")
    assert_calm(app)
    assert "different texts" in said(app)


def test_one_run_alone_is_shown_alone(two):
    app = open_app(PAGE, runs="two")
    assert_calm(app)
    assert "Choose two runs at least" in said(app)


def test_no_run_chosen_says_what_will_be_here(two):
    app = open_app(PAGE, runs="one,two")
    app.multiselect[0].set_value([]).run()
    assert_calm(app)
    assert "Choose some runs" in said(app)


def test_a_damaged_evaluation_is_said_and_the_rest_stands(two):
    (two[0].path / "evaluation.json").write_text("{")
    app = open_app(PAGE, runs="one,two")
    assert_calm(app)
    assert "damaged" in said(app)
    assert app.dataframe[0].value["nll_iw"].isna().to_list() == [True, False]


def test_an_evaluation_without_a_rate_is_a_sentence(two):
    two[0].write_json("evaluation.json", {"latent_dim": 4})
    app = open_app(PAGE, runs="one,two")
    assert not app.exception
    assert "vae evaluate RUN" in said(app)


def test_a_damaged_configuration_is_said(two):
    (two[0].path / "config.json").write_text(json.dumps({"format_version": 7}))
    app = open_app(PAGE, runs="one,two")
    assert not app.exception
    assert "format 7" in said(app)


def test_a_run_deleted_meanwhile_is_left_out(two):
    app = open_app(PAGE, runs="one,two")
    shutil.rmtree(two[0].path)
    app.run()
    assert_calm(app)
    assert "no longer on this machine" in said(app)
    assert app.multiselect[0].value == ["two"]


def test_a_run_without_weights_is_shown_as_such(two):
    (two[0].path / "weights.safetensors").unlink()
    app = open_app(PAGE, runs="one,two")
    assert_calm(app)
    assert "No weights yet" in said(app)


def test_a_language_model_has_no_latent_to_decode_from(two, language_model):
    app = open_app(PAGE, runs=f"two,{language_model}")
    assert_calm(app)
    assert "no z to decode from" in said(app)


def test_a_link_keeps_the_runs_that_are_here():
    app = open_app(PAGE, runs="factors,nowhere")
    assert_calm(app)
    assert "nowhere: no longer on this machine" in said(app)
    assert app.multiselect[0].value == ["factors"]
