"""Is the model any good? The verdict on figures, and what it says of them."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.diagnostics.test_collapse import HEALTHY
from vae.diagnostics.bootstrap import Interval, share_interval
from vae.diagnostics.collapse import diagnose
from vae.diagnostics.course import Course
from vae.diagnostics.fitness import ALIKE, FEW_UPDATES, FORGETS, KNOWN, RoundTrip, round_trip
from vae.diagnostics.judgement import Figures
from vae.diagnostics.verdict_words import VERDICTS


def trip(hits: int, n: int, told: float = 0.8, reach: float = 0.03) -> RoundTrip:
    """So many of n sentences come back, and most tokens of the others."""
    another = 0.2
    sure = Interval(told, told - reach, told + reach, 0.95, n)
    return RoundTrip(n, share_interval(hits, n), another + told * (1 - another), another, sure)


def judged(**changes):
    known = {"nll": 20.0, "unigram": 50.0, "held": trip(160, 200), "trained": trip(180, 200)}
    return diagnose(Figures(**{**HEALTHY, **known, **changes}))


def test_a_model_whose_sentences_come_back_is_healthy_and_says_how_many_do():
    found = judged()
    assert found.verdict == "healthy"
    assert "Of 200 held-out sentences 80% come back word for word" in found.sentence
    assert {q: g for q, g, _ in found.parts}["returned"] == "good"


def test_training_sentences_that_come_back_alone_were_memorised():
    found = judged(held=trip(2, 50, told=0.4))
    assert found.verdict == "memorises"
    assert "90% of 200 training sentences come back word for word, and 4% of 50" in found.sentence
    for setting in ("patience", "dropout", "word_dropout"):
        assert f"`{setting}`" in found.sentence
    assert found.cures == ()


def test_where_validation_turned_is_said_of_one_that_memorises():
    found = judged(held=trip(2, 50), course=Course(800, 800, 0.0, 60.0, turned=200))
    assert "Validation ELBO was best at update 200 of 800." in found.sentence


def test_long_sentences_show_it_in_their_tokens():
    found = judged(held=trip(0, 50, told=0.2), trained=trip(3, 200, told=0.9))
    assert found.verdict == "memorises"
    assert "of the tokens of 200 training sentences" in found.sentence


def test_a_model_that_knows_its_training_text_is_neither_untrained_nor_diverged():
    for nll in (60.0, 500.0):
        held = trip(0, 3, told=0.3, reach=0.4)
        found = judged(nll=nll, held=held, trained=trip(180, 200))
        assert found.verdict == "memorises"
        assert f"costs {nll:.0f} nats, 50 by the frequencies" in found.sentence


def test_a_loose_bound_of_one_that_gives_sentences_back_is_a_flaw_and_no_lack_of_training():
    found = judged(nll=60.0)
    assert found.verdict == "flawed"
    assert found.sentence.startswith("Used, but")


def test_z_that_is_used_for_something_else_forgets():
    found = judged(held=trip(0, 200, told=0.05), trained=trip(0, 200, told=0.06))
    assert found.verdict == "forgets"
    assert "24% of the tokens of 200 held-out sentences" in found.sentence
    assert "20% do from another sentence's z" in found.sentence
    assert [a.cure for a in found.cures] == ["beta"]


@pytest.mark.parametrize("held", [trip(1, 5), trip(0, 8, told=0.2, reach=0.3)])
def test_too_few_sentences_tell_nothing(held):
    found = judged(held=held, trained=trip(120, 200))
    assert found.verdict == "undecided"
    assert found.sentence.startswith("Too few sentences to tell")
    assert f" {held.n} held-out" in found.sentence


def test_what_might_be_chance_stands_beside_a_healthy_verdict():
    (doubt,) = judged(held=trip(4, 6)).borderline
    assert doubt.startswith("Borderline: the share of held-out sentences")
    (doubt,) = judged(held=trip(160, 200, told=0.4, reach=0.1)).borderline
    assert "on both sides of 33%" in doubt


EARLY = {"rate": 0.2, "mutual_information": 0.1, "active_units": 29}


def test_a_model_of_few_updates_has_not_collapsed():
    assert judged(**EARLY).verdict == "collapsed"
    found = judged(**EARLY, course=Course(8))
    assert found.verdict == "untrained"
    assert "after 8 updates a sentence costs 20.0 nats, and 50.0" in found.sentence
    assert "`epochs`" in found.sentence
    assert judged(**EARLY, course=Course(5_000)).verdict == "collapsed"
    assert judged(course=Course(8)).verdict == "healthy"  # whatever it took


def test_a_distortion_that_falls_fast_asks_for_more_updates_before_anything_is_said_of_z():
    found = judged(**EARLY, course=Course(400, 400, fall=2.0, cost=40.0))
    assert found.verdict == "falling"
    assert "over the last fifth of 400 updates the distortion lost 2.0 nats, 5%" in found.sentence
    assert judged(**EARLY, course=Course(400, 400, 0.2, 40.0)).verdict == "collapsed"
    assert judged(course=Course(400, 400, 2.0, 40.0)).verdict == "healthy"


def test_a_collapse_is_never_said_by_a_count_of_dimensions_that_are_active():
    found = judged(rate=4.67, mutual_information=0.3, active_units=29, heard=0.2)
    assert found.verdict == "collapsed"
    assert "29" not in found.sentence


counts = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
trips = st.none() | st.builds(
    lambda c, told, reach: trip(*c, told=told, reach=reach),
    counts,
    st.floats(-0.2, 1),
    st.floats(0, 0.5),
)
courses = st.none() | st.builds(
    Course,
    st.integers(0, 10_000),
    st.none() | st.integers(1, 100),
    st.none() | st.floats(-50, 50),
    st.none() | st.floats(-1, 100),
    st.none() | st.integers(1, 100),
)
nats = st.floats(0, 100)


@given(nats, nats, nats, st.floats(-5, 50) | st.none(), nats | st.none(), trips, trips, courses)
def test_every_case_has_a_verdict_in_a_word_and_in_a_sentence(
    rate, told, nll, heard, unigram, held, trained, course
):
    found = judged(
        rate=rate,
        mutual_information=told,
        nll=nll,
        heard=heard,
        unigram=unigram,
        held=held,
        trained=trained,
        course=course,
    )
    assert str(VERDICTS[found.verdict])
    assert found.sentence.endswith(".")
    assert all(said for said in found.sayings)
    if found.verdict in ("memorises", "forgets", "undecided"):
        assert f"{(trained if found.verdict == 'memorises' else held).n:,}" in found.sentence
    if found.verdict == "healthy" and held is not None:
        assert held.told.value >= FORGETS
        assert trained is None or not (
            trained.exact.low > KNOWN and held.exact.high < ALIKE * trained.exact.low
        )


ORDER = ("memorises", "undecided", "healthy")


@given(st.integers(1, 300), st.data())
def test_the_more_held_out_sentences_come_back_the_better_the_verdict(n, data):
    fewer = data.draw(st.integers(0, n))
    more = data.draw(st.integers(fewer, n))
    one, other = (judged(held=trip(hits, n)).verdict for hits in (fewer, more))
    assert ORDER.index(one) <= ORDER.index(other)


@given(st.floats(-0.1, 1), st.floats(-0.1, 1), st.floats(0, 0.3))
def test_the_more_its_own_z_tells_the_better_the_verdict(one, other, reach):
    order = ("forgets", "undecided", "healthy")
    verdicts = [
        judged(held=trip(160, 200, told, reach), trained=None).verdict
        for told in sorted((one, other))
    ]
    assert order.index(verdicts[0]) <= order.index(verdicts[1])


@given(st.integers(0, 3 * FEW_UPDATES), st.integers(0, 3 * FEW_UPDATES))
def test_more_updates_are_never_less_trained(one, other):
    fewer, more = (judged(**EARLY, course=Course(n)).verdict for n in sorted((one, other)))
    assert (fewer, more) != ("collapsed", "untrained")


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 30), st.integers(0, 30)), min_size=2))
def test_a_round_trip_counts_tokens_over_all_sentences(rows):
    size = [n for n, _, _ in rows]
    own, another = ([min(row[i], row[0]) for row in rows] for i in (1, 2))
    found = round_trip(
        [a == b for a, b in zip(own, size, strict=True)],
        size,
        own,
        another,
        np.random.default_rng(0),
    )
    assert found.tokens == pytest.approx(sum(own) / sum(size))
    assert found.exact.value == sum(a == b for a, b in zip(own, size, strict=True)) / len(rows)
    assume(found.told is not None)
    assert found.told.value == pytest.approx((sum(own) - sum(another)) / (sum(size) - sum(another)))
    assert found.told.low <= found.told.value <= found.told.high or len(rows) < 5
