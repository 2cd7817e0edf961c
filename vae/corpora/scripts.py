"""Writing without blanks between words: Chinese, Japanese, Thai and others are counted by sign."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Thai, Lao, Myanmar, Khmer and their kin; kana; Han with its extensions and what stands among them.
_UNSPACED = (
    "\u0e00-\u0e3e\u0e40-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf"
    "\u3005-\u3007\u3021-\u3029\u3031-\u3035\u303b\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua9e0-\ua9ff\uaa60-\uaadf\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U000323af"
)
# A vowel sign or tone mark stands on the letter before it, and is no sign of its own.
_MARKS = (
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u102b-\u103e"
    "\u1056-\u1059\u17b4-\u17d3\u3099\u309a\uff9e\uff9f"
)
UNSPACED = f"(?:[{_UNSPACED}][{_MARKS}]*)"
"""A pattern of one sign of such a script."""

_SIGN = re.compile(UNSPACED)
_WORD = re.compile(rf"{UNSPACED}|[^\s{_UNSPACED}]+")
_LETTER = re.compile(rf"{UNSPACED}|[^\W\d_]")
_LARGE_PART = 0.3


def words(sentence: str) -> int:
    """How long a sentence is: its words, where no blanks stand between them its signs."""
    if sentence.isascii():
        return len(sentence.split())
    return sum(1 for _ in _WORD.finditer(sentence))


def is_unspaced(sentences: Iterable[str]) -> bool:
    """Whether a large part of the letters are of a script without blanks between words."""
    letters = signs = 0
    for sentence in sentences:
        if sentence.isascii():
            letters += len(sentence)
        else:
            letters += sum(1 for _ in _LETTER.finditer(sentence))
            signs += sum(1 for _ in _SIGN.finditer(sentence))
    return signs > _LARGE_PART * letters
