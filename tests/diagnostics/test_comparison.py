"""Runs on equal terms: the plane, the table, what differs."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae.config import ModelConfig, RunConfig, TrainConfig
from vae.diagnostics.comparison import caveats, config_difference, figures, shared_noise
from vae.diagnostics.rate_plane import RatePoint, equal_elbo_lines, plane, rate_point
from vae.errors import UserError
from vae.runs.history import History, history

nats = st.floats(0, 500)


def evaluation(**changes):
    return {
        "corpus": "factors",
        "corpus_digest": "aa",
        "split": "test",
        "seed": 0,
        "n_sentences": 600,
        "n_tokens": 8000,
        "unknown_tokens": 0,
        "nll_iw": 16.0,
        "iw_samples": 20,
        "rate": 4.0,
        "rate_standard_error": 0.1,
        "distortion": 13.0,
        "distortion_standard_error": 0.2,
        "latent_dim": 16,
        "active_unit_threshold": 0.01,
        **changes,
    }


def validation(step, **more):
    fields = {"rate_per_dimension": [1.0], "n_sentences": 40, "elbo": -20.0}
    return {"event": "validation", "step": step, "rate": 1.0, "distortion": 19.0, **fields, **more}


def at(rate, distortion):
    return RatePoint("a", rate, distortion, None, None, 1, "test")


def test_an_evaluated_run_stands_at_its_rate_and_distortion_with_their_errors():
    point = rate_point("a", evaluation(), History())
    assert (point.rate, point.distortion) == (4.0, 13.0)
    assert (point.rate_error, point.distortion_error) == (0.1, 0.2)
    assert point.elbo == -17.0
    assert point.sample == "600 test sentences"


def test_a_run_in_training_stands_where_its_last_validation_found_it():
    recorded = history([validation(10, rate=3.0), validation(1200)])
    point = rate_point("a", None, recorded)
    assert (point.rate, point.rate_error, point.n_sentences) == (1.0, None, 40)
    assert "step 1,200" in point.sample


def test_a_run_that_has_not_validated_has_no_place_yet():
    assert rate_point("a", None, History()) is None


@pytest.mark.parametrize("value", [None, "four", float("nan"), True])
def test_a_damaged_figure_is_a_sentence(value):
    with pytest.raises(UserError, match="no usable 'rate'"):
        rate_point("a", evaluation(rate=value), History())


@given(nats, st.floats(0.01, 300), nats, st.floats(0.01, 300))
def test_every_line_has_one_elbo_and_stays_in_its_part_of_the_plane(r, wide, d, high):
    lines = equal_elbo_lines((r, r + wide), (d, d + high))
    assert len(lines) <= 10
    for line in lines:
        for rate, distortion in (line.start, line.end):
            assert rate + distortion == pytest.approx(-line.elbo, abs=1e-6)
            assert r - 1e-6 <= rate <= r + wide + 1e-6
            assert d - 1e-6 <= distortion <= d + high + 1e-6
    assert [line.elbo for line in lines] == sorted((x.elbo for x in lines), reverse=True)


def test_lines_stand_at_round_values():
    totals = [-line.elbo for line in equal_elbo_lines((0.0, 10.0), (10.0, 20.0), most=4)]
    assert totals == [15.0, 20.0, 25.0]
    assert equal_elbo_lines((1.0, 1.0), (2.0, 2.0)) == []


def test_no_line_promises_a_text_without_surprise():
    lines = equal_elbo_lines((-0.5, 10.0), (-0.5, 10.0))
    assert lines
    assert all(line.elbo < 0 for line in lines)


@given(st.lists(st.tuples(nats, nats), min_size=1, max_size=8))
def test_the_plane_holds_every_point(places):
    (left, right), (bottom, top) = plane([at(*place) for place in places])
    for rate, distortion in places:
        assert left <= rate <= right
        assert bottom <= distortion <= top


def test_runs_on_one_text_and_the_same_sentences_need_no_caveat():
    assert caveats({"a": evaluation(), "b": evaluation(rate=0.0)}) == []
    assert caveats({"a": evaluation()}) == []
    assert caveats({}) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"corpus_digest": "bb", "corpus": "other"}, "different texts"),
        ({"split": "all"}, "different sentences"),
        ({"n_sentences": 7}, "different sentences"),
        ({"unknown_tokens": 300}, "know different words"),
        ({"iw_samples": 100}, "different numbers of draws"),
        ({"active_unit_threshold": 0.2}, "different thresholds"),
    ],
)
def test_what_keeps_figures_apart_is_said(change, said):
    [sentence] = caveats({"a": evaluation(), "b": evaluation(**change)})
    assert said in sentence


def test_a_language_model_needs_no_draws_and_is_no_reason_for_a_caveat():
    baseline = evaluation(latent_dim=0, iw_samples=1)
    assert caveats({"a": evaluation(), "lm": baseline}) == []


def test_a_row_for_every_run_even_without_an_evaluation():
    rows = figures({"a": evaluation(), "b": None})
    assert [row["run"] for row in rows] == ["a", "b"]
    assert rows[0]["iw_samples"] == 20
    assert rows[1]["nll_iw"] is None


def facts(config=None, **corpus):
    stored = (config or RunConfig()).to_dict()
    return {"corpus": {"name": "factors", "digest": "aa", **corpus}, "config": stored}


def test_only_what_differs_is_listed():
    other = RunConfig(model=ModelConfig(latent_dim=8), train=TrainConfig(beta=0.4))
    rows = {d.setting: d.values for d in config_difference({"a": facts(), "b": facts(other)})}
    assert rows == {"latent_dim": {"a": 32, "b": 8}, "beta": {"a": 1.0, "b": 0.4}}


def test_runs_alike_differ_in_nothing_and_one_run_has_no_difference():
    assert config_difference({"a": facts(), "b": facts()}) == []
    assert config_difference({"a": facts()}) == []


def test_an_older_run_has_the_default_where_it_states_nothing():
    old = facts()
    del old["config"]["train"]["denoising"]
    assert config_difference({"old": old, "new": facts()}) == []
    noisy = facts(RunConfig(train=TrainConfig(denoising=0.3)))
    [row] = config_difference({"old": old, "new": noisy})
    assert row.values == {"old": 0.0, "new": 0.3}


def test_other_sentences_are_a_difference():
    [row] = config_difference({"a": facts(), "b": facts(digest="bb")})
    assert row.setting == "corpus digest"


def test_a_configuration_of_another_version_is_a_sentence():
    bad = facts()
    bad["config"]["train"]["magic"] = 1
    with pytest.raises(UserError, match="magic"):
        config_difference({"a": facts(), "b": bad})


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 2**31 - 1))
def test_two_sizes_share_the_noise_of_the_dimensions_that_both_have(one, other, seed):
    a, b = shared_noise(3, one, seed), shared_noise(3, other, seed)
    both = min(one, other)
    assert a.shape == (3, one)
    assert np.array_equal(a[:, :both], b[:, :both])


def test_shared_noise_is_standard_normal():
    noise = shared_noise(20_000, 3, seed=1)
    assert np.abs(noise.mean(0)).max() < 0.03
    assert np.abs(noise.std(0) - 1).max() < 0.03
    assert np.abs(np.corrcoef(noise.T) - np.eye(3)).max() < 0.03
    assert not math.isclose(noise[0, 0], shared_noise(1, 1, seed=2)[0, 0])
