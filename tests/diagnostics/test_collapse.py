"""The verdict on a latent space."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae.diagnostics.collapse import Diagnosis, diagnose
from vae.diagnostics.judgement import (
    COLLAPSED_RATE,
    DEAR,
    FAIR_IDLE,
    HEALTHY_INFORMATION,
    HEALTHY_UNITS,
    Figures,
)
from vae.errors import UserError
from vae.training.cures import CURES

HEALTHY = {
    "latent_dim": 32,
    "rate": 14.0,
    "active_units": 12,
    "mutual_information": 6.5,
    "ceiling": math.log(2_000),
}
nats = st.floats(0, 50)


def verdict(**changes: float) -> str:
    return diagnose(Figures(**{**HEALTHY, **changes})).verdict  # type: ignore[arg-type]


def test_a_space_with_active_units_and_information_is_healthy():
    diagnosis = diagnose(Figures(**HEALTHY))
    assert diagnosis.verdict == "healthy"
    assert diagnosis.sentence == (
        "Healthy: 12 of 32 dimensions are active. They hold at least 6.5 nats of information about "
        "a sentence, at a rate of 14.0."
    )
    used, price = diagnosis.evidence
    assert "7.60" in used  # the ceiling stands beside the estimate
    assert "14.00" in price


@pytest.mark.parametrize(
    "changes",
    [
        {"active_units": 0},
        {"rate": 0.1},
        {"mutual_information": 0.0},
        {"rate": 0.0, "active_units": 0, "mutual_information": 0.0},
    ],
)
def test_a_space_without_units_rate_or_information_is_collapsed(changes):
    assert verdict(**changes) == "collapsed"


@pytest.mark.parametrize(
    "changes", [{"active_units": 1}, {"mutual_information": 1.2}, {"mutual_information": 0.6}]
)
def test_a_space_in_between_is_partly_collapsed(changes):
    assert verdict(**changes) == "partial"


def test_a_rate_that_nobody_reads_is_collapsed():
    diagnosis = diagnose(Figures(**HEALTHY, heard=0.3))
    assert diagnosis.verdict == "collapsed"
    assert "nobody reads" in diagnosis.sentence
    assert "0.30 nats" in diagnosis.evidence[0]


def test_a_decoder_that_hears_little_is_partly_collapsed():
    assert verdict(heard=1.5) == "partial"
    assert verdict(heard=2.5) == "healthy"


def test_a_gain_below_zero_is_chance_and_no_fault():
    diagnosis = diagnose(Figures(**HEALTHY, heard=-0.4))
    assert diagnosis.verdict == "collapsed"
    assert "−0.40" in diagnosis.evidence[0]


def cures(**changes: float) -> list[str]:
    return [a.cure for a in diagnose(Figures(**{**HEALTHY, **changes})).cures]  # type: ignore[arg-type]


def test_the_cures_fit_the_case():
    assert cures() == []
    assert cures(heard=30.0, moment_kl=0.1, accuracy=0.55) == []
    assert cures(moment_kl=0.1, accuracy=0.7) == ["mmd"]  # healthy, but not where the prior is
    assert cures(moment_kl=9.0, accuracy=0.9) == ["mmd"]
    assert "free-bits" in cures(rate=0.0, active_units=0)
    # A floor under the rate adds to what is already there and not read.
    assert not {"free-bits", "mean-norm"} & set(cures(heard=0.1))
    assert cures(active_units=1) != cures(mutual_information=1.2)


@given(nats, st.integers(0, 32), nats, st.one_of(st.none(), st.floats(-5, 50)))
def test_every_cure_exists_and_says_why(rate, units, information, heard):
    found = diagnose(
        Figures(
            **{**HEALTHY, "rate": rate, "active_units": units, "mutual_information": information},
            heard=heard,
            moment_kl=0.5,
            accuracy=0.7,
        )
    )
    assert {a.cure for a in found.cures} <= set(CURES)
    assert all(a.reason.endswith(".") for a in found.cures)
    assert found.cures


def test_published_figures_of_collapsed_and_healthy_models_are_told_apart():
    # He et al. (2019), Table 1, Yahoo: VAE, beta 0.4, aggressive with annealing.
    assert verdict(rate=0.0, mutual_information=0.0, active_units=0) == "collapsed"
    assert verdict(rate=3.8, mutual_information=2.2, active_units=3) == "healthy"
    assert verdict(rate=6.7, mutual_information=3.2, active_units=15) == "healthy"


def test_few_sentences_do_not_make_a_healthy_model_partial():
    assert verdict(mutual_information=math.log(4), ceiling=math.log(4)) == ("healthy")


def test_a_language_model_has_no_latent_space():
    plain = Figures(latent_dim=0, rate=0.0, active_units=0, mutual_information=0.0, ceiling=7.6)
    diagnosis = diagnose(plain)
    assert diagnosis.verdict == "collapsed"
    assert "language model" in diagnosis.sentence


@given(nats, st.integers(0, 32), nats, st.floats(0.7, 10))
def test_the_verdict_keeps_to_its_bounds(rate, units, information, ceiling):
    information = min(information, ceiling)
    found = verdict(
        rate=rate,
        active_units=units,
        mutual_information=information,
        ceiling=ceiling,
    )
    if found in ("healthy", "flawed"):
        assert units >= HEALTHY_UNITS
        assert rate >= COLLAPSED_RATE
        assert information >= min(HEALTHY_INFORMATION, 0.9 * ceiling)
    if found != "collapsed":
        assert units > 0
        assert rate >= COLLAPSED_RATE
    if found == "collapsed":
        assert units == 0 or rate < COLLAPSED_RATE or information < COLLAPSED_RATE


@given(nats, st.integers(0, 32), nats, nats, nats, st.integers(0, 4), nats, nats)
def test_more_of_anything_never_makes_the_use_of_z_worse(
    rate, units, information, heard, more, add, much, louder
):
    def used(**figures: float) -> str:
        return diagnose(Figures(**{**HEALTHY, **figures})).figures.used  # type: ignore[arg-type]

    before = used(rate=rate, active_units=units, mutual_information=information, heard=heard)
    after = used(
        rate=rate + more,
        active_units=units + add,
        mutual_information=information + much,
        heard=heard + louder,
    )
    order = ("poor", "fair", "good")
    assert order.index(after) >= order.index(before)


@pytest.mark.parametrize(
    "changes",
    [
        {"rate": -1.0},
        {"rate": float("nan")},
        {"mutual_information": -0.5},
        {"mutual_information": float("nan")},
        {"ceiling": float("nan")},
        {"active_units": -1},
        {"principal_units": -1},
        {"moment_kl": float("nan")},
        {"accuracy": -0.1},
        {"nll": float("nan")},
        {"heard": float("nan")},
    ],
)
def test_a_figure_that_cannot_be_is_refused(changes):
    with pytest.raises(UserError, match="not negative"):
        verdict(**changes)


def test_a_rate_that_rounds_below_zero_is_a_rate_of_zero():
    none = Figures(latent_dim=16, rate=-1e-9, active_units=0, mutual_information=0.0, ceiling=7.0)
    diagnosis = diagnose(none)
    assert diagnosis.verdict == "collapsed"
    assert "-0" not in diagnosis.sentence + "".join(diagnosis.evidence)


# -- the other parts -------------------------------------------------------------------------------

# A run of two hundred sentences a kind: everything measured, and all of it good.
WHOLE = {
    **HEALTHY,
    "principal_units": 12,
    "heard": 20.0,
    "upper": 13.0,
    "nll": 40.0,
    "unigram": 70.0,
    "moment_kl": 0.2,
    "accuracy": 0.53,
}


def whole(**changes: float) -> Diagnosis:
    return diagnose(Figures(**{**WHOLE, **changes}))  # type: ignore[arg-type]


def test_a_run_that_is_good_in_all_parts_has_no_weakest():
    found = whole()
    assert found.verdict == "healthy"
    assert [(asked, grade) for asked, grade, _said in found.parts] == [
        ("learned", "good"),
        ("used", "good"),
        ("price", "good"),
        ("prior", "good"),
    ]
    assert found.sentence == (
        "Healthy: 12 of 32 principal directions are in use, and the decoder reads them. They hold "
        "at least 6.5 nats of information about a sentence, at a rate of 14.0."
    )
    assert found.to_dict()["grades"]["prior"] == "good"


def test_a_run_that_diverged_has_no_other_claim():
    # train factors --sentences 5000 --learning-rate 5 --clip-norm 1000 --warmup-steps 0
    found = whole(rate=166_562.6, nll=131_481.0, unigram=62.0)
    assert found.verdict == "diverged"
    assert found.sentence.startswith("Diverged: a sentence costs 131,481 nats, and 62 by")
    assert found.cures == ()
    assert whole(nll=math.inf).verdict == "diverged"
    assert "no finite number" in whole(nll=math.inf).sentence


def test_a_likelihood_worse_than_frequencies_of_words_ends_every_other_claim():
    found = whole(nll=75.0)
    assert found.verdict == "untrained"
    assert found.sentence.startswith("Not trained: a sentence costs 75.0 nats, and 70.0 by")
    assert found.cures == ()
    assert found.parts[0][:2] == ("learned", "poor")


def test_a_high_rate_beside_little_information_is_not_healthy():
    dear = whole(rate=60.0, ceiling=7.6, mutual_information=7.5)
    assert dear.verdict == "flawed"
    assert dear.sentence.startswith("Used, but dear: of a rate of 60.0 nats a sentence at least")
    # Without the bound of the other posteriors, the NLL bounds the information all the same.
    assert whole(rate=60.0, upper=60.0).figures.most_told == 40.0
    assert whole(rate=60.0, upper=60.0).verdict == "flawed"


def test_a_prior_that_does_not_fit_is_named():
    far = whole(moment_kl=5.05, accuracy=0.95)
    assert far.verdict == "flawed"
    assert far.figures.prior == "poor"
    assert whole(accuracy=0.8).sentence.startswith("Used, but the prior does not fit")
    fair = whole(accuracy=0.67)
    assert fair.verdict == "healthy"
    assert fair.sentence.endswith(
        "Weakest: the prior. A classifier gets 67% of its draws and of posteriors' right (chance: "
        "50%)."
    )


def test_dead_directions_turned_over_all_axes_are_no_use():
    """The flagship of before: all axes active, one direction in use."""
    assert whole(principal_units=1, active_units=32).verdict == "partial"
    assert whole(principal_units=0, active_units=32).verdict == "collapsed"
    assert "active dimensions: 32" in whole(principal_units=26, active_units=32).evidence[1]


@given(nats, nats, nats, st.floats(0, 9), nats)
def test_what_z_tells_is_at_most_its_rate_and_idle_is_never_negative(
    rate, information, upper, moments, nll
):
    found = whole(
        rate=rate, mutual_information=information, upper=upper, moment_kl=moments, nll=nll
    ).figures
    assert 0 <= found.most_told <= rate
    assert found.idle >= 0
    if found.price == "poor":
        assert found.idle > max(FAIR_IDLE, DEAR * rate)


def test_intervals_of_the_prior_are_in_doubt_too():
    judged = diagnose(
        Figures(**{**WHOLE, "accuracy": 0.74}),  # type: ignore[arg-type]
        {"accuracy": (0.72, 0.76), "moment_kl": (0.1, 0.3)},
    )
    (doubt,) = judged.borderline
    assert "74.0% (95% interval 72.0% to 76.0%), lies on both sides of 75%" in doubt


# -- intervals -------------------------------------------------------------------------------------


def judged(intervals: dict[str, tuple[float, float]], **changes: float) -> Diagnosis:
    return diagnose(Figures(**{**HEALTHY, **changes}), intervals)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("figure", "value", "ends", "bound"),
    [
        ("rate", 0.55, (0.45, 0.65), "0.5"),
        ("mutual_information", 0.45, (0.3, 0.6), "0.5"),
        ("mutual_information", 2.1, (1.9, 2.3), "2"),
        ("heard", 0.9, (0.5, 1.3), "1"),
        ("heard", 2.1, (1.9, 2.3), "2"),
    ],
)
def test_an_interval_over_a_bound_that_decides_is_borderline(figure, value, ends, bound):
    found = judged({figure: ends}, **{figure: value})
    (doubt,) = found.borderline
    assert doubt in found.evidence
    assert doubt.startswith("Borderline: ")
    said = f"{value:.2f} nats (95% interval {ends[0]:.2f} to {ends[1]:.2f}), lies on both sides of "
    assert f"{said}{bound} nats" in doubt
    # The verdict stays that of the figure itself.
    assert found.verdict == verdict(**{figure: value})
    assert [e for e in found.evidence if e != doubt] == list(judged({}, **{figure: value}).evidence)


def test_an_interval_far_from_every_bound_says_nothing():
    far = {"rate": (13.9, 14.1), "mutual_information": (6.4, 6.6), "heard": (30.0, 32.0)}
    assert judged(far, heard=31.0) == judged({}, heard=31.0)
    between = judged({"mutual_information": (1.0, 1.4)}, mutual_information=1.2)
    assert between.verdict == "partial"
    assert between.borderline == ()


def test_a_bound_that_decides_nothing_is_not_borderline():
    # No unit is active: the space is collapsed, whatever the rate.
    assert judged({"rate": (0.4, 0.6)}, rate=0.5, active_units=0).borderline == ()
    # One unit is partial at best: more information would not make it healthy.
    one = judged({"mutual_information": (1.9, 2.2)}, mutual_information=2.0, active_units=1)
    assert one.borderline == ()


def test_two_figures_that_are_both_in_doubt_are_both_said():
    # Either alone would leave it collapsed; together they need not.
    ends = {"rate": (0.4, 0.6), "mutual_information": (0.4, 0.6)}
    assert len(judged(ends, rate=0.45, mutual_information=0.45).borderline) == 2


def test_a_wide_interval_may_reach_over_both_bounds():
    found = judged({"heard": (0.5, 2.5)}, heard=1.5)
    assert found.verdict == "partial"
    assert len(found.borderline) == 2


def test_few_sentences_lower_the_bound_of_the_information_for_its_interval_too():
    few = {"ceiling": math.log(4), "mutual_information": 1.3}
    (doubt,) = judged({"mutual_information": (1.2, 1.386)}, **few).borderline
    assert "1.25 nats" in doubt


@pytest.mark.parametrize("ends", [(math.nan, math.nan), (-math.inf, math.inf)])
def test_an_interval_that_was_not_measured_says_nothing(ends):
    assert judged({"rate": ends}, rate=0.5).borderline == ()


def test_what_was_not_heard_has_no_interval():
    assert judged({"heard": (0.5, 1.5)}).borderline == ()


@given(nats, st.integers(0, 32), nats, nats, st.floats(0, 5))
def test_intervals_change_no_verdict_and_no_cure(rate, units, information, heard, reach):
    figures = {"rate": rate, "mutual_information": information, "heard": heard}
    ends = {name: (value - reach, value + reach) for name, value in figures.items()}
    plain, with_ends = (
        judged({}, active_units=units, **figures),
        judged(ends, active_units=units, **figures),
    )
    assert (plain.verdict, plain.sentence, plain.cures) == (
        with_ends.verdict,
        with_ends.sentence,
        with_ends.cures,
    )
