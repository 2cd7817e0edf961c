"""Which cells are sentences, and whether there are enough of them: one rule for every source."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from vae.corpora import reasons
from vae.corpora.corpus import normalise
from vae.corpora.lines import cleaned
from vae.errors import UserError
from vae.scripts import is_unspaced, words

MAX_CHARACTERS = 5_000
SIGNS_A_WORD = 2
"""Where no blanks part words, so many signs count as one of the most words."""
MIN_SENTENCES = 50


def usable(cell: object, max_words: int) -> tuple[str, str]:
    """The cell as a sentence and no reason, or why it is none (`vae.corpora.reasons`)."""
    if cell is None or cell == "":
        return "", reasons.EMPTY
    if not isinstance(cell, str):
        return "", reasons.NOT_TEXT
    if len(cell) > MAX_CHARACTERS + 2 and len(cell.strip()) > MAX_CHARACTERS:
        return "", reasons.above("characters", MAX_CHARACTERS)
    sentence = cleaned(cell)
    if not sentence:
        return "", reasons.EMPTY
    if not sentence.isascii() and any("\ud800" <= c <= "\udfff" for c in sentence):
        return "", reasons.NOT_TEXT
    if not any(map(str.isalnum, sentence)):
        return "", reasons.NO_LETTER
    if words(sentence) > max_words:
        if not is_unspaced([sentence]):
            return "", reasons.above("words", max_words)
        if words(sentence) > SIGNS_A_WORD * max_words:
            return "", reasons.above("signs", SIGNS_A_WORD * max_words)
    return sentence, ""


def require(name: str, sentences: Sequence[str], dropped: Mapping[str, int], minimum: int) -> None:
    """Raises `UserError` where a source has fewer than `minimum` different usable sentences."""
    different: set[str] = set()
    for sentence in sentences:
        different.add(normalise(sentence))
        if len(different) >= minimum:
            return
    if len(different) < minimum:
        raise too_few(name, len(different), len(sentences), dropped, minimum)


def too_few(
    name: str, different: int, sentences: int, dropped: Mapping[str, int], minimum: int
) -> UserError:
    """What to say of a source with fewer than `minimum` different usable sentences."""
    lost = dict(Counter(dropped).most_common())
    if repeated := sentences - different:
        lost[reasons.REPEATED] = repeated
    if not lost:
        return UserError(
            "'{name}' has {different:,} different usable sentences, and {minimum:,} are needed. "
            "Add more sentences.",
            name=name,
            different=different,
            minimum=minimum,
        ).because("small text")
    return UserError(
        "'{name}' has {different:,} different usable sentences, and {minimum:,} are needed. "
        "Not counted: {lost}.",
        name=name,
        different=different,
        minimum=minimum,
        lost=reasons.counted(lost),
    ).because("small text")


def examples_of(sentences: list[str]) -> tuple[str, ...]:
    """Eight different sentences of a handy length, from all over the file."""
    step = max(1, len(sentences) // 200)
    handy: Iterator[str] = (s for s in sentences[::step] if 4 <= words(s) <= 14)
    return tuple(itertools.islice(dict.fromkeys(itertools.chain(handy, sentences[:8])), 8))
