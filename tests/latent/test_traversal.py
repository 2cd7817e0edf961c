"""What changes along a dimension, on a decoder in which each dimension writes one word."""

import pytest
import torch

from vae.diagnostics.label_reader import LabelReader
from vae.latent.traversal import along_each_dimension, along_random_directions, between


class Writer:
    """The sign of dimension 0 is the tense, that of 1 the mood, 2 is not read at all."""

    latent_dim = 3

    def decode(self, z):
        return [
            f"{'will' if row[0] > 0 else 'did'} {'ask' if row[1] > 0 else 'say'}"
            for row in z.tolist()
        ]


def read(sentences):
    return [{"tense": s.split()[0], "mood": s.split()[1]} for s in sentences]


READER = LabelReader("grammar", ("tense", "mood"), read)
Z = torch.randn(60, 3, generator=torch.Generator().manual_seed(0))


def test_each_dimension_changes_its_own_word_and_no_other():
    tense, mood, unread = along_each_dimension(Writer(), READER, Z)
    assert (tense.labels["tense"].value, tense.labels["mood"].value) == (1.0, 0.0)
    assert (mood.labels["tense"].value, mood.labels["mood"].value) == (0.0, 1.0)
    assert (tense.same.value, unread.same.value) == (0.0, 1.0)
    assert tense.labels["tense"].low < 1.0  # sixty sentences do not prove it of all
    assert tense.readable == 60


def test_all_else_stays_where_the_sentence_has_it():
    seen = []

    class Watching(Writer):
        def decode(self, z):
            seen.append(z)
            return super().decode(z)

    along_each_dimension(Watching(), READER, Z)
    low, high = seen[2], seen[3]  # dimension 1
    assert torch.equal(low[:, [0, 2]], Z[:, [0, 2]])
    assert (low[:, 1] == -2).all()
    assert (high[:, 1] == 2).all()


def test_the_control_goes_as_far_and_is_the_same_for_the_same_seed():
    def control(seed):
        return along_random_directions(Writer(), READER, Z, torch.Generator().manual_seed(seed))

    assert control(1) == control(1)
    assert 0.1 < control(1).labels["tense"].value < 0.9


def test_sentences_that_cannot_be_read_are_not_counted():
    half = LabelReader(
        "grammar",
        ("tense",),
        lambda said: [None if "ask" in s else {"tense": s.split()[0]} for s in said],
    )
    low, high = Z.clone(), Z.clone()
    low[:, 0], high[:, 0] = -1, 1
    found = between(Writer(), half, low, high)
    assert found.readable == int((Z[:, 1] <= 0).sum())
    assert found.labels["tense"].n == found.readable


def test_where_nothing_can_be_read_nothing_is_said_of_labels():
    blind = LabelReader("grammar", ("tense",), lambda said: [None] * len(said))
    found = between(Writer(), blind, Z, Z)
    assert found.labels == {}
    assert found.same.value == pytest.approx(1.0)
