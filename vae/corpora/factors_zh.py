"""Everyday Chinese with known generative factors, as `vae.corpora.factors` has English ones.

    那些孩子昨天没在公园练那套特别有趣的拳。

Tense shows in a particle, an adverb or an auxiliary, and negation goes by it: 没 with what is over
and with 过, 不 with what is usual or to come. 了 stands behind the verb, in a question behind its
object, and not at all where something was not done. Nouns choose their measure words.

A token is a word of the language's own lexicon, not a sign: a word is what carries a factor, a
sentence has ten of them as in English, and what a page says of a token is about something that has
a meaning. `render` and `parse` are exact inverses.
"""

from __future__ import annotations

import re

from vae.corpora.corpus import Corpus
from vae.corpora.language import Language
from vae.corpora.lexicon import MOODS, NONE, POLARITIES, SENTIMENTS
from vae.corpora.lexicon_zh import DEGREES, SUBJECTS, TENSES, TIMES, TOPICS, WORDS, adjectives
from vae.corpora.slots import Slots, Values, table
from vae.errors import UserError
from vae.i18n import enumeration, message

EXAMPLES = (
    "妈妈周末常在家做那道特别好吃的菜。",
    "那些孩子昨天没在公园练那套有趣的拳。",
    "你以前在北京逛过那条热闹的老街吗？",
    "我下周末不会在网上看那部有点老套的电影。",
    "那位老师上周在图书馆读了那本深刻的小说。",
    "他们平时不常在车上听那首挺好听的歌吗？",
    "你明天会在院子里浇那盆枯黄的月季吗？",
    "她去年没在农场喂过那匹特别温顺的马。",
)

_SLOTS = Slots(
    tables={
        "subject": table([s.name for s in SUBJECTS]),
        "person": table([s.person for s in SUBJECTS]),
        "number": table([s.number for s in SUBJECTS]),
        "tense": table(TENSES),
        "polarity": table(POLARITIES),
        "mood": table(MOODS),
        "sentiment": table(SENTIMENTS),
        "topic": table(list(TOPICS)),
        "degree": table([DEGREES[s] for s in SENTIMENTS]),
        "activity": table([t.activities for t in TOPICS.values()]),
        "object": table([list(t.objects) for t in TOPICS.values()]),
        "measure": table([list(t.objects.values()) for t in TOPICS.values()]),
        "adjective": table([[adjectives(t, s) for s in SENTIMENTS] for t in TOPICS]),
        "time": table([TIMES[tense] for tense in TENSES]),
        "place": table([(NONE, *t.places) for t in TOPICS.values()]),
    },
    depends_on={
        "person": ("subject",),
        "number": ("subject",),
        "degree": ("sentiment",),
        "activity": ("topic",),
        "object": ("topic",),
        "measure": ("topic", "object"),
        "adjective": ("topic", "sentiment"),
        "time": ("tense",),
        "place": ("topic",),
    },
    follows=frozenset({"person", "number", "measure"}),
    weights=[s.weight for s in SUBJECTS],
)
_SUBJECT_OF = {(s.name, s.number): s for s in SUBJECTS}
# What stands before the verb: in an affirmative and in a negative sentence.
_BEFORE = {
    "past": ((), ("没",)),
    "experience": ((), ("没",)),
    "habit": (("常",), ("不", "常")),
    "future": (("会",), ("不", "会")),
}
_WORD = re.compile("|".join(sorted(WORDS, key=len, reverse=True)))


def words_of(values: Values) -> list[str]:
    """The words of the sentence that says `values`, its mark at the end.

    Raises:
        UserError: no sentence says all of them.
    """
    if _SLOTS.chosen(values) is None:
        raise UserError(
            "No sentence of '{name}' says all of {values}.",
            name="factors-zh",
            values=enumeration(values.values()),
        )
    return _said(values)


def _said(values: Values) -> list[str]:
    subject, topic = _SUBJECT_OF[values["subject"], values["number"]], TOPICS[values["topic"]]
    negative = values["polarity"] == "negative"
    question = values["mood"] == "question"
    over = values["tense"] == "past" and not negative
    said = ["那", subject.measure, subject.name] if subject.measure else [subject.name]
    if values["time"] != NONE:
        said.append(values["time"])
    said += _BEFORE[values["tense"]][negative]
    if values["place"] != NONE:
        said += topic.places[values["place"]]
    said.append(values["activity"])
    if values["tense"] == "experience":
        said.append("过")
    elif over and not question:
        said.append("了")
    said += ["那", values["measure"]]
    if values["degree"] != NONE:
        said.append(values["degree"])
    said += [values["adjective"], "的", values["object"]]
    if question:
        said += ["了", "吗", "？"] if over else ["吗", "？"]
    else:
        said.append("。")
    return said


def render(values: Values) -> str:
    """The sentence that says `values`.

    Raises:
        UserError: no sentence says all of them.
    """
    return "".join(words_of(values))


def _clues() -> dict[str, dict[str, str]]:
    """Word to the factor values that it gives away."""
    clues: dict[str, dict[str, str]] = {
        "些": {"number": "plural"},
        "没": {"polarity": "negative"},
        "不": {"polarity": "negative"},
        "过": {"tense": "experience"},
        "常": {"tense": "habit"},
        "会": {"tense": "future"},
        "吗": {"mood": "question"},
    }
    for s in SUBJECTS:
        number = {} if s.measure else {"number": s.number}
        clues[s.name] = {"subject": s.name, "person": s.person, **number}
    for times in TIMES.values():
        clues |= {time: {"time": time} for time in times}
    for name, topic in TOPICS.items():
        clues |= {word: {"activity": word} for word in topic.activities}
        clues |= {place: {"place": place} for place in topic.places}
        for noun, measure in topic.objects.items():
            clues[noun] = {"object": noun, "measure": measure, "topic": name}
        for sentiment in SENTIMENTS:
            clues |= {degree: {"degree": degree} for degree in DEGREES[sentiment]}
            for word in adjectives(name, sentiment):
                clues[word] = {"adjective": word, "sentiment": sentiment}
    return clues


_CLUES = _clues()
_UNMARKED = {
    "number": "singular",
    "tense": "past",
    "polarity": "affirmative",
    "mood": "statement",
    "degree": NONE,
    "time": NONE,
    "place": NONE,
}


def parse(sentence: str) -> Values | None:
    """The factors of a sentence, or None when it is not one of the language.

    White space around the sentence does not matter, nor how wide its question mark is. The words
    give the factors away one by one; rendering the guess decides whether it was right.
    """
    text = sentence.strip().replace("?", "？")
    values = dict(_UNMARKED)
    for word in _WORD.findall(text):
        values |= _CLUES.get(word, {})
    if set(values) != set(_SLOTS.tables) or _SLOTS.chosen(values) is None:
        return None
    guess = {name: values[name] for name in _SLOTS.tables}
    return guess if "".join(_said(guess)) == text else None


CHINESE = Language(
    name="factors-zh",
    slots=_SLOTS,
    render=lambda values: "".join(_said(values)),
    parse=parse,
    examples=EXAMPLES,
    lexicon=WORDS,
)


def generate(n: int, seed: int = 0) -> Corpus:
    """`n` distinct sentences, as `Language.generate`."""
    return CHINESE.generate(n, seed)


BUILT_IN = CHINESE.built_in(
    message("everyday Chinese with known factors: every sentence labelled with all of them")
)
