"""A text without labels gets those that a rule reads off it, and gets them again."""

import pytest

from vae import corpora
from vae.corpora.files import read_text
from vae.corpora.labels_by_rule import RULES, fitting, labelled
from vae.errors import UserError

NAMES = {"mood", "polarity", "person", "tense"}
SENTENCES = [
    f"{who} {what} the {thing}."
    for who in ("I", "You", "Nobody", "My aunt")
    for what in ("painted", "paints a picture of", "will paint")
    for thing in ("boat", "house", "garden", "old mill", "bridge")
]
GERMAN = "Meine Tante malte gestern am Fluss ein kleines Bild der alten Brücke."


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "painted.txt"
    file.write_text("\n".join(SENTENCES), encoding="utf-8")
    return file


def test_a_text_has_the_labels_of_its_rule_and_says_which(path):
    corpus = corpora.load(path, labels_by_rule="english")
    assert set(corpus.labels) == NAMES
    assert corpus.labels["tense"][:3] == ("past", "past", "past")
    assert corpus.source["labels_by_rule"] == "english"
    assert set(corpus.types.values()) == {"category"}


def test_the_same_labels_are_made_again_from_the_source(path):
    corpus = corpora.load(path, labels_by_rule="english", n=30, seed=3)
    again = corpora.rebuild(corpus.source)
    assert (again.digest, again.labels) == (corpus.digest, corpus.labels)


def test_a_column_of_the_file_keeps_its_values(tmp_path):
    file = tmp_path / "own.csv"
    rows = [f"{sentence},{i % 2}x" for i, sentence in enumerate(SENTENCES)]
    file.write_text("\n".join(["text,tense", *rows]), encoding="utf-8")
    corpus = corpora.load(file, labels_by_rule="english")
    assert set(corpus.labels["tense"]) == {"0x", "1x"}
    assert set(corpus.labels) == NAMES
    assert corpora.rebuild(corpus.source).digest == corpus.digest


def test_without_a_rule_a_corpus_stays_as_it_is(path):
    corpus = corpora.load(path)
    assert labelled(corpus, None) is corpus
    assert not corpus.labels


def test_a_rule_that_there_is_not_is_refused_with_those_that_there_are():
    with pytest.raises(UserError, match=r"no rule 'klingon'.*english"):
        labelled(read_text("\n".join(SENTENCES)), "klingon")


def test_what_has_its_own_labels_takes_none_by_rule():
    with pytest.raises(UserError, match="'factors' is none"):
        corpora.load("factors", n=60, labels_by_rule="english")


def test_the_rule_of_a_language_is_offered_for_that_language_alone():
    assert fitting(SENTENCES) == "english"
    assert fitting([GERMAN] * 9) is None
    assert fitting(["我 昨天 在 河边 画 了 一 张 画 。"]) is None
    assert fitting([]) is None
    assert all(rule in RULES for rule in [fitting(SENTENCES)])
