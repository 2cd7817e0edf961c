"""The corpus type: splits that duplicates cannot straddle, digests, labels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae.corpora.corpus import SPLITS, Corpus, normalise, sentence_key
from vae.errors import UserError

sentences = st.lists(st.text(min_size=1, max_size=20), max_size=60)


def numbered(n: int) -> tuple[str, ...]:
    return tuple(f"This is sentence {i}." for i in range(n))


@given(sentences, st.randoms())
def test_duplicates_never_straddle_a_split(texts, random):
    texts = [*texts, *(f"  {t.upper()} " for t in texts), *texts]
    random.shuffle(texts)
    corpus = Corpus("t", tuple(texts))
    parts: dict[str, set[int]] = {}
    for text, part in zip(texts, corpus.split, strict=True):
        parts.setdefault(normalise(text), set()).add(int(part))
    assert all(len(found) == 1 for found in parts.values())


@given(sentences)
def test_every_sentence_is_in_exactly_one_split(texts):
    corpus = Corpus("t", tuple(texts))
    rows = np.concatenate([corpus.indices(split) for split in SPLITS])
    assert sorted(rows.tolist()) == list(range(len(texts)))


@given(st.sets(st.text(alphabet="abcdefgh ", min_size=3, max_size=12).map(normalise), min_size=50))
def test_a_small_corpus_has_a_sentence_in_every_split(texts):
    corpus = Corpus("t", tuple(sorted(texts)))
    assert all(len(corpus.select(split)) > 0 for split in SPLITS)


def test_a_large_corpus_is_split_eight_to_one_to_one():
    corpus = Corpus("t", numbered(20_000))
    share = [len(corpus.indices(split)) / len(corpus) for split in SPLITS]
    assert share == pytest.approx([0.8, 0.1, 0.1], abs=0.01)


def test_the_split_of_a_sentence_does_not_depend_on_the_rest_of_a_large_corpus():
    whole = Corpus("t", numbered(2_000))
    half = Corpus("t", numbered(2_000)[1_000:])
    assert (whole.split[1_000:] == half.split).all()


@given(st.text(max_size=30))
def test_a_key_ignores_case_and_spacing(text):
    assert sentence_key(f" {text}  ") == sentence_key(text)
    assert sentence_key(normalise(text)) == sentence_key(text)


def test_the_key_of_a_sentence_never_changes():
    assert sentence_key("She does not like it.") == sentence_key("she  DOES not like it. ")
    assert sentence_key("a") == int.from_bytes(bytes.fromhex("40f89e395b66422f"), "big")


@given(sentences)
def test_equal_corpora_have_equal_digests_whatever_their_name(texts):
    assert Corpus("a", tuple(texts)).digest == Corpus("b", tuple(texts)).digest


def test_the_digest_tells_order_sentences_labels_and_their_names_apart():
    values = ("x", "y")
    digests = {
        Corpus("t", ("a", "b")).digest,
        Corpus("t", ("b", "a")).digest,
        Corpus("t", ("a", "c")).digest,
        Corpus("t", ("a", "b"), {"k": values}).digest,
        Corpus("t", ("a", "b"), {"l": values}).digest,
        Corpus("t", ("a", "b"), {"k": ("y", "x")}).digest,
    }
    assert len(digests) == 6


def test_labels_of_another_length_are_refused():
    with pytest.raises(UserError, match=r"'topic' has 1 values for 2 sentences"):
        Corpus("t", ("a", "b"), {"topic": ("x",)})


def test_a_subset_keeps_labels_beside_their_sentences():
    corpus = Corpus("t", numbered(30), {"number": tuple(map(str, range(30)))})
    part = corpus.subset(np.array([7, 3]))
    assert part.sentences == ("This is sentence 7.", "This is sentence 3.")
    assert part.labels["number"] == ("7", "3")


def test_an_empty_corpus_has_empty_splits():
    corpus = Corpus("t", ())
    assert [len(corpus.select(split)) for split in SPLITS] == [0, 0, 0]
