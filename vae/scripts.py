"""How scripts differ: some have no blanks between words, some run from the right.

Chinese, Japanese, Thai and others are counted and broken by their signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import bidirectional, east_asian_width

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
# Chinese and Japanese marks, and the wide forms of others.
BESIDE = rf"{_UNSPACED}{_MARKS}\u3001-\u303f\uff01-\uff65"
"""Beside these signs no blank stands: ranges, for a class of a pattern."""
_BESIDE = re.compile(f"[{BESIDE}]")
_WIDE = str.maketrans(",!?:;", "，！？：；")
_NARROW = re.compile(r"(?<=[\u3001-\u30ff\u3400-\u4dbf\u4e00-\u9fff])[,!?:;](?!\d)")
_WORD = re.compile(rf"{UNSPACED}|[^\s{_UNSPACED}]+")
# What may begin a line, with the blanks before it; a mark stays with the sign that it follows.
_PIECE = re.compile(rf"\s*(?:{UNSPACED}[\u3001-\u303f\uff01-\uff65,.!?;:]*|[^\s{_UNSPACED}]+)")
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


def wrap(text: str, width: int) -> list[str]:
    """A text in lines of about `width` Latin signs, broken at blanks, or between signs of a script
    without them; a word that is longer has a line of its own."""
    lines, filled = [""], 0
    for piece in text.split() if text.isascii() else _PIECE.findall(text):
        blank = bool(lines[-1]) and (text.isascii() or piece[0].isspace())
        word = piece.strip()
        size = len(word) if word.isascii() else columns(word)
        if lines[-1] and filled + blank + size > width:
            lines.append(word)
            filled = size
        else:
            lines[-1] += f" {word}" if blank else word
            filled += size + blank
    return lines


def columns(text: str) -> int:
    """How wide a text stands in a terminal: signs of China, Japan and Korea take two columns."""
    return sum(1 + (east_asian_width(sign) in "WF") for sign in text)


def isolated(text: str) -> str:
    """A text that runs from its own side within another one, where marks alone can say so."""
    if text.isascii() or not any(bidirectional(sign) in ("R", "AL") for sign in text):
        return text
    return f"\u2068{text}\u2069"


def is_unspaced_sign(sign: str) -> bool:
    """Whether no blank stands beside a sign: it is of such a script, or one of its marks."""
    return bool(_BESIDE.match(sign))


def with_wide_marks(text: str) -> str:
    """Commas and the like behind Chinese or Japanese as they are written there: ，！？：；"""
    if text.isascii():
        return text
    return _NARROW.sub(lambda mark: mark.group().translate(_WIDE), text)
