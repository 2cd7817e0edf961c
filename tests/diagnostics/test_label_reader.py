"""What a sentence says, read by the grammar where there is one and by probes elsewhere."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from vae.corpora import factors
from vae.corpora.corpus import Corpus
from vae.corpora.label_ranges import HIGHEST, LOWEST, with_ranges
from vae.diagnostics.label_reader import reader_for, with_length
from vae.models import Posterior

COLOURS = ("red", "blue", "green")


class Colours:
    """A model whose first dimension is the place of the colour that the sentence names."""

    latent_dim = 2

    def encode(self, sentences):
        colour = [COLOURS.index(s.split()[0]) - 1.0 for s in sentences]
        noise = np.random.default_rng(0).normal(size=len(colour))
        mean = torch.tensor(np.stack([colour, noise], axis=1), dtype=torch.float32)
        return Posterior(mean, torch.zeros_like(mean))


def coloured(n):
    said = [COLOURS[i % 3] for i in range(n)]
    return Corpus("colours", tuple(f"{c} it is" for c in said), {"colour": tuple(said)})


def test_the_grammar_reads_every_sentence_of_its_language():
    corpus = factors.generate(50)
    reader = reader_for(Colours(), corpus, corpus)
    assert reader.how == "grammar"
    for i, found in enumerate(reader.read(corpus.sentences)):
        assert {k: found[k] for k in corpus.labels} == {k: v[i] for k, v in corpus.labels.items()}
        assert found["length"] == str(len(corpus.sentences[i].split()))
    assert reader.read(["This is nothing of it.", ""]) == [None, None]


def test_probes_read_what_the_mean_holds():
    reader = reader_for(Colours(), coloured(90), coloured(30))
    assert (reader.how, reader.labels) == ("probes", ("colour", "length"))
    assert reader.accuracy == {"colour": 1.0}
    assert reader.read(["blue sky", "", "green"]) == [
        {"colour": "blue", "length": "2"},
        None,
        {"colour": "green", "length": "1"},
    ]


def test_a_probe_of_a_rare_class_stands_beside_the_majority():
    said = [COLOURS[0] if i % 10 else COLOURS[1] for i in range(100)]
    rare = Corpus("rare", tuple(f"{c} it is" for c in said), {"colour": tuple(said)})
    reader = reader_for(Colours(), rare, rare)
    assert reader.majority == {"colour": 0.9}
    assert reader.accuracy == {"colour": 1.0}


def test_numbers_are_read_by_their_thirds_where_a_corpus_has_ranges():
    plain = coloured(90)
    sizes = tuple(
        str(10 * COLOURS.index(s.split()[0]) + i % 9) for i, s in enumerate(plain.sentences)
    )
    numbers = with_ranges(replace(plain, labels={"size": sizes}))
    reader = reader_for(Colours(), numbers, numbers)
    assert reader.accuracy == {"size": 1.0}
    assert [v["size"] for v in reader.read(["red", "green"])] == [LOWEST, HIGHEST]


def test_a_label_called_length_is_the_corpus_s_own():
    assert with_length({"length": ["long"]}, ["a b"]) == {"length": ["long"]}
    assert with_length({}, ["a b"]) == {"length": ["2"]}


def test_labels_of_one_value_or_of_too_many_have_no_probe():
    n = 90
    corpus = coloured(n)
    labels = {**corpus.labels, "id": tuple(f"row {i}" for i in range(n)), "same": ("x",) * n}
    corpus = Corpus("colours", corpus.sentences, labels)
    assert reader_for(Colours(), corpus, corpus).labels == ("colour", "length")


def test_a_sentence_without_a_value_neither_teaches_nor_tries_a_probe():
    train, held_out = coloured(90), coloured(30)
    hidden = [
        Corpus("hidden", c.sentences, {"colour": ("",) * half + c.labels["colour"][half:], **more})
        for c, half, more in (
            (train, 45, {"shape": ("round", "long") * 45}),
            (held_out, 15, {"shape": ("",) * 30}),
        )
    ]
    reader = reader_for(Colours(), *hidden)
    assert reader.accuracy == {"colour": 1.0}
    assert reader.read(["blue sky"]) == [{"colour": "blue", "length": "2"}]


@pytest.mark.parametrize("sentences", [[], [""], ["", " "]])
def test_nothing_to_read_is_no_fault(sentences):
    reader = reader_for(Colours(), coloured(90), coloured(30))
    assert reader.read(sentences) == [None] * len(sentences)
