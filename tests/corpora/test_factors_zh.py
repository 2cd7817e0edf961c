"""The `factors-zh` language: exact inverses, natural Chinese, words that are found again."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vae.config import DataConfig
from vae.corpora import load
from vae.corpora.corpus import Corpus
from vae.corpora.factors_zh import CHINESE, generate, parse, render, words_of
from vae.corpora.lexicon_zh import DEGREES, SUBJECTS, TIMES, TOPICS, WORDS, adjectives
from vae.errors import UserError
from vae.tokenizer import Tokenizer

FACTORS = CHINESE.slots.values
SENTENCE = "那些孩子昨天没在公园练那套特别有趣的拳。"


@st.composite
def factors(draw: st.DrawFn) -> dict[str, str]:
    """Any valid combination, built from the tables and not from the sampler under test."""
    subject = draw(st.sampled_from(SUBJECTS))
    tense = draw(st.sampled_from(FACTORS["tense"]))
    sentiment = draw(st.sampled_from(FACTORS["sentiment"]))
    name = draw(st.sampled_from(FACTORS["topic"]))
    topic = TOPICS[name]
    noun = draw(st.sampled_from(list(topic.objects)))
    return {
        "subject": subject.name,
        "person": subject.person,
        "number": subject.number,
        "tense": tense,
        "polarity": draw(st.sampled_from(FACTORS["polarity"])),
        "mood": draw(st.sampled_from(FACTORS["mood"])),
        "sentiment": sentiment,
        "topic": name,
        "degree": draw(st.sampled_from(DEGREES[sentiment])),
        "activity": draw(st.sampled_from(topic.activities)),
        "object": noun,
        "measure": topic.objects[noun],
        "adjective": draw(st.sampled_from(adjectives(name, sentiment))),
        "time": draw(st.sampled_from(TIMES[tense])),
        "place": draw(st.sampled_from(("none", *topic.places))),
    }


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return generate(20_000)


@pytest.fixture(scope="module")
def tokenizer(corpus: Corpus) -> Tokenizer:
    return Tokenizer.train(corpus.sentences, DataConfig(), corpus.lexicon)


def said(sentence: str) -> dict[str, str]:
    found = parse(sentence)
    assert found is not None, sentence
    return dict(found)


# --- render and parse are inverses -----------------------------------------------------------


@given(factors())
@settings(max_examples=500, deadline=None)
def test_parse_undoes_render(f: dict[str, str]) -> None:
    assert parse(render(f)) == f
    assert parse(f" {render(f)}\n".replace("？", "?")) == f


def test_every_sentence_of_a_sample_parses_to_its_labels(corpus: Corpus) -> None:
    rows = zip(*corpus.labels.values(), strict=True)
    for sentence, row in zip(corpus.sentences, rows, strict=True):
        assert said(sentence) == dict(zip(FACTORS, row, strict=True))


@given(factors(), st.integers(0, 20))
@settings(max_examples=200, deadline=None)
def test_swapped_neighbours_and_a_word_twice_are_outside_the_language(f, at) -> None:
    words = words_of(f)
    at %= len(words) - 1
    twice = [*words[:at], words[at], *words[at:]]
    words[at], words[at + 1] = words[at + 1], words[at]
    assert parse("".join(words)) is None
    assert parse("".join(twice)) is None


@given(factors(), st.integers(0, 20))
@settings(max_examples=200, deadline=None)
def test_a_missing_word_is_refused_or_leaves_another_sentence(f, at) -> None:
    words = words_of(f)
    dropped = words.pop(at % len(words))
    found = parse("".join(words))
    optional = {*WORDS[:5], "过", "了", *sum(TIMES.values(), ()), *sum(DEGREES.values(), ())}
    assert found is None or dropped in optional - {"那"}
    assert found is None or "".join(words) == render(found)


# --- the Chinese ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tense", "polarity", "mood", "sentence"),
    [
        ("past", "affirmative", "statement", "她看了那部精彩的电影。"),
        ("past", "affirmative", "question", "她看那部精彩的电影了吗？"),
        ("past", "negative", "statement", "她没看那部精彩的电影。"),
        ("past", "negative", "question", "她没看那部精彩的电影吗？"),
        ("experience", "affirmative", "statement", "她看过那部精彩的电影。"),
        ("experience", "negative", "statement", "她没看过那部精彩的电影。"),
        ("experience", "affirmative", "question", "她看过那部精彩的电影吗？"),
        ("habit", "affirmative", "statement", "她常看那部精彩的电影。"),
        ("habit", "negative", "statement", "她不常看那部精彩的电影。"),
        ("future", "affirmative", "question", "她会看那部精彩的电影吗？"),
        ("future", "negative", "statement", "她不会看那部精彩的电影。"),
    ],
)
def test_particles_adverbs_and_negation_go_together(tense, polarity, mood, sentence) -> None:
    plain = said("她看了那部精彩的电影。")
    assert render(plain | {"tense": tense, "polarity": polarity, "mood": mood}) == sentence


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "。",
        "你好。",
        "那些孩子昨天没在公园练那套特别有趣的拳",
        "那些孩子昨天没在公园练了那套特别有趣的拳。",
        "那些孩子昨天不在公园练那套特别有趣的拳。",
        "那些孩子昨天会在公园练那套特别有趣的拳。",
        "那些孩子明天没在公园练那套特别有趣的拳。",
        "那些孩子昨天没在公园练那套特别有趣的拳吗。",
        "那些孩子昨天没在公园练那套特别有趣的拳？",
        "那些孩子昨天没在公园练那个特别有趣的拳。",
        "那些孩子昨天没在公园练那套有点有趣的拳。",
        "那些孩子昨天没在农场练那套特别有趣的拳。",
        "那位孩子昨天没在公园练那套特别有趣的拳。",
        "那些 孩子昨天没在公园练那套特别有趣的拳。",
        "她没常看那部精彩的电影。",
        "她不看过那部精彩的电影。",
        "她没会看那部精彩的电影。",
        "她看了那部精彩的电影了吗？",
        "她看那部精彩的电影。",
        "她看那部挺无聊的电影了吗？",
    ],
)
def test_what_is_not_natural_or_not_the_language_is_refused(wrong: str) -> None:
    assert parse(SENTENCE) is not None
    assert parse(wrong) is None


def test_every_noun_has_one_measure_word(corpus: Corpus) -> None:
    pairs = set(zip(corpus.labels["object"], corpus.labels["measure"], strict=True))
    assert len(pairs) == len(FACTORS["object"])
    assert CHINESE.slots.together("object", "measure") == pairs
    cat = said("我喂了那只可爱的猫。")
    assert CHINESE.forced(cat, "object", "马") == {"measure"}
    assert render(cat | {"object": "马", "measure": "匹"}) == "我喂了那匹可爱的马。"
    with pytest.raises(UserError, match="No sentence"):
        render(cat | {"object": "马"})


def test_what_a_change_forces_and_what_it_leaves() -> None:
    f = said(SENTENCE)
    assert CHINESE.forced(f, "tense", "future") == {"time"}
    assert CHINESE.forced(f, "mood", "question") == set()
    assert CHINESE.forced(f, "polarity", "affirmative") == set()
    assert CHINESE.forced(f, "sentiment", "negative") == {"adjective"}
    later = CHINESE.next(f, "tense")
    assert later is not None
    assert render(later) == "那些孩子以前没在公园练过那套特别有趣的拳。"


def test_the_words_of_a_factor_are_those_that_another_value_changes(tokenizer) -> None:
    sentence = "你以前没在公园练过那支别扭的舞吗？"
    tokens = tokenizer.tokens(sentence)
    found = CHINESE.words(sentence, lambda s: [*tokenizer.tokens(s), "end"])
    words = {name: [tokens[i] for i in places] for name, places in found.items()}
    assert words["tense"] == ["以前", "没", "过"]
    assert words["polarity"] == ["没"]
    assert words["mood"] == ["吗", "?"]
    assert words["object"] == ["支", "舞"]
    assert words["subject"] == ["你"]
    assert words["degree"] == []


# --- its words --------------------------------------------------------------------------------


def test_the_longest_word_is_the_word_in_every_sentence(corpus, tokenizer) -> None:
    assert tokenizer.scheme == "lexicon"
    assert {*tokenizer.words} == {word.replace("？", "?") for word in WORDS}
    for sentence in corpus.sentences[:5_000]:
        words = words_of(said(sentence))
        assert tokenizer.tokens(sentence) == [word.replace("？", "?") for word in words]
        assert tokenizer.decode(tokenizer.encode(sentence)[:-1]) == sentence


def test_what_is_unknown_is_one_word_up_to_the_next_known_one(tokenizer) -> None:
    typed = "奶奶昨天吃了巧克力蛋糕, hello 2 吗？"
    assert tokenizer.unknown(typed) == ["奶奶", "巧克力", ",", "hello", "2"]


# --- the size of the language -----------------------------------------------------------------


def test_the_language_is_large_and_its_sentences_are_distinct(corpus: Corpus) -> None:
    assert CHINESE.slots.size() == 22 * 4 * 2 * 2 * 2 * 8 * 3 * 2 * 4 * 3 * 4 * 3 > 500_000
    assert len(set(corpus.sentences)) == 20_000
    assert generate(100).sentences == corpus.sentences[:100]
    assert load("factors-zh", n=100, seed=3).digest == generate(100, 3).digest


def test_every_value_occurs_and_none_is_rare(corpus: Corpus) -> None:
    for name, values in FACTORS.items():
        share = {value: n / len(corpus) for value, n in Counter(corpus.labels[name]).items()}
        assert set(share) == set(values)
        assert min(share.values()) > 0.015, name


def test_examples_belong_to_the_language(corpus: Corpus) -> None:
    examples = [said(example) for example in corpus.examples]
    assert len(examples) == len(set(corpus.examples)) == 8
    assert {f["tense"] for f in examples} == set(TIMES)
    assert {f["topic"] for f in examples} == set(TOPICS)


def test_the_first_sentences_never_change() -> None:
    """Latents of shipped runs are matched by digest: a change here needs new runs."""
    assert generate(10_000).digest == "763903950e99ad54c2eb2a3eee08eb33"
