"""Batches of one length, by a budget of tokens."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import corpus, encoded, tokenizer
from vae.batching import (
    batch_sizes,
    count_batches,
    group_by_length,
    ordered_batches,
    shuffled_batches,
)

# Every sentence is told from every other by its first token.
ids = st.lists(st.integers(1, 12), max_size=40).map(
    lambda lengths: [[i, *([0] * (n - 1))] for i, n in enumerate(lengths)]
)
budgets = st.integers(1, 64)
seeds = st.integers(0, 2**31)


def epoch_of(sentences, budget, seed, epoch):
    groups = group_by_length(sentences)
    return [groups.tokens[g][rows] for g, rows in shuffled_batches(groups, budget, seed, epoch)]


@given(ids)
def test_grouping_keeps_every_sentence_with_its_number(sentences):
    groups = group_by_length(sentences)
    assert len(groups) == len(sentences)
    assert groups.n_tokens == sum(map(len, sentences))
    found = {
        int(row): tokens.tolist()
        for rows, block in zip(groups.rows, groups.tokens, strict=True)
        for row, tokens in zip(rows, block, strict=True)
    }
    assert found == dict(enumerate(sentences))


@given(ids, budgets, seeds, st.integers(0, 50))
def test_an_epoch_holds_every_sentence_once(sentences, budget, seed, epoch):
    seen = Counter(
        int(row[0]) for batch in epoch_of(sentences, budget, seed, epoch) for row in batch
    )
    assert seen == Counter(range(len(sentences)))


@given(ids, budgets, seeds)
def test_a_batch_keeps_to_the_budget_unless_one_sentence_exceeds_it(sentences, budget, seed):
    for batch in epoch_of(sentences, budget, seed, 0):
        assert batch.numel() <= budget or len(batch) == 1


@given(ids, budgets, seeds)
def test_a_batch_has_sentences_of_one_length(sentences, budget, seed):
    lengths = dict(enumerate(map(len, sentences)))
    for batch in epoch_of(sentences, budget, seed, 0):
        assert {lengths[int(row[0])] for row in batch} == {batch.shape[1]}


@given(ids, budgets, seeds, st.integers(0, 9))
def test_the_batches_are_counted_before_they_are_made(sentences, budget, seed, epoch):
    groups = group_by_length(sentences)
    assert count_batches(groups, budget) == len(shuffled_batches(groups, budget, seed, epoch))
    assert count_batches(groups, budget) == len(list(ordered_batches(groups, budget)))


@given(ids, budgets)
def test_ordered_batches_give_all_sentences_with_their_numbers_shortest_first(sentences, budget):
    batches = list(ordered_batches(group_by_length(sentences), budget))
    seen = {
        int(row): line.tolist()
        for rows, tokens in batches
        for row, line in zip(rows, tokens, strict=True)
    }
    assert seen == dict(enumerate(sentences))
    lengths = [tokens.shape[1] for _, tokens in batches]
    assert lengths == sorted(lengths)


def test_the_order_of_an_epoch_is_a_function_of_seed_and_epoch_alone():
    def order(seed, epoch):
        np.random.seed(seed + 17)  # noqa: NPY002 - the global state must play no part
        return [(g, r.tolist()) for g, r in shuffled_batches(encoded(), 128, seed, epoch)]

    assert order(3, 5) == order(3, 5)
    assert order(3, 5) != order(3, 6)
    assert order(3, 5) != order(4, 5)


def test_lengths_are_mixed_within_an_epoch():
    lengths = [g for g, _ in shuffled_batches(encoded(), 128, 0, 0)]
    assert lengths != sorted(lengths)


def test_a_group_fills_its_batches_but_the_last():
    for size, tokens in zip(batch_sizes(encoded(), 128), encoded().tokens, strict=True):
        assert (size + 1) * tokens.shape[1] > 128


def test_no_sentence_makes_no_batch():
    nothing = group_by_length([])
    assert len(nothing) == nothing.n_tokens == count_batches(nothing, 100) == 0
    assert list(ordered_batches(nothing, 100)) == shuffled_batches(nothing, 100, 0, 0) == []


def test_real_sentences_come_back_from_their_groups():
    words = tokenizer()
    said = [""] * len(encoded())
    for rows, tokens in ordered_batches(encoded(), 256):
        for row, ids in zip(rows, tokens.tolist(), strict=True):
            said[row] = words.decode(ids[:-1])
    assert tuple(said) == corpus().sentences
