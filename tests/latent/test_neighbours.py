"""The nearest sentences are different ones, however often one of them is written."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae.corpora.corpus import sentence_key
from vae.latent.neighbours import nearest_sentences

POINTS = np.array([[0.0, 0.0], [1.0, 0.0], [3.0, 0.0], [7.0, 0.0]], dtype=np.float32)
SAID = ("Go.", "Stay.", "Wait.", "Run.")


def asked(sentences, means, k, z=POINTS[:1]):
    keys = np.array([sentence_key(s) for s in sentences], dtype=np.uint64)
    rows, distances = nearest_sentences(z, means, sentences, keys, k)
    return [sentences[i] for i in rows[0]], rows, distances


def test_copies_stand_for_one_sentence():
    sentences, means = SAID * 200, np.tile(POINTS, (200, 1))
    found, rows, distances = asked(sentences, means, 3)
    assert found == ["Go.", "Stay.", "Wait."]
    assert rows[0].tolist() == [0, 1, 2]
    assert distances[0] == pytest.approx([0, 1, 3])


def test_of_two_spellings_the_nearer_stands_for_both():
    sentences = ("GO.", "Go.", "Stay.", "go.")
    found, _, distances = asked(sentences, POINTS, 5, z=POINTS[1:2])
    assert found == ["Go.", "Stay."]
    assert distances[0] == pytest.approx([0, 2])


@given(st.lists(st.sampled_from(["a", "A", "b", "c", " c", "d"]), min_size=1), st.integers(1, 6))
def test_the_nearest_are_different_and_as_many_as_there_are(sentences, k):
    rng = np.random.default_rng(len(sentences))
    place = {s: rng.normal(size=3) for s in dict.fromkeys(sentences)}
    means = np.array([place[s] for s in sentences], dtype=np.float32)
    found, _, distances = asked(sentences, means, k, z=np.zeros((1, 3), np.float32))
    different = {s.strip().lower() for s in sentences}
    assert len({s.strip().lower() for s in found}) == len(found) == min(k, len(different))
    assert (np.diff(distances[0]) >= 0).all()
    best = sorted(
        min(np.linalg.norm(place[s]) for s in place if s.strip().lower() == d) for d in different
    )
    assert distances[0] == pytest.approx(best[: len(found)], abs=1e-5)
