"""The verdict of the collapse clinic."""

import math

import numpy as np
import pytest
import torch

from vae.diagnostics.bounds import against_lowest, bounds
from vae.diagnostics.clinic import clinic_verdict
from vae.diagnostics.likelihood import bound, effective_samples
from vae.errors import UserError


def evaluation(rate, units, information, nll=16.0, heard=None, fall=0.0, **changes):
    # What the sentences of a collapsed run deviate by is at right angles to what others' do.
    signs = (1, -1, 1, -1) if rate < 0.1 else (1, 1, -1, -1)
    each = [nll + 0.1 * math.sqrt(600) * sign for sign in signs * 150]
    return {
        "corpus_digest": "aa",
        "split": "test",
        "seed": 0,
        "n_sentences": 600,
        "iw_samples": 500,
        "nll_iw": nll,
        "nll_iw_half": nll + fall,
        "nll_iw_standard_error": 0.1,
        "nll_iw_each": each,
        "iw_effective": 80.0,
        "rate": rate,
        "rate_standard_error": 0.02,
        "active_units": units,
        "active_unit_threshold": 0.01,
        "latent_dim": 16,
        "mutual_information": information,
        "mutual_information_ceiling": 6.4,
        "decoder_listens": {"own": -12.0, "another": -12.0 - (rate if heard is None else heard)},
        **changes,
    }


COLLAPSED = evaluation(0.03, 0, 0.02)


def test_a_run_that_carries_nats_which_the_decoder_reads_is_cured():
    verdict = clinic_verdict(COLLAPSED, evaluation(5.0, 12, 3.0))
    assert verdict.outcome == "cured"
    assert verdict.plain_collapsed
    assert "5.00 nats" in verdict.sentence
    assert "0.03" in verdict.sentence


def test_every_figure_of_the_verdict_is_stated():
    verdict = clinic_verdict(COLLAPSED, evaluation(5.0, 12, 3.0), seconds=(40.0, 80.0))
    said = " ".join(verdict.findings)
    for words in (
        "K = 500",
        "mutual information 3.00",
        "cannot exceed 6.40",
        "12 of 16",
        "above 0.01",
    ):
        assert words in said
    assert "2.0 times as long" in said
    assert "at least" not in said


def test_an_information_near_its_ceiling_is_a_lower_bound():
    verdict = clinic_verdict(COLLAPSED, evaluation(9.0, 12, 5.0))
    assert "With the cure: rate 9.00" in verdict.findings[0]
    assert "mutual information at least 5.00" in verdict.findings[0]


@pytest.mark.parametrize(("rate", "units"), [(0.04, 0), (0.9, 3), (5.0, 1)])
def test_too_little_in_z_is_no_cure(rate, units):
    verdict = clinic_verdict(COLLAPSED, evaluation(rate, units, min(rate, 3.0)))
    assert verdict.outcome == "not cured"


def test_a_rate_that_the_decoder_does_not_read_is_no_cure():
    verdict = clinic_verdict(COLLAPSED, evaluation(5.0, 16, 3.0, heard=0.2))
    assert verdict.outcome == "not cured"
    assert "nearly the same" in verdict.sentence


def test_where_nothing_collapsed_nothing_is_cured():
    verdict = clinic_verdict(evaluation(4.0, 9, 3.0), evaluation(6.0, 12, 4.0))
    assert verdict.outcome == "no collapse"
    assert not verdict.plain_collapsed
    assert "nothing to cure" in verdict.sentence


@pytest.mark.parametrize(
    ("nll", "likelihood"), [(15.0, "better"), (16.1, "same"), (15.8, "same"), (17.0, "worse")]
)
def test_likelihoods_differ_only_beyond_two_standard_errors(nll, likelihood):
    verdict = clinic_verdict(COLLAPSED, evaluation(5.0, 9, 3.0, nll))
    assert verdict.likelihood == likelihood
    assert not any("bought" in f for f in verdict.findings)


@pytest.mark.parametrize(("fall", "likelihood"), [(0.05, "worse"), (0.1, "unknown")])
def test_a_bound_that_still_falls_is_worse_only_beyond_what_it_may_still_fall(fall, likelihood):
    verdict = clinic_verdict(COLLAPSED, evaluation(5.0, 9, 3.0, 17.0, fall=fall))
    assert verdict.likelihood == likelihood
    said = " ".join(verdict.findings)
    assert f"{fall:.2f}" in said
    assert ("cannot be told" in said) == (likelihood == "unknown")


def test_no_difference_is_told_where_a_bound_still_falls_by_more_than_the_error():
    verdict = clinic_verdict(COLLAPSED, evaluation(5.0, 9, 3.0, 16.1, fall=0.2))
    assert verdict.likelihood == "unknown"
    assert any("which is likelier cannot be told" in f for f in verdict.findings)


def test_a_plain_bound_that_still_falls_makes_no_cure_better():
    loose = evaluation(4.0, 9, 3.0, 17.0, fall=0.3)
    assert clinic_verdict(loose, evaluation(6.0, 12, 4.0)).likelihood == "unknown"
    assert clinic_verdict({**loose, "nll_iw_half": 17.01}, evaluation(6.0, 12, 4.0)).likelihood == (
        "better"
    )


@pytest.mark.parametrize("unused", [None, "absent"])
def test_where_it_was_not_measured_whether_the_bound_still_falls_nothing_is_worse(unused):
    cured = evaluation(5.0, 9, 3.0, 17.0, nll_iw_half=None)
    if unused:
        del cured["nll_iw_half"]
    verdict = clinic_verdict(COLLAPSED, cured)
    assert verdict.likelihood == "unknown"
    assert any("was not measured" in f for f in verdict.findings)


def of_weights(weights, k, **changes):
    """An evaluation with the bounds of so many of the draws (N, K)."""
    each = bound(weights[:, :k], k)
    return evaluation(
        5.0,
        9,
        3.0,
        float(each.mean()),
        iw_samples=k,
        n_sentences=len(each),
        nll_iw_half=float(bound(weights[:, :k], k // 2).mean()),
        nll_iw_standard_error=float(each.std(ddof=1) / math.sqrt(len(each))),
        nll_iw_each=each.round(4).tolist(),
        iw_effective=float(np.median(effective_samples(weights[:, :k]))),
        **changes,
    )


def loose(nll, spread, generator, n=200, most=5_000):
    """Log-weights (N, K) of sentences with exact likelihoods, log-normal about them."""
    noise = spread * torch.randn(n, most, generator=generator, dtype=torch.double)
    return -nll[:, None] + noise - spread**2 / 2


@pytest.mark.parametrize("spread", [0.5, 1.0, 2.0, 4.0, 8.0, 16.0])
@pytest.mark.parametrize("k", [20, 500, 5_000])
def test_a_looser_bound_alone_is_never_a_worse_likelihood(spread, k):
    g = torch.Generator().manual_seed(0)
    exact = 16 + torch.randn(200, generator=g).double()
    tight = of_weights(loose(exact, 0.01, g), k)
    found = of_weights(loose(exact, spread, g), k)
    assert clinic_verdict(tight, found).likelihood in ("same", "unknown")
    assert clinic_verdict(found, tight).likelihood in ("same", "unknown")


def test_few_draws_that_turn_a_difference_round_are_not_believed():
    g = torch.Generator().manual_seed(0)
    exact = 16 + torch.randn(200, generator=g).double()
    plain, cured = loose(exact, 0.01, g), loose(exact - 0.3, 2.5, g)
    few = [of_weights(w, 20) for w in (plain, cured)]
    assert few[1]["nll_iw"] > few[0]["nll_iw"] + 0.3  # it is better by 0.3, and looks worse
    assert clinic_verdict(*few).likelihood == "unknown"
    assert clinic_verdict(*(of_weights(w, 5_000) for w in (plain, cured))).likelihood == "better"


def test_what_both_find_hard_is_no_error_of_their_difference():
    each = [10.0 + 0.1 * i for i in range(100)]
    plain = evaluation(0.03, 0, 0.02, 15.0, nll_iw_each=each)
    cured = evaluation(5.0, 9, 3.0, 14.9, nll_iw_each=[v - 0.1 - 0.01 * (v % 1) for v in each])
    assert clinic_verdict(plain, cured).likelihood == "better"
    for of in (plain, cured):
        del of["nll_iw_each"]
    verdict = clinic_verdict(plain, cured)
    assert verdict.likelihood == "unknown"
    assert any("do not stand in pairs" in f for f in verdict.findings)


@pytest.mark.parametrize("change", [{"unknown_tokens": 9}, {"corpus_digest": "bb"}, {"seed": 1}])
def test_likelihoods_that_were_measured_otherwise_are_not_compared(change):
    verdict = clinic_verdict(COLLAPSED, evaluation(5.0, 9, 3.0, **change))
    assert verdict.likelihood == "unknown"
    assert any("cannot be compared" in f for f in verdict.findings)


def test_an_evaluation_of_an_older_version_is_judged_without_the_listening_test():
    old = evaluation(5.0, 9, 3.0)
    del old["decoder_listens"]
    assert clinic_verdict(COLLAPSED, old).outcome == "cured"


def test_a_damaged_evaluation_is_a_sentence():
    with pytest.raises(UserError, match="no usable 'rate'"):
        clinic_verdict(COLLAPSED, {**COLLAPSED, "rate": None})


def test_each_bound_may_have_the_draws_that_it_needs():
    """Level after 100 or after 500, it says the same; one that is not level says so of itself."""
    fewer = {"iw_samples": 100}
    assert clinic_verdict(COLLAPSED, evaluation(5.0, 9, 3.0, 17.0, **fewer)).likelihood == "worse"
    loose = evaluation(5.0, 9, 3.0, 17.0, fall=0.3, **fewer)
    assert clinic_verdict(COLLAPSED, loose).likelihood == "unknown"


@pytest.mark.parametrize(("effective", "said"), [(None, "was not measured"), (2.8, "worth 2.8")])
def test_a_bound_of_a_few_draws_that_carry_the_sum_is_not_gone_by(effective, said):
    """However little the last doubling took: it is the few that decide that too."""
    weak = {"iw_effective": effective}
    for plain, cured in (
        (COLLAPSED, evaluation(5.0, 9, 3.0, 17.0, **weak)),
        ({**COLLAPSED, "nll_iw": 17.0, "nll_iw_half": 17.0, **weak}, evaluation(5.0, 9, 3.0)),
        (COLLAPSED, evaluation(5.0, 9, 3.0, 16.1, **weak)),
    ):
        verdict = clinic_verdict(plain, cured)
        assert verdict.likelihood == "unknown"
        assert any("cannot be told" in f and said in f for f in verdict.findings)
    # A loose bound that is lower all the same is of the likelier run.
    assert clinic_verdict(COLLAPSED, evaluation(5.0, 9, 3.0, 15.0, **weak)).likelihood == "better"


def test_a_model_without_latents_has_no_bound_that_might_fall():
    exact = {"latent_dim": 0, "iw_samples": 1, "nll_iw_half": None, "iw_effective": 1.0}
    language_model = {**COLLAPSED, **exact}
    found = bounds(evaluation(5.0, 9, 3.0, 15.0), language_model, ("with z", "without"))
    assert found.change == "worse"
    assert "So with z is likelier" in found.sentence


def test_each_run_is_held_against_the_lowest_bound():
    measured = {
        "a": COLLAPSED,
        "b": evaluation(5.0, 9, 3.0, 17.0),
        "c": evaluation(5.0, 9, 3.0, 16.9, iw_effective=3.0),
        "unmeasured": None,
        "silent": {**COLLAPSED, "nll_iw": None},
    }
    found = against_lowest(measured)
    assert {name: of.change for name, of in found.items()} == {"b": "worse", "c": "unknown"}
    assert all(of.one.name == "a" for of in found.values())
    assert against_lowest({"a": COLLAPSED}) == against_lowest({}) == {}
