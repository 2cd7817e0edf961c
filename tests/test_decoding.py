"""Greedy, sampled and beam search decoding, against the model's own probabilities."""

import itertools
from collections import Counter

import pytest
import torch
from scipy import stats

from tests.fakes import seeded, tiny
from vae import decoding
from vae.errors import UserError
from vae.models import RecurrentVAE
from vae.tokenizer import BOS, EOS, PAD, UNK

SILENT = (PAD, UNK, BOS)
WORDS = (4, 5, 6)
SMALL = len(SILENT) + 1 + len(WORDS)


def small(seed: int = 0, cell: str = "gru", max_length: int = 4, spread: float = 3.0):
    """A model of three words."""
    return tiny(cell, vocabulary_size=SMALL, max_length=max_length, seed=seed, spread=spread)


def latents(n: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(n, 4, generator=seeded(seed))


@torch.inference_mode()
def log_p(model: RecurrentVAE, z: torch.Tensor, said: list[int], length: int) -> float:
    """log p of what was said under the model, if only words and the end can be said.

    A sentence as long as `length` allows was cut, so its end does not count.
    """
    state, token, total = model.start(z[None]), torch.tensor([BOS]), 0.0
    for word in [*said, EOS][:length]:
        logits, state = model.step(token, z[None], state)
        logits[0, list(SILENT)] = float("-inf")
        total += float(logits[0].log_softmax(-1)[word])
        token = torch.tensor([word])
    return total


def every_sentence(length: int) -> list[list[int]]:
    return [list(s) for n in range(length + 1) for s in itertools.product(WORDS, repeat=n)]


@torch.inference_mode()
@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_greedy_takes_the_most_probable_word_at_every_step(cell):
    model, z = small(cell=cell, max_length=9), latents(12)
    for said, row in zip(decoding.greedy(model, z), z, strict=True):
        state, token = model.start(row[None]), torch.tensor([BOS])
        expected: list[int] = []
        while len(expected) < 9:
            logits, state = model.step(token, row[None], state)
            allowed = [w for w in range(SMALL) if w not in SILENT]
            best = max(allowed, key=lambda w: float(logits[0, w]))
            if best == EOS:
                break
            expected.append(best)
            token = torch.tensor([best])
        assert said == expected


@pytest.mark.parametrize("seed", range(4))
def test_a_beam_of_one_is_greedy(seed):
    model, z = small(seed, max_length=8), latents(10, seed)
    assert decoding.beam(model, z, width=1) == decoding.greedy(model, z)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_a_wide_beam_finds_the_best_of_all_sentences(seed, cell):
    model, z = small(seed, cell, max_length=3), latents(3, seed)
    for said, row in zip(decoding.beam(model, z, width=64), z, strict=True):
        best = max(log_p(model, row, s, 3) for s in every_sentence(3))
        assert log_p(model, row, said, 3) == pytest.approx(best, abs=1e-4)


def test_the_best_of_a_wide_beam_is_at_least_as_probable_as_greedy():
    model, z = small(1, max_length=6), latents(20, 1)
    greedy, beam = decoding.greedy(model, z), decoding.beam(model, z, width=200)
    for row, a, b in zip(z, greedy, beam, strict=True):
        assert log_p(model, row, b, 6) >= log_p(model, row, a, 6) - 1e-5
    assert greedy != beam


def test_a_beam_wider_than_the_vocabulary_works():
    model, z = small(max_length=2), latents(2)
    assert all(set(said) <= set(WORDS) for said in decoding.beam(model, z, width=500))


@torch.inference_mode()
@pytest.mark.parametrize("temperature", [1.0, 0.5, 2.0])
def test_words_are_sampled_as_often_as_the_model_says(temperature):
    model, n = small(spread=2.0), 20_000
    z = latents(1)
    logits, _ = model.step(torch.tensor([BOS]), z, model.start(z))
    logits[0, list(SILENT)] = float("-inf")
    expected = (logits[0] / temperature).softmax(-1)
    said = decoding.sample(model, z.expand(n, -1), seeded(3), temperature, max_length=1)
    counts = Counter(s[0] if s else EOS for s in said)
    found = [counts[w] for w in (EOS, *WORDS)]
    assert sum(found) == n
    theory = [float(expected[w]) * n for w in (EOS, *WORDS)]
    assert stats.chisquare(found, theory, sum_check=False).pvalue > 1e-3


def test_whole_sentences_are_sampled_as_often_as_the_model_says():
    model, z, n = small(2, max_length=2, spread=1.5), latents(1, 2), 20_000
    counts = Counter(map(tuple, decoding.sample(model, z.expand(n, -1), seeded(4))))
    sentences = every_sentence(2)
    p = torch.tensor([log_p(model, z[0], s, 2) for s in sentences]).double().exp()
    assert float(p.sum()) == pytest.approx(1.0, abs=1e-5)
    found = [counts[tuple(s)] for s in sentences]
    assert sum(found) == n
    assert stats.chisquare(found, (p / p.sum() * n).tolist()).pvalue > 1e-3


def test_same_seed_same_text_and_another_seed_another_text():
    model, z = small(spread=1.0, max_length=12), latents(20)
    first = decoding.sample(model, z, seeded(1))
    assert first == decoding.sample(model, z, seeded(1))
    assert first != decoding.sample(model, z, seeded(2))


def test_a_row_is_sampled_alike_whatever_the_other_rows_say():
    model, z = small(spread=1.0, max_length=12), latents(20)
    others = torch.cat([z[:10], latents(10, seed=9)])
    first = decoding.sample(model, z, seeded(1))
    assert first[:10] == decoding.sample(model, others, seeded(1))[:10]
    assert len({len(s) for s in first}) > 2


@pytest.mark.parametrize("method", ["greedy", "beam"])
def test_every_row_ends_at_its_own_end(method):
    decode = {"greedy": decoding.greedy, "beam": lambda m, z: decoding.beam(m, z, 3)}[method]
    found = set()
    for seed in range(6):
        model, z = small(seed, max_length=12), 2 * latents(16, seed)
        together = decode(model, z)
        assert together == [decode(model, z[i : i + 1])[0] for i in range(len(z))]
        found |= {len(s) for s in together}
    assert len(found) > 2  # rows of different lengths were among them


@pytest.mark.parametrize("length", [1, 3, 7])
def test_the_longest_length_is_respected(length):
    model, z = tiny(spread=0.1), latents(8)
    # With near uniform words the end of the sentence hardly ever comes.
    for said in (
        decoding.greedy(model, z, max_length=length),
        decoding.sample(model, z, seeded(), max_length=length),
        decoding.beam(model, z, 3, max_length=length),
    ):
        assert max(map(len, said)) <= length
    assert max(map(len, decoding.sample(model, z, seeded(), max_length=length))) == length


def test_the_model_says_how_long_a_sentence_may_be():
    model = tiny(spread=0.1, max_length=6)
    assert max(map(len, decoding.sample(model, latents(20), seeded()))) == 6


def test_tokens_that_stand_for_no_word_are_never_said():
    model = small(max_length=6)
    with torch.no_grad():
        model.output_bias[list(SILENT)] = 50.0  # the model itself would say nothing else
    z = latents(30)
    for said in (
        decoding.greedy(model, z),
        decoding.sample(model, z, seeded()),
        decoding.beam(model, z, 4),
    ):
        assert {w for s in said for w in s} <= set(WORDS)


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("nan"), float("inf")])
def test_a_temperature_that_is_no_positive_number_is_refused(temperature):
    with pytest.raises(UserError, match="temperature"):
        decoding.sample(small(), latents(1), seeded(), temperature)


@pytest.mark.parametrize("temperature", [1e-3, 1e-30, 1e-310])
def test_a_vanishing_temperature_is_greedy(temperature):
    model, z = small(max_length=8), latents(10)
    assert decoding.sample(model, z, seeded(), temperature) == decoding.greedy(model, z)


def test_a_high_temperature_makes_all_words_alike():
    model, n = small(), 8_000
    said = decoding.sample(model, latents(1).expand(n, -1), seeded(), 1e9, max_length=1)
    counts = Counter(s[0] if s else EOS for s in said)
    assert stats.chisquare([counts[w] for w in (EOS, *WORDS)]).pvalue > 1e-3


@pytest.mark.parametrize("width", [0, -3])
def test_a_beam_without_width_is_refused(width):
    with pytest.raises(UserError, match="at least 1"):
        decoding.beam(small(), latents(1), width)


def test_no_latent_gives_no_sentence():
    model, z = small(), torch.zeros(0, 4)
    assert decoding.greedy(model, z) == []
    assert decoding.sample(model, z, seeded()) == []
    assert decoding.beam(model, z) == []


def test_far_latents_are_decoded_without_a_fault():
    z = 1e6 * latents(4)
    for said in (
        decoding.greedy(small(), z),
        decoding.sample(small(), z, seeded()),
        decoding.beam(small(), z),
    ):
        assert {w for s in said for w in s} <= set(WORDS)


def test_the_language_model_says_the_same_greedily_and_different_things_when_sampled():
    model = tiny("lstm", 0, vocabulary_size=SMALL, max_length=6)
    z = torch.zeros(12, 0)
    assert len(set(map(tuple, decoding.greedy(model, z)))) == 1
    assert len(set(map(tuple, decoding.sample(model, z, seeded())))) > 3
