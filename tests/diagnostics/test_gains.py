"""What z tells the decoder, word by word: on models built to listen, and built not to."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.diagnostics import built
from tests.fakes import corpus, store_run
from vae import Explorer
from vae.diagnostics.gains import (
    CERTAIN,
    FEWEST_SENTENCES,
    LEAST,
    Gain,
    Listening,
    factor_gains,
    gains,
    length_finding,
    listening,
    opening_finding,
    vocabulary_gains,
)
from vae.diagnostics.latent_swap import Scores, score, strangers, too_alike
from vae.errors import UserError


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def made(own, another, n: int = 40, prior=None) -> Scores:
    """n sentences of as many tokens as there are figures, all alike; the last is the end."""
    length = len(own)
    position = np.tile(np.arange(length), n)
    return Scores(
        sentence=np.repeat(np.arange(n), length),
        position=position,
        end=position == length - 1,
        words=tuple("abcdef"[i % 6] for i in range(length)) * n,
        own=np.tile(np.array(own, dtype=float), n),
        another=np.tile(np.array(another, dtype=float), n),
        prior=np.tile(np.array(another if prior is None else prior, dtype=float), n),
    )


@pytest.fixture(scope="module")
def listens(tmp_path_factory):
    run = store_run(tmp_path_factory.mktemp("built") / "listens", built.trained())
    return Explorer.load(run)


@pytest.fixture(scope="module")
def deaf(tmp_path_factory):
    run = store_run(tmp_path_factory.mktemp("built") / "deaf", built.decoder_is_deaf())
    return Explorer.load(run)


@given(st.lists(st.sampled_from(["a", "b", "c", "d", "A", "b "]), min_size=2, max_size=40))
def test_no_sentence_gets_the_z_of_its_own_words(sentences):
    if too_alike(sentences):
        with pytest.raises(UserError, match="must differ"):
            strangers(sentences, rng())
        return
    partner = strangers(sentences, rng())
    assert sorted(partner) == list(range(len(sentences)))
    assert all(
        sentences[i].strip().lower() != sentences[j].strip().lower() for i, j in enumerate(partner)
    )


def test_partners_are_drawn_by_the_seed():
    sentences = [f"sentence {i}" for i in range(50)]
    assert (strangers(sentences, rng(1)) == strangers(sentences, rng(1))).all()
    assert (strangers(sentences, rng(1)) != strangers(sentences, rng(2))).any()
    steps = (strangers(sentences, rng(1)) - np.arange(50)) % 50
    assert len(set(steps.tolist())) > 10  # by chance, and no roll by one


def test_a_trained_decoder_hears_its_own_z_and_a_deaf_one_hears_nothing(listens, deaf):
    heard = listening(score(listens, built.sentences(), 0), rng())
    assert heard.over_another.low > 2
    assert heard.over_prior.low > 0
    assert heard.own.value - heard.another.value == pytest.approx(heard.over_another.value)
    unheard = listening(score(deaf, built.sentences(), 0), rng())
    assert unheard.over_another.value == pytest.approx(0, abs=1e-4)
    assert unheard.over_prior.value == pytest.approx(0, abs=1e-4)
    assert "next to nothing" in opening_finding(unheard)
    assert "−0%" not in opening_finding(unheard)


def test_tokens_are_scored_in_place(listens):
    sentences = built.sentences()[:7]
    scores = score(listens, sentences, 3)
    # The same generator goes on to the prior, and the same seed chose the partners.
    generator = torch.Generator().manual_seed(3)
    z, partner = listens.encode(sentences).sample(generator), strangers(sentences, rng(3))
    latents = (z, z[torch.as_tensor(partner)], torch.randn(z.shape, generator=generator))
    for found, latent in zip((scores.own, scores.another, scores.prior), latents, strict=True):
        alone = [listens.log_likelihood([s], latent[i : i + 1])[0] for i, s in enumerate(sentences)]
        assert found == pytest.approx(torch.cat(alone).double().numpy(), abs=1e-4)
    assert list(scores.words) == [w for s in sentences for w in listens.tokens(s)]
    assert scores.end.sum() == 7
    assert all(w == "end" for w, end in zip(scores.words, scores.end, strict=True) if end)


def test_positions_add_up_to_the_gain_of_the_sentence(listens):
    scores = score(listens, built.sentences(), 0)
    every = {str(p): scores.position == p for p in range(30)}
    parts = gains(scores, {k: v for k, v in every.items() if v.any()}, rng())
    whole = gains(scores, {"all": np.ones(len(scores.own), dtype=bool)}, rng())[0]
    left_out = sum(
        (scores.own - scores.another)[v].sum() for v in every.values() if 0 < v.sum() < LEAST
    )
    summed = sum(p.words * p.over_another.value for p in parts) + left_out
    assert summed == pytest.approx(whole.words * whole.over_another.value)


def test_a_group_of_few_words_is_left_out():
    scores = made([-1.0, -1.0], [-2.0, -2.0], n=LEAST - 1)
    assert gains(scores, {"few": ~scores.end}, rng()) == ()


def test_words_of_a_few_sentences_have_no_interval_however_many_they_are():
    scores = made([-1.0] * 30, [-2.0] * 30)
    group = {"nine": scores.sentence < FEWEST_SENTENCES - 1}
    assert group["nine"].sum() > 10 * LEAST
    assert gains(scores, group, rng()) == ()
    (found,) = gains(scores, {"ten": scores.sentence < FEWEST_SENTENCES}, rng())
    assert found.over_another.n == FEWEST_SENTENCES


def test_of_words_that_any_z_is_sure_of_no_share_runs_away():
    everything = {"all": np.ones(80, dtype=bool)}
    (sure,) = gains(made([-1e-3, -1e-3], [-1e-9, -1e-9]), everything, rng())
    assert sure.resolved.value == pytest.approx(-1e-3 / CERTAIN, rel=1e-3)
    # One sentence in four is a surprise: the share is of all surprise, not of each sentence's.
    scores = made([-0.5, -0.5], [-2.0, -2.0])
    another = np.where(scores.sentence % 4, -1e-9, -2.0)
    own = np.where(scores.sentence % 4, -1e-9, -0.5)
    scores = Scores(**{**vars(scores), "own": own, "another": another})
    assert gains(scores, everything, rng())[0].resolved.value == pytest.approx(0.75)


def test_intervals_resample_whole_sentences():
    """Tokens of one sentence that gain alike are one observation, not four."""
    n = 50
    each = rng(5).normal(size=n)
    scores = made([0.0] * 4, [0.0] * 4, n=n)
    scores = Scores(**{**vars(scores), "another": -np.repeat(each + 2, 4)})
    found = gains(scores, {"all": np.ones(4 * n, dtype=bool)}, rng())[0].over_another
    expected = 2 * 1.96 * each.std() / np.sqrt(n)
    assert found.value == pytest.approx(each.mean() + 2)
    assert found.high - found.low == pytest.approx(expected, rel=0.15)


def test_a_gain_is_told_beside_the_share_of_surprise_that_it_takes():
    found = gains(made([-0.5, -0.1], [-2.0, -0.4]), {"x": np.tile([True, False], 40)}, rng())[0]
    assert (found.own, found.another) == (-0.5, -2.0)
    assert found.over_another.value == pytest.approx(1.5)
    assert found.resolved.value == pytest.approx(0.75)


def heard(own, another) -> Listening:
    return listening(made(own, another), rng())


def test_a_model_that_memorises_the_opening_is_told_from_one_that_holds_the_whole():
    opening = heard([-0.1, -0.1, -0.1, -3, -3, -0.1], [-3, -3, -3, -3, -3, -0.1])
    assert opening_finding(opening).startswith("The opening is what z holds")
    whole = heard([-0.1, -0.1, -0.1, -0.05, -0.05, -0.1], [-6, -6, -6, -2, -2, -0.1])
    assert whole.opening.over_another.value > whole.rest.over_another.value
    assert opening_finding(whole).startswith("z holds more than the opening")


def test_the_end_tells_of_the_length():
    assert "when to stop" in length_finding(heard([-1.0, -0.1], [-1.0, -2.0]))
    assert "says nothing" in length_finding(heard([-1.0, -0.01], [-1.0, -0.02]))
    assert "little of the length" in length_finding(heard([-1.0, -1.8], [-1.0, -2.0]))


def test_words_are_banded_by_how_often_they_were_seen():
    scores = made([-1, -1, -1, -1], [-2, -3, -4, -9])
    counts = {f"w{i}": 1_000 - i for i in range(9)} | {"a": 5_000, "b": 1, "x": 2}
    found = {g.name: g for g in vocabulary_gains(scores, counts, rng())}
    assert set(found) == {"rank:1-10", "rank:11-30", "rank:none"}
    assert [g.title for g in found.values()] == [
        "10 most frequent",
        "rank 11 to 30",
        "not seen there",
    ]
    assert found["rank:1-10"].over_another.value == pytest.approx(1)
    assert found["rank:11-30"].over_another.value == pytest.approx(2)
    assert found["rank:none"].over_another.value == pytest.approx(3)  # and never the end


def test_words_of_a_factor_are_those_that_its_finder_points_to():
    scores = made([-1, -1, -1], [-3, -2, -1])

    def words_of(sentence: str) -> dict[str, tuple[int, ...]]:
        return {"first": (0,), "both": (0, 1), "never": ()}

    found: dict[str, Gain] = {g.name: g for g in factor_gains(scores, ["s"] * 40, words_of, rng())}
    assert found["first"].over_another.value == pytest.approx(2)
    assert found["both"].over_another.value == pytest.approx(1.5)
    assert "never" not in found


def test_sentences_without_a_second_one_cannot_be_heard(listens):
    with pytest.raises(UserError, match="must differ"):
        score(listens, [corpus().sentences[0]] * 3, 0)
