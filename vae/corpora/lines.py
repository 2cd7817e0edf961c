"""A text as lines, a sentence each: one rule for files, for what is pasted and for every field."""

from __future__ import annotations

import re

_END = re.compile(r"\r\n?|\n")
# Control characters and the other signs that may break a line: those that are white space become a
# space, the others go, and with them the mark of a byte order where texts were put together.
_CONTROL = {
    code: " " if chr(code).isspace() else None
    for code in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, 0xFEFF)
}


def split_lines(text: str) -> list[str]:
    """The lines of a text as they stand: ended by a line feed, a carriage return or both.

    Other signs at which an editor may break a line, as U+0085 and U+2028, are within a sentence.
    """
    found = _END.split(text)
    return found if found[-1] else found[:-1]


def lines(text: str) -> list[str]:
    """The sentences of a text, one a line and `cleaned`; blank lines are none."""
    return [sentence for line in split_lines(text) if (sentence := cleaned(line))]


def cleaned(text: str) -> str:
    """A text on one line: breaks and tabs are spaces, control characters go, no blank at its ends.

    Nothing else is changed.
    """
    return text.replace("\r\n", "\n").translate(_CONTROL).strip()
