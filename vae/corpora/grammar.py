"""Sentences with known factors: what may be said, how it is written, and how it is read back.

`render` and `parse` are exact inverses: a sentence that `parse` accepts is spelled as `render`
spells it, and every valid `Factors` comes back from its own sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from vae.corpora.lexicon import (
    ADVERBS,
    ATTITUDES,
    MOODS,
    NONE,
    POLARITIES,
    POSSESSIVE,
    SENTIMENTS,
    SUBJECTS,
    TENSES,
    TIMES,
    TOPICS,
    VERBS,
    adjectives,
    places,
)
from vae.errors import UserError
from vae.i18n import Message, enumeration, message

_SUBJECT_OF = {(s.name, s.number): s for s in SUBJECTS}


@dataclass(frozen=True)
class Factors:
    """What a sentence says, as one value for each factor (`FACTOR_VALUES` lists them).

    Sentiment is that of the words, not of the claim: "did not enjoy the tasty soup" is a positive
    sentiment with negative polarity. Person follows from the subject, and so does the number of a
    pronoun; both are fields because both are worth looking for in a latent space.

    Raises:
        UserError: a value that does not exist or does not go with another one.
    """

    subject: str
    person: str
    number: str
    tense: str
    polarity: str
    mood: str
    sentiment: str
    topic: str
    attitude: str
    activity: str
    object: str
    adjective: str
    time: str
    place: str

    def __post_init__(self) -> None:
        problem = _problem(self)
        if problem:
            raise UserError(problem)


FACTOR_NAMES: tuple[str, ...] = tuple(f.name for f in fields(Factors))


def _values() -> dict[str, tuple[str, ...]]:
    """Every value of every factor, in the order of the tables, without repetition."""
    found: dict[str, list[str]] = {
        "subject": [s.name for s in SUBJECTS],
        "person": [s.person for s in SUBJECTS],
        "number": [s.number for s in SUBJECTS],
        "tense": list(TENSES),
        "polarity": list(POLARITIES),
        "mood": list(MOODS),
        "sentiment": list(SENTIMENTS),
        "topic": list(TOPICS),
        "attitude": [a for s in SENTIMENTS for p in POLARITIES for a in ATTITUDES[s][p]],
        "activity": [a for t in TOPICS.values() for a in t.activities],
        "object": [o for t in TOPICS.values() for o in t.objects],
        "adjective": [a for t in TOPICS for s in SENTIMENTS for a in adjectives(t, s)],
        "time": [t for tense in TENSES for t in TIMES[tense]],
        "place": [p for t in TOPICS for p in places(t)],
    }
    return {name: tuple(dict.fromkeys(found[name])) for name in FACTOR_NAMES}


FACTOR_VALUES: Mapping[str, tuple[str, ...]] = _values()


def _problem(f: Factors) -> Message | None:
    """A sentence about the first value that does not fit, None when all do."""
    subject = _SUBJECT_OF.get((f.subject, f.number))
    topic = TOPICS.get(f.topic)
    said = vars(f)
    if subject is None:
        return message("There is no subject '{subject}' in the {number}.", **said)
    if subject.person != f.person:
        return message(
            "The subject '{subject}' is {right} person, not {person}.", right=subject.person, **said
        )
    if topic is None:
        return _unknown("topic", f.topic)
    for name, known in (
        ("tense", TIMES),
        ("sentiment", ATTITUDES),
        ("polarity", POLARITIES),
        ("mood", MOODS),
    ):
        if said[name] not in known:
            return _unknown(name, said[name])
    if f.attitude not in ATTITUDES[f.sentiment][f.polarity]:
        return message(
            "The attitude '{attitude}' does not go with a {sentiment} sentiment in {polarity} "
            "polarity.",
            **said,
        )
    if f.activity not in topic.activities:
        return message("The activity '{activity}' does not belong to the topic '{topic}'.", **said)
    if f.object not in topic.objects:
        return message("The object '{object}' does not belong to the topic '{topic}'.", **said)
    if f.adjective not in adjectives(f.topic, f.sentiment):
        return message(
            "The adjective '{adjective}' is not one of {sentiment} words on {topic}.", **said
        )
    if f.time not in TIMES[f.tense]:
        return message("The time '{time}' does not go with the {tense} tense.", **said)
    if f.place != NONE and f.place not in topic.places:
        return message("The place '{place}' does not belong to the topic '{topic}'.", **said)
    return None


def _unknown(factor: str, value: str) -> Message:
    return message(
        "The factor {name} has no value '{value}'; it has {values}.",
        name=factor,
        value=value,
        values=enumeration(FACTOR_VALUES[factor]),
    )


def render(factors: Factors) -> str:
    """The sentence that says `factors`, with a capital at the start and its final punctuation."""
    f = factors
    subject = _SUBJECT_OF[f.subject, f.number]
    third = f.person == "third" and f.number == "singular"
    auxiliary = {"past": "did", "present": "does" if third else "do", "future": "will"}[f.tense]
    if f.mood == "question":
        words = [auxiliary, subject.phrase]
        form = "base"
    elif f.polarity == "negative" or f.tense == "future":
        words = [subject.phrase, auxiliary]
        form = "base"
    else:
        words = [subject.phrase]
        form = "past" if f.tense == "past" else "third" if third else "base"
    if f.polarity == "negative":
        words.append("not")

    activity = VERBS[f.activity]
    if f.attitude in ADVERBS:
        words += [f.attitude, getattr(activity, form)]
    else:
        words += [getattr(VERBS[f.attitude], form), activity.gerund]
    if activity.particle:
        words.append(activity.particle)
    words += ["the", f.adjective, f.object]
    if f.place != NONE:
        words.append(TOPICS[f.topic].places[f.place].replace(POSSESSIVE, subject.possessive))
    if f.time != NONE:
        words.append(f.time)
    sentence = " ".join(words)
    return sentence[0].upper() + sentence[1:] + ("?" if f.mood == "question" else ".")


def _clues() -> dict[str, dict[str, str]]:
    """Word to the factor values that it gives away; function words give none."""
    clues: dict[str, dict[str, str]] = {
        "not": {"polarity": "negative"},
        "did": {"tense": "past"},
        "will": {"tense": "future"},
    }
    for s in SUBJECTS:
        word = s.phrase.split()[-1].lower()
        clues[word] = {"subject": s.name, "person": s.person, "number": s.number}
    for sentiment in SENTIMENTS:
        for attitudes in ATTITUDES[sentiment].values():
            for attitude in attitudes:
                _add_forms(clues, attitude, {"attitude": attitude, "sentiment": sentiment})
    for name, topic in TOPICS.items():
        for activity in topic.activities:
            _add_forms(clues, activity, {"activity": activity})
        for word in topic.objects:
            clues[word] = {"object": word, "topic": name}
        for sentiment in SENTIMENTS:
            for word in adjectives(name, sentiment):
                clues[word] = {"adjective": word}
        for word in topic.places:
            clues[word] = {"place": word}
    return clues


def _add_forms(clues: dict[str, dict[str, str]], word: str, values: dict[str, str]) -> None:
    verb = VERBS.get(word)
    if verb is None:
        clues[word] = values
    else:
        clues |= dict.fromkeys((verb.base, verb.third, verb.gerund), values)
        clues[verb.past] = values | {"tense": "past"}


_CLUES = _clues()
_LAST_WORDS = {t: t for tense in TENSES for t in TIMES[tense] if t != NONE}


def parse(sentence: str) -> Factors | None:
    """The factors of a sentence, or None when it is not one of the language.

    Letter case and white space around the sentence do not matter, everything else does. The words
    give the factors away one by one; rendering the guess decides whether it was right.
    """
    text = sentence.strip().lower()
    words = text[:-1].split(" ")
    values = {"tense": "present", "polarity": "affirmative", "place": NONE}
    for word in words:
        values |= _CLUES.get(word, {})
    values["mood"] = "question" if text.endswith("?") else "statement"
    values["time"] = _LAST_WORDS.get(words[-1]) or _LAST_WORDS.get(" ".join(words[-2:]), NONE)
    if len(values) != len(FACTOR_NAMES):
        return None
    try:
        guess = Factors(**values)
    except UserError:
        return None
    return guess if render(guess).lower() == text else None
