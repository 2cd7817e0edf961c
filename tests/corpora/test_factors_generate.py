"""Drawing from the `factors` language: reproducible, distinct, balanced, a prefix of itself."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from vae.corpora.corpus import Corpus
from vae.corpora.factors import (
    ENGLISH,
    FACTOR_NAMES,
    FACTOR_VALUES,
    generate,
    language_size,
    parse,
    render,
    sample_factors,
)
from vae.corpora.lexicon import SUBJECTS, TIMES, TOPICS
from vae.errors import UserError

MEASUREMENTS = Path(__file__).resolve().parents[2] / "assets" / "docs" / "measurements.md"


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return generate(20_000)


def test_generate_is_deterministic_distinct_and_seeded(corpus: Corpus) -> None:
    assert generate(20_000).digest == corpus.digest
    assert len(set(corpus.sentences)) == len(corpus) == 20_000
    assert generate(100, seed=1).sentences != corpus.sentences[:100]
    assert corpus.source == {"kind": "factors", "n": 20_000, "seed": 0}
    assert tuple(corpus.labels) == FACTOR_NAMES


@pytest.mark.parametrize("k", [1, 7, 10_000])
def test_a_small_corpus_is_the_beginning_of_a_large_one(k: int) -> None:
    small, large = generate(k, seed=3), generate(40_000, seed=3)
    assert small.sentences == large.sentences[:k]
    assert all(small.labels[name] == large.labels[name][:k] for name in FACTOR_NAMES)


@pytest.mark.parametrize("n", [0, -1, language_size() + 1])
def test_impossible_sizes_are_refused_with_the_limit(n: int) -> None:
    with pytest.raises(UserError, match=f"{language_size():,}"):
        generate(n)


def test_the_first_sentences_never_change() -> None:
    """Latents of shipped runs are matched by digest: a change here needs new runs."""
    assert generate(10_000).digest == "367a1e06e97359a36e5eba580a63eed9"


def test_every_value_occurs_and_none_is_rare(corpus: Corpus) -> None:
    for name in FACTOR_NAMES:
        share = {value: n / len(corpus) for value, n in Counter(corpus.labels[name]).items()}
        assert set(share) == set(FACTOR_VALUES[name])
        assert min(share.values()) > 0.015, name
        assert min(share.values()) * 8 > 1 / len(share) or name == "adjective", name


@pytest.mark.parametrize("name", ["tense", "polarity", "mood", "sentiment", "topic", "activity"])
def test_the_main_factors_are_uniform(corpus: Corpus, name: str) -> None:
    counts = Counter(corpus.labels[name])
    expected = len(corpus) / len(counts)
    assert max(abs(n - expected) for n in counts.values()) < 5 * np.sqrt(expected)


def test_sample_factors_draws_valid_and_varied_sentences() -> None:
    rng = np.random.default_rng(0)
    sampled = [sample_factors(rng) for _ in range(200)]
    assert len(set(sampled)) > 190
    assert all(parse(render(f)) == f for f in sampled)


def test_examples_belong_to_the_language(corpus: Corpus) -> None:
    assert len(corpus.examples) == len(set(corpus.examples)) == 8
    examples = [parse(example) for example in corpus.examples]
    assert None not in examples
    assert {parsed.topic for parsed in examples if parsed} == set(TOPICS)
    assert {parsed.tense for parsed in examples if parsed} == set(TIMES)


def test_the_entropy_of_the_language_is_what_the_documents_say() -> None:
    # All that a sentence chooses is uniform but its subject, and no two choices read alike.
    shares = np.array([subject.weight for subject in SUBJECTS], dtype=float)
    shares /= shares.sum()
    each = language_size() // len(SUBJECTS)
    entropy = float(-(shares * np.log(shares)).sum() + np.log(each))
    drawn = ENGLISH.slots.sample(np.random.default_rng(0), 200_000)
    surprise = -np.log(shares[drawn // each] / each)
    assert surprise.mean() == pytest.approx(entropy, abs=4 * surprise.std() / len(drawn) ** 0.5)
    assert np.unique(drawn % each, return_counts=True)[1].max() < 10
    assert f"entropy of the language `factors` is {entropy:.2f} nats" in " ".join(
        MEASUREMENTS.read_text(encoding="utf-8").split()
    )
