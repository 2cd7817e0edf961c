"""The verdict of the collapse clinic."""

import pytest

from vae.diagnostics.clinic import clinic_verdict
from vae.errors import UserError


def evaluation(rate, units, information, nll=16.0, heard=None, **changes):
    return {
        "corpus_digest": "aa",
        "split": "test",
        "seed": 0,
        "n_sentences": 600,
        "iw_samples": 20,
        "nll_iw": nll,
        "nll_iw_standard_error": 0.1,
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
    for words in ("K = 20", "mutual information 3.00", "at most 6.40", "12 of 16", "above 0.01"):
        assert words in said
    assert "2.0 times as long" in said


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
    assert clinic_verdict(COLLAPSED, evaluation(5.0, 9, 3.0, nll)).likelihood == likelihood


@pytest.mark.parametrize("change", [{"iw_samples": 100}, {"corpus_digest": "bb"}, {"seed": 1}])
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
