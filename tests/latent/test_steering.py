"""Moving sentences along a direction, on a model whose answers can be worked out."""

from dataclasses import replace

import numpy as np
import pytest

from tests.latent.onehot import OneHot
from vae.corpora import factors
from vae.corpora.grammar import FACTOR_NAMES, parse
from vae.diagnostics.bootstrap import share_interval
from vae.diagnostics.label_reader import GRAMMAR, LabelReader, reader_for
from vae.errors import UserError
from vae.latent.directions import random_steps, value_space
from vae.latent.steering import Count, Curve, curves, forced, steer, with_side

CORPUS = factors.generate(900)
TRAIN, TRIED = CORPUS.subset(np.arange(800)), CORPUS.subset(np.arange(800, 900))


def reader() -> LabelReader:
    return reader_for(OneHot(), TRAIN, TRIED)


def steps(label: str, targets: list[str]) -> np.ndarray:
    """From each tried sentence's own value to its target, by the difference of means."""
    space = value_space(OneHot().encode(TRAIN.sentences).mean.numpy(), TRAIN.labels[label])
    return np.array(
        [
            space.direction(target, source).step if target != source else 0 * space.means[0]
            for source, target in zip(TRIED.labels[label], targets, strict=True)
        ]
    )


def other(label: str) -> list[str]:
    values = dict.fromkeys(TRAIN.labels[label])
    return [next(v for v in values if v != own) for own in TRIED.labels[label]]


def moved(label: str, strengths=(0.0, 0.25, 1.0), model=None, **more) -> dict[str, Curve]:
    targets = other(label)
    kinds = {"difference": steps(label, targets), **more}
    return curves(
        model or OneHot(), reader(), TRIED.sentences, kinds, label, targets, list(strengths)
    )


@pytest.mark.parametrize("label", ["tense", "polarity", "mood"])
def test_where_a_factor_has_its_own_numbers_it_flips_beyond_the_middle_and_all_else_stays(label):
    found = moved(label)["difference"]
    assert found.flips.hits == (0, 0, 100)
    assert found.all_stay.hits == found.readable.hits == (100, 100, 100)
    assert found.both.hits == (0, 0, 100)
    assert sum(each.n for each in found.by_target) == 100


def test_what_the_grammar_forces_is_asked_only_where_it_may_stay():
    found = {each.name: each for each in moved("tense")["difference"].stays}
    timeless = sum(time == "none" for time in TRIED.labels["time"])
    assert 0 < timeless < 100
    assert found["time"].n == timeless
    assert found["attitude"].n == 100
    assert "length" not in found
    assert set(found) == {*FACTOR_NAMES} - {"tense"}
    sentence = parse("She gladly ate the tasty soup.")
    assert forced(reader(), vars(sentence), "polarity", "negative") == {"attitude"}
    by_probes = replace(reader(), how="probes", grammar=None)
    assert forced(by_probes, vars(sentence), "polarity", "negative") == set()
    assert forced(reader(), vars(sentence), "a set of mine", "in it") == set()


def test_random_steps_of_the_same_length_flip_next_to_nothing():
    means = OneHot().encode(TRAIN.sentences).mean
    drawn = random_steps(steps("tense", other("tense")), means, np.random.default_rng(0))
    found = moved("tense", random=drawn)
    assert found["random"].flips.hits[2] <= 5
    assert found["difference"].flips.hits[2] == 100


def test_a_step_that_takes_another_factor_along_is_caught():
    targets = other("mood")
    taken = steps("mood", targets) + steps("polarity", other("polarity"))
    found = moved("mood", along=taken)["along"]
    worst = found.worst(2)
    assert found.flips.hits[2] == 100
    assert (worst.name, worst.hits[2]) == ("polarity", 0)
    assert found.all_stay.hits[2] == found.both.hits[2] == 0


def test_what_is_no_sentence_has_neither_flipped_nor_stayed():
    targets = ["question"] * 100
    statements = sum(mood == "statement" for mood in TRIED.labels["mood"])
    found = curves(
        OneHot(garbled="blah blah?"),
        reader(),
        TRIED.sentences,
        {"difference": steps("mood", targets)},
        "mood",
        targets,
        [0.0, 1.0],
    )["difference"]
    assert found.readable.hits == (statements, 0)
    assert found.flips.hits == (0, 0)
    assert found.all_stay.hits == (statements, 0)


def test_sentences_that_cannot_be_read_are_left_out():
    with_one_more = (*TRIED.sentences[:5], "This is of another language.")
    targets = [*other("mood")[:5], "question"]
    zeros = np.zeros((6, OneHot().latent_dim))
    found = curves(OneHot(), reader(), with_one_more, {"still": zeros}, "mood", targets, [1.0])
    assert found["still"].flips.n == 5
    with pytest.raises(UserError, match="in which 'mood' can be read"):
        curves(OneHot(), reader(), ["Blah."], {"still": zeros[:1]}, "mood", ["question"], [1.0])


def test_a_share_is_wilsons():
    counted = Count("tense", 50, (0, 49))
    assert counted.share(1) == share_interval(49, 50)
    with pytest.raises(UserError, match="not of 50 sentences"):
        Count("tense", 50, (51,))
    with pytest.raises(UserError, match="one for each strength"):
        replace(moved("mood")["difference"], strengths=(1.0,))


def test_a_reader_can_tell_on_which_side_of_a_direction_a_sentence_lies():
    space = value_space(OneHot().encode(TRAIN.sentences).mean.numpy(), TRAIN.labels["mood"])
    direction = space.direction("question", "statement")
    sides = with_side(reader(), OneHot(), direction, "mine")
    assert sides.labels[-1] == "mine"
    said = sides.read([*TRIED.sentences, "Blah."])
    assert [values["mine"] for values in said[:-1]] == list(TRIED.labels["mood"])
    assert said[-1] is None
    assert sides.how == GRAMMAR


def test_one_sentence_is_steered_and_placed_where_it_is_encoded_again():
    space = value_space(OneHot().encode(TRAIN.sentences).mean.numpy(), TRAIN.labels["mood"])
    direction = space.direction("question", "statement")
    sentence = "She loved eating the tasty soup."
    found = steer(OneHot(), direction, sentence, [0, 0.25, 1])
    assert [s.sentence for s in found] == [
        sentence,
        sentence,
        "Did she love eating the tasty soup?",
    ]
    assert [s.beyond for s in found] == [False, False, True]
    mute = steer(OneHot(garbled=" "), direction, sentence, [0, 1])
    assert mute[1].place is None
    assert not mute[1].beyond


def test_what_cannot_be_steered_is_a_sentence():
    space = value_space(OneHot().encode(TRAIN.sentences).mean.numpy(), TRAIN.labels["mood"])
    direction = space.direction("question", "statement")
    for strength in (float("nan"), float("inf"), 11.0):
        with pytest.raises(UserError, match="choose one from −10 to 10"):
            steer(OneHot(), direction, TRIED.sentences[0], [strength])
    with pytest.raises(UserError, match="Choose from 1 to 101 strengths"):
        steer(OneHot(), direction, TRIED.sentences[0], [])
    with pytest.raises(UserError, match="belongs to another model"):
        steer(OneHot(), replace(direction, step=np.ones(3)), TRIED.sentences[0], [1])
    zeros = {"still": np.zeros((2, OneHot().latent_dim))}
    with pytest.raises(UserError, match="one step and one target for each"):
        curves(OneHot(), reader(), TRIED.sentences[:1], zeros, "mood", ["question"], [1.0])
