"""Everyday English with known generative factors, in the spirit of dSentences.

    Did those children not enjoy eating the tasty soup at the cafe yesterday?

A sentence is one choice for each factor (`vae.corpora.grammar`), drawn as one number
(`vae.corpora.slots`).
"""

from __future__ import annotations

import numpy as np

from vae.corpora.corpus import Corpus
from vae.corpora.grammar import FACTOR_NAMES, FACTOR_VALUES, Factors, parse, render
from vae.corpora.language import DEFAULT_SENTENCES, Language
from vae.corpora.lexicon import (
    ATTITUDES,
    MOODS,
    POLARITIES,
    SENTIMENTS,
    SUBJECTS,
    TENSES,
    TIMES,
    TOPICS,
    adjectives,
    places,
)
from vae.corpora.slots import Slots, Values, table
from vae.i18n import message

__all__ = [
    "BUILT_IN",
    "DEFAULT_SENTENCES",
    "ENGLISH",
    "FACTOR_NAMES",
    "FACTOR_VALUES",
    "Factors",
    "generate",
    "language_size",
    "parse",
    "render",
    "sample_factors",
    "values_together",
]

EXAMPLES = (
    "She loves cooking the delicious curry in her kitchen every weekend.",
    "Did those children not enjoy feeding the playful kitten at the farm yesterday?",
    "I will not regret writing the clumsy poem in my room next week.",
    "Does he hate watching the boring drama at his house?",
    "Those students gladly sang the catchy tune at the concert last week.",
    "We reluctantly went to the crowded beach nearby last weekend.",
    "Will you avoid running the exhausting marathon in your town tomorrow?",
    "That teacher likes growing the splendid roses in his garden these days.",
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
        "attitude": table([[ATTITUDES[s][p] for p in POLARITIES] for s in SENTIMENTS]),
        "activity": table([t.activities for t in TOPICS.values()]),
        "object": table([t.objects for t in TOPICS.values()]),
        "adjective": table([[adjectives(t, s) for s in SENTIMENTS] for t in TOPICS]),
        "time": table([TIMES[tense] for tense in TENSES]),
        "place": table([places(t) for t in TOPICS]),
    },
    depends_on={
        "person": ("subject",),
        "number": ("subject",),
        "attitude": ("sentiment", "polarity"),
        "activity": ("topic",),
        "object": ("topic",),
        "adjective": ("topic", "sentiment"),
        "time": ("tense",),
        "place": ("topic",),
    },
    follows=frozenset({"person", "number"}),
    weights=[s.weight for s in SUBJECTS],
)


def _parsed(sentence: str) -> Values | None:
    said = parse(sentence)
    return None if said is None else vars(said)


ENGLISH = Language(
    name="factors",
    slots=_SLOTS,
    render=lambda values: render(Factors(**values)),
    parse=_parsed,
    examples=EXAMPLES,
)

language_size = _SLOTS.size
values_together = _SLOTS.together


def sample_factors(rng: np.random.Generator) -> Factors:
    """One sentence's factors, drawn as `generate` draws them."""
    columns = _SLOTS.columns_of(_SLOTS.sample(rng, 1))
    return Factors(**{name: values[0] for name, values in columns.items()})


def generate(n: int, seed: int = 0) -> Corpus:
    """`n` distinct sentences, as `Language.generate`."""
    return ENGLISH.generate(n, seed)


BUILT_IN = ENGLISH.built_in(
    message("everyday English with known factors: every sentence labelled with all of them")
)
