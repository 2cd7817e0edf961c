"""The `factors` language: exact inverses, correct English, a size that can be counted."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vae.corpora.corpus import Corpus
from vae.corpora.factors import (
    FACTOR_NAMES,
    FACTOR_VALUES,
    Factors,
    generate,
    language_size,
    parse,
    render,
)
from vae.corpora.lexicon import ATTITUDES, SUBJECTS, TIMES, TOPICS, adjectives, places
from vae.errors import UserError

SENTENCE = "Those children did not enjoy eating the tasty soup at the cafe yesterday."


@st.composite
def factors(draw: st.DrawFn) -> Factors:
    """Any valid combination, built from the tables and not from the sampler under test."""
    subject = draw(st.sampled_from(SUBJECTS))
    tense = draw(st.sampled_from(FACTOR_VALUES["tense"]))
    polarity = draw(st.sampled_from(FACTOR_VALUES["polarity"]))
    sentiment = draw(st.sampled_from(FACTOR_VALUES["sentiment"]))
    topic = draw(st.sampled_from(FACTOR_VALUES["topic"]))
    return Factors(
        subject=subject.name,
        person=subject.person,
        number=subject.number,
        tense=tense,
        polarity=polarity,
        mood=draw(st.sampled_from(FACTOR_VALUES["mood"])),
        sentiment=sentiment,
        topic=topic,
        attitude=draw(st.sampled_from(ATTITUDES[sentiment][polarity])),
        activity=draw(st.sampled_from(TOPICS[topic].activities)),
        object=draw(st.sampled_from(TOPICS[topic].objects)),
        adjective=draw(st.sampled_from(adjectives(topic, sentiment))),
        time=draw(st.sampled_from(TIMES[tense])),
        place=draw(st.sampled_from(places(topic))),
    )


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return generate(20_000)


def read(sentence: str) -> Factors:
    parsed = parse(sentence)
    assert parsed is not None, sentence
    return parsed


# --- render and parse are inverses -----------------------------------------------------------


@given(factors())
@settings(max_examples=300, deadline=None)
def test_parse_undoes_render(f: Factors) -> None:
    assert parse(render(f)) == f


def test_every_sentence_of_a_sample_parses_to_its_labels(corpus: Corpus) -> None:
    rows = zip(*(corpus.labels[name] for name in FACTOR_NAMES), strict=True)
    for sentence, row in zip(corpus.sentences, rows, strict=True):
        assert read(sentence) == Factors(*row)


@given(factors())
@settings(max_examples=100, deadline=None)
def test_letter_case_and_surrounding_space_do_not_matter(f: Factors) -> None:
    sentence = render(f)
    assert parse(sentence.lower()) == parse(f"  {sentence.upper()}\n") == f


@given(factors(), st.integers(0, 12))
@settings(max_examples=200, deadline=None)
def test_swapped_neighbours_are_outside_the_language(f: Factors, at: int) -> None:
    sentence = render(f)
    words = sentence[:-1].split()
    at %= len(words) - 1
    words[at], words[at + 1] = words[at + 1], words[at]
    assert parse(" ".join(words) + sentence[-1]) is None


@given(factors(), st.integers(0, 13), st.sampled_from(["the", "soup", "she", "gladly", "xyzzy"]))
@settings(max_examples=200, deadline=None)
def test_an_extra_word_is_refused(f: Factors, at: int, extra: str) -> None:
    words = render(f)[:-1].split()
    words.insert(1 + at % len(words), extra)
    assert parse(" ".join(words) + render(f)[-1]) is None


@given(factors(), st.integers(0, 13))
@settings(max_examples=200, deadline=None)
def test_a_missing_word_is_refused(f: Factors, at: int) -> None:
    words = render(f)[:-1].split()
    dropped = words.pop(at % len(words)).lower()
    parsed = parse(" ".join(words) + render(f)[-1])
    # These alone can leave another sentence behind: "They [will] love ...", "I did [not] ...".
    optional = {"will", "not", "yesterday", "tomorrow", "nearby", "abroad"}
    assert parsed is None or dropped in optional


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        " ",
        ".",
        "?",
        "Hello.",
        "Those children did not enjoy eating tasty soup at the cafe yesterday.",
        "Children did not enjoy eating the tasty soup at the cafe yesterday.",
        "Those children did not enjoy eating the tasty soup at cafe yesterday.",
        "Those children did not enjoy eating the tasty soup at the cafe tomorrow.",
        "Those children did not enjoy eating the tasty soup at the cafe every day.",
        "Those children did not enjoyed eating the tasty soup at the cafe yesterday.",
        "Those children did not enjoy eat the tasty soup at the cafe yesterday.",
        "Those children did not enjoy eating the tasty soup at the cafe yesterday",
        "Those children did not enjoy eating the tasty soup at the cafe yesterday?",
        "Those children did not enjoy eating the tasty soup at the cafe yesterday .",
        "Those children did not  enjoy eating the tasty soup at the cafe yesterday.",
        "Those children did not enjoy eating the tasty soup at the cafe yesterday yesterday.",
        "Those children did not enjoy eating the tasty soup at the cafe yesterday..",
        "Those children did not not enjoy eating the tasty soup at the cafe yesterday.",
        "Those children did not enjoy eating the tasty song at the cafe yesterday.",
        "Those children did not enjoy eating the catchy soup at the cafe yesterday.",
        "Those children did not enjoy eating the bland soup at the cafe yesterday.",
        "Those children did not enjoy eating the tasty soup in the library yesterday.",
        "Those children did not gladly eat the tasty soup at the cafe yesterday.",
        "The childs did not enjoy eating the tasty soup at the cafe yesterday.",
        "She love cooking the tasty soup.",
        "They loves cooking the tasty soup.",
        "She do not love cooking the tasty soup.",
        "Do she love cooking the tasty soup?",
        "Does they love cooking the tasty soup?",
        "Does she loves cooking the tasty soup?",
        "She loves cooking the tasty soup in his kitchen.",
        "She loves cooking the tasty soup in my kitchen.",
        "She gladly goed to the noisy castle.",
        "She gladly went the peaceful castle.",
        "We will loved cooking the tasty soup.",
        "We will love cooking the tasty soup last week.",
    ],
)
def test_what_is_not_english_or_not_the_language_is_refused(wrong: str) -> None:
    assert parse(SENTENCE) is not None
    assert parse(wrong) is None


# --- the English ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "third", "past", "rest"),
    [
        ("eat", "eats", "ate", "the tasty soup"),
        ("sing", "sings", "sang", "the catchy song"),
        ("write", "writes", "wrote", "the witty poem"),
        ("see", "sees", "saw", "the exciting film"),
        ("run", "runs", "ran", "the friendly race"),
        ("grow", "grows", "grew", "the healthy roses"),
        ("go", "goes", "went", "to the peaceful island"),
        ("feed", "feeds", "fed", "the gentle pony"),
        ("brush", "brushes", "brushed", "the gentle pony"),
        ("watch", "watches", "watched", "the brilliant drama"),
    ],
)
def test_verb_forms(base: str, third: str, past: str, rest: str) -> None:
    for sentence, tense in {
        f"I gladly {base} {rest}.": "present",
        f"She gladly {third} {rest}.": "present",
        f"She gladly {past} {rest}.": "past",
        f"Did she gladly {base} {rest}?": "past",
        f"Does she gladly {base} {rest}?": "present",
        f"She will gladly {base} {rest}.": "future",
    }.items():
        assert (read(sentence).activity, read(sentence).tense) == (base, tense)


@pytest.mark.parametrize(
    ("singular", "plural"),
    [("child", "children"), ("woman", "women"), ("man", "men"), ("teacher", "teachers")],
)
def test_nouns_agree_with_their_verbs(singular: str, plural: str) -> None:
    one = read(f"That {singular} hates brushing the smelly pony.")
    many = read(f"Those {plural} hate brushing the smelly pony.")
    assert (one.subject, one.number, many.number) == (singular, "singular", "plural")
    assert replace(one, number="plural") == many
    assert parse(f"That {singular} hate brushing the smelly pony.") is None
    assert parse(f"Those {plural} hates brushing the smelly pony.") is None


def test_spacing_capitals_and_words_suit_a_word_level_tokenizer(corpus: Corpus) -> None:
    for sentence in corpus.sentences:
        assert sentence[0].isupper()
        assert sentence[-1] in ".?"
        assert all(word.isascii() and word.isalpha() for word in sentence[:-1].split(" "))


def test_sentences_have_4_to_14_words_and_few_forms(corpus: Corpus) -> None:
    words = [sentence[:-1].lower().split() for sentence in corpus.sentences]
    assert min(map(len, words)) >= 4
    assert max(map(len, words)) <= 14
    assert 150 <= len({word for row in words for word in row}) <= 350


def test_the_longest_combination_has_14_words() -> None:
    longest = "Did those teachers not regret cooking the bland soup in their kitchen last weekend?"
    assert parse(longest) is not None
    assert len(longest.split()) == 14


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"subject": "dragon"}, "no subject 'dragon'"),
        ({"person": "first"}, "third person, not first"),
        ({"tense": "pluperfect"}, "no value 'pluperfect'"),
        ({"polarity": "maybe"}, "no value 'maybe'"),
        ({"mood": "order"}, "no value 'order'"),
        ({"sentiment": "mixed"}, "no value 'mixed'"),
        ({"topic": "law"}, "no value 'law'"),
        ({"sentiment": "negative"}, "attitude 'enjoy'"),
        ({"attitude": "gladly"}, "attitude 'gladly'"),
        ({"activity": "sing"}, "activity 'sing'"),
        ({"object": "song"}, "object 'song'"),
        ({"adjective": "bland"}, "adjective 'bland'"),
        ({"time": "tomorrow"}, "time 'tomorrow'"),
        ({"place": "river"}, "place 'river'"),
    ],
)
def test_factors_that_do_not_go_together_are_refused(changes: dict[str, str], message: str) -> None:
    with pytest.raises(UserError, match=message):
        replace(read(SENTENCE), **changes)


# --- the size of the language -----------------------------------------------------------------


def test_language_size_agrees_with_counting_by_hand() -> None:
    """Every topic and tense has as many choices as any other, so one of each tells the rest."""
    assert language_size() == 22 * 3 * 2 * 2 * 2 * 4 * 8 * 2 * 4 * 3 * 4 * 3 > 1_000_000


def test_all_sentences_of_one_subject_and_topic_are_distinct() -> None:
    base = read("She enjoys eating the tasty soup.")
    free = ("polarity", "mood", "sentiment", "attitude", "activity", "object", "adjective", "place")
    fields = {name: FACTOR_VALUES[name] for name in free}
    fields |= {"object": TOPICS["food"].objects, "activity": TOPICS["food"].activities}
    fields |= {"adjective": (*adjectives("food", "positive"), *adjectives("food", "negative"))}
    fields |= {"place": places("food"), "attitude": ("love", "enjoy", "gladly", "hate", "resent")}
    sentences, valid = set(), 0
    for values in product(*fields.values()):
        try:
            sentences.add(render(replace(base, **dict(zip(fields, values, strict=True)))))
        except UserError:
            continue
        valid += 1
    # Attitudes of the five: love, enjoy, gladly / love, enjoy and hate / hate, resent.
    assert len(sentences) == valid == (3 + 2 + 1 + 2) * 2 * 2 * 4 * 3 * 3
