"""Text as HTML that holds nothing but text."""

from __future__ import annotations

import re
from html import escape

# What HTML does not allow, and what turns the direction of the text that follows.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_COMMAND = re.compile("`([^`]+)`")


def text(given: str) -> str:
    """Text as HTML that holds nothing but text; half signs, which no file can hold, are `?`."""
    return escape(clean(given))


def clean(given: str) -> str:
    """Text without what no file can hold, and without what turns the direction of the rest."""
    return _UNSEEN.sub("\ufffd", given.encode("utf-8", errors="replace").decode("utf-8"))


def prose(given: str) -> str:
    """As `text`; what stands between backticks is a command."""
    return _COMMAND.sub(r"<code>\1</code>", text(given))
