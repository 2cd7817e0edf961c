"""Known words near one that is not known: what a person may have meant, or may say instead."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vae.scripts import BESIDE

_LEAST_EDITS, _MOST_EDITS = 1, 3
_EDITS_OF = 3 / 8  # so many of the letters of a word may be others

# Where a word may begin and end: beside no sign of another, but in scripts without blanks anywhere.
_EDGE_BEFORE = rf"(?<!\w)|(?<=[{BESIDE}])|(?=[{BESIDE}])"
_EDGE_BEHIND = rf"(?!\w)|(?=[{BESIDE}])|(?<=[{BESIDE}])"


@dataclass(frozen=True)
class Vocabulary:
    """What tells a known word from others.

    Attributes:
        scheme: into which parts text falls: as `Tokenizer.scheme`, or "earlier" for words as
            earlier versions found them.
        known: these parts, most frequent first; of "bpe" the signs of all its pieces.
    """

    scheme: str
    known: tuple[str, ...]

    def packed(self) -> bytes:
        """As JSON in gzip, for a browser."""
        text = json.dumps(vars(self), ensure_ascii=False, separators=(",", ":"))
        return gzip.compress(text.encode("utf-8", "replace"), mtime=0)


def nearest_words(word: str, known: Sequence[str], k: int = 3) -> tuple[str, ...]:
    """The known words nearest to a word, by edits, and of equally near ones the most frequent.

    An edit is a letter put in, left out, changed, or swapped with the next one (optimal string
    alignment; Damerau, 1964, "A technique for computer detection and correction of spelling
    errors"). A word of up to five letters may have one edit, of eight or more three.

    Args:
        known: words in lower case, most frequent first; 10,000 take some hundredths of a second.
        k: so many at most.
    """
    word = word.lower()
    most = min(_MOST_EDITS, max(_LEAST_EDITS, int(len(word) * _EDITS_OF)))
    letters = _letters(word)
    found = []
    for rank, other in enumerate(known):
        # An edit changes the length by one, and the set of letters by two, at most.
        if abs(len(other) - len(word)) > most or not any(map(str.isalpha, other)):
            continue
        if (_letters(other) ^ letters).bit_count() > 2 * most:
            continue
        if 0 < (edits := edit_distance(word, other, most)) <= most:
            # Few misspell the first letter.
            found.append((edits + (word[:1] != other[:1]), rank, other))
    return tuple(other for *_, other in sorted(found)[:k])


def edit_distance(a: str, b: str, most: int | None = None) -> int:
    """How many edits lead from one word to the other; some number above `most` where it is more."""
    most = len(a) + len(b) if most is None else most
    before, row = list[int](), list(range(len(b) + 1))
    for i, letter in enumerate(a, start=1):
        next_row = [i]
        for j, other in enumerate(b, start=1):
            cost = min(row[j] + 1, next_row[j - 1] + 1, row[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            next_row.append(cost)
        if min(next_row) > most and min(row) > most:
            return most + 1
        before, row = row, next_row
    return row[-1]


def replaced(sentence: str, word: str, by: str) -> str:
    """A sentence with a word changed wherever it stands, whatever its case; a capital stays one."""
    pattern = _whole((word,))
    if not pattern.search(sentence):
        # As the model reads it, where a ligature is its letters.
        sentence = unicodedata.normalize("NFKC", sentence)

    def written(found: re.Match[str]) -> str:
        return by[:1].upper() + by[1:] if found.group()[:1].isupper() else by

    return pattern.sub(written, sentence)


def split_at(sentence: str, words: Iterable[str]) -> list[tuple[str, bool]]:
    """A sentence in pieces, of which those that are one of the words say so; joined it is whole."""
    pattern, pieces, at = _whole(tuple(words)), list[tuple[str, bool]](), 0
    for found in pattern.finditer(sentence):
        pieces += [(sentence[at : found.start()], False), (found.group(), True)]
        at = found.end()
    return [piece for piece in [*pieces, (sentence[at:], False)] if piece[0]]


def _whole(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the words where it stands by itself; nothing where there is none.

    Beside a sign of a script without blanks between words any word does.
    """
    said = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    pattern = rf"(?:{_EDGE_BEFORE})(?:{said})(?:{_EDGE_BEHIND})"
    return re.compile(pattern if said else r"(?!)", re.IGNORECASE)


def _letters(word: str) -> int:
    """Which letters a word has, as the bits of a number."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) % 61)
    return bits
