"""What the words' frequencies alone cost, against a direct computation and against entropy."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import corpus, tokenizer
from vae.diagnostics.unigram import Unigram
from vae.errors import UserError

sentences = st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=8), min_size=1, max_size=20)


def test_the_cost_of_a_sentence_is_what_is_computed_by_hand():
    frequencies = Unigram.of([["a", "b", "end"], ["a", "end"]], vocabulary=4)
    # a: 2 of 5 tokens, b: 1, end: 2; one added to each, and to a fourth that is never seen
    assert frequencies.nats(["a", "end"]) == pytest.approx(-2 * math.log(3 / 9))
    assert frequencies.nats(["b", "c", "end"]) == pytest.approx(
        -math.log(2 / 9) - math.log(1 / 9) - math.log(3 / 9)
    )


def test_without_a_vocabulary_there_is_one_token_for_all_others():
    frequencies = Unigram.of([["a", "b"]])
    assert sum(math.exp(-frequencies.nats([t])) for t in ("a", "b", "another")) == pytest.approx(1)


@given(sentences, st.integers(10, 50))
def test_the_probabilities_of_all_tokens_add_up_to_one(text, vocabulary):
    frequencies = Unigram.of(text, vocabulary)
    each = [math.exp(-frequencies.nats([token])) for token in range(vocabulary)]
    assert sum(each) == pytest.approx(1)


@given(sentences)
def test_a_cost_is_the_sum_over_tokens_whatever_their_order(text):
    frequencies = Unigram.of(text, 10)
    whole = [t for tokens in text for t in tokens]
    assert sum(map(frequencies.nats, text)) == pytest.approx(frequencies.nats(sorted(whole)))


def test_of_much_text_a_token_costs_the_entropy_of_their_frequencies():
    rng = np.random.default_rng(0)
    shares = np.array([0.5, 0.25, 0.125, 0.125])
    text = [rng.choice(4, 20, p=shares).tolist() for _ in range(5_000)]
    entropy = -float((shares * np.log(shares)).sum())
    frequencies = Unigram.of(text, 4)
    cost = np.mean([frequencies.nats(s) for s in text]) / 20
    assert cost == pytest.approx(entropy, abs=0.01)


def test_of_real_text_it_is_what_numpy_counts():
    ids = tokenizer().encode_batch(corpus().sentences)
    train, test = ids[:400], ids[400:]
    counts = Counter(t for s in train for t in s)
    smoothed = np.array([counts[i] + 1 for i in range(len(tokenizer()))])
    log_p = np.log(smoothed / smoothed.sum())
    frequencies = Unigram.of(train, len(tokenizer()))
    for sentence in test:
        assert frequencies.nats(sentence) == pytest.approx(-log_p[sentence].sum())


@pytest.mark.parametrize(("text", "vocabulary"), [([], None), ([[]], 4)])
def test_a_text_without_a_token_has_no_frequencies(text, vocabulary):
    with pytest.raises(UserError, match="at least one token"):
        Unigram.of(text, vocabulary)
