"""Everyday English with known generative factors, in the spirit of dSentences.

    Did those children not enjoy eating the tasty soup at the cafe yesterday?

A sentence is one choice for each factor (`vae.corpora.grammar`), drawn as one number
(`vae.corpora.slots`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from vae.corpora import agreement
from vae.corpora.corpus import Corpus
from vae.corpora.grammar import FACTOR_NAMES, FACTOR_VALUES, Factors, parse, render
from vae.corpora.registry import BuiltIn, Grammar, Values
from vae.corpora.slots import columns_of, language_size, sample, values_together
from vae.corpora.wording import factor_words
from vae.errors import UserError
from vae.i18n import message

__all__ = [
    "BUILT_IN",
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

DEFAULT_SENTENCES = 200_000

# Draws are made in blocks of this size whatever the number asked for: a small corpus is then the
# beginning of a large one with the same seed.
_BLOCK = 32_768


def sample_factors(rng: np.random.Generator) -> Factors:
    """One sentence's factors, drawn as `generate` draws them."""
    return Factors(**{name: values[0] for name, values in columns_of(sample(rng, 1)).items()})


def generate(n: int, seed: int = 0) -> Corpus:
    """`n` distinct sentences in the order drawn, each factor a label column.

    The first k sentences are `generate(k, seed)`, whatever n is.

    Raises:
        UserError: n is below 1 or above `language_size()`.
    """
    if not 1 <= n <= language_size():
        raise UserError(
            "The factors corpus has between 1 and {most:,} sentences, not {n:,}.",
            most=language_size(),
            n=n,
        )
    rng = np.random.default_rng(seed)
    seen = np.zeros(language_size(), dtype=bool)
    blocks: list[npt.NDArray[np.int64]] = []
    found = 0
    while found < n:
        block = sample(rng, _BLOCK)
        block = block[np.sort(np.unique(block, return_index=True)[1])]
        block = block[~seen[block]]
        seen[block] = True
        blocks.append(block)
        found += len(block)
    columns = columns_of(np.concatenate(blocks)[:n])
    return Corpus(
        name="factors",
        sentences=tuple(render(Factors(*row)) for row in zip(*columns.values(), strict=True)),
        labels={name: tuple(values) for name, values in columns.items()},
        source={"kind": "factors", "n": n, "seed": seed},
        examples=EXAMPLES,
    )


def _parsed(sentence: str) -> Values | None:
    said = parse(sentence)
    return None if said is None else vars(said)


def _said(values: Values) -> Factors:
    return Factors(**{name: values[name] for name in FACTOR_NAMES})


def _forced(values: Values, name: str, value: str) -> frozenset[str]:
    if value not in FACTOR_VALUES.get(name, ()):
        return frozenset()
    return agreement.must_change(_said(values), name, value)


def _free(values: Values, name: str) -> tuple[str, ...]:
    return agreement.free_values(_said(values), name)


def _changed(values: Values, name: str, value: str) -> str | None:
    found = agreement.changed(_said(values), name, value)
    return None if found is None else render(found)


def _beginning(source: Mapping[str, Any], most: int) -> Corpus:
    return generate(min(source["n"], most), source["seed"])


BUILT_IN = BuiltIn(
    name="factors",
    what=message("everyday English with known factors: every sentence labelled with all of them"),
    size=lambda: message("{n:,} sentences, or as many as you ask for", n=DEFAULT_SENTENCES),
    load=lambda n, seed, _progress: generate(n or DEFAULT_SENTENCES, seed),
    at_hand=_beginning,
    generated=True,
    needs=frozenset({"n", "seed"}),
    grammar=Grammar(FACTOR_NAMES, _parsed, factor_words, _forced, _free, _changed),
)
