"""Why rows of a source are not used: a kind, with a number where it is a bound; worded when shown.

A reason is kept as text, in a run's config.json as elsewhere: "empty", "words above 60",
"share above 0.2 of numpy".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from vae.i18n import Message, enumeration, message

EMPTY = "empty"
NOT_TEXT = "not text"
NO_LETTER = "no letter or digit"
REPEATED = "repeated"
UNREADABLE = "too long to read"

# Why a column is no label, unless a person says so.
NO_VALUE = "no value"
ONE_VALUE = "one value"
ROW_NUMBERS = "row numbers"
NOT_PLAIN = "not plain"

_KINDS: Mapping[str, Message] = {
    EMPTY: message("empty"),
    NOT_TEXT: message("not text"),
    NO_LETTER: message("without a letter or digit"),
    REPEATED: message("repeated"),
    "more fields than columns": message("more fields than columns"),
    "header again": message("names of the columns once more"),
    UNREADABLE: message("too long to read"),
    "open quotation mark": message("in a quotation mark that is never closed"),
    "invalid JSON": message("invalid JSON"),
    "not a JSON object": message("not a JSON object"),
    "seen before": message("seen before"),
    "unreadable file": message("file that cannot be read"),
    "no running text": message("no running text"),
    "formula": message("formula"),
    "web address": message("web address"),
    "code": message("code"),
    "not a statement": message("not a statement"),
    "not words": message("mostly not words"),
    NO_VALUE: message("empty in every row"),
    ONE_VALUE: message("the same in every row"),
    ROW_NUMBERS: message("numbers of the rows"),
    NOT_PLAIN: message("records, not values"),
    "filled": message("a value in only {bound:,.0f} of {what} rows"),
    "values above": message("more than {bound:,.0f} different values"),
    "words below": message("fewer than {bound:,.0f} words"),
    "words above": message("more than {bound:,.0f} words"),
    "signs above": message("more than {bound:,.0f} signs of a script without blanks"),
    "characters above": message("longer than {bound:,.0f} characters"),
    "rows above": message("beyond the first {bound:,.0f} rows"),
    "alike above": message("one of more than {bound:,.0f} that differ in one word"),
    "share above": message("over {bound:.0%} of the corpus from {what}"),
}
_BOUND = re.compile(r"(\w+ (?:above|below)|filled) (\d+(?:\.\d+)?)(?: of (.+))?")


def above(kind: str, bound: float, what: str = "") -> str:
    """A reason with its bound: "words above 60"."""
    return f"{kind} above {bound}" + (f" of {what}" if what else "")


def below(kind: str, bound: float) -> str:
    """A reason with its bound: "words below 3"."""
    return f"{kind} below {bound}"


def filled(n: int, rows: int) -> str:
    """A column that has a value in few of its rows: "filled 3 of 4096"."""
    return f"filled {n} of {rows}"


def columns_said(not_labels: Mapping[str, str], most: int = 20) -> Message:
    """Columns that are no labels, each with its reason; the first ones where there are many."""
    named = [
        message("{column} ({reason})", column=column, reason=reason_message(reason))
        for column, reason in not_labels.items()
    ]
    return enumeration([*named[:most], *(["…"] if len(named) > most else [])])


def reason_message(reason: str) -> Message:
    """A reason in words; one that is not known, as of an older version, as it stands."""
    if found := _BOUND.fullmatch(reason):
        kind, bound, what = found.groups()
        if kind in _KINDS:
            return replace(_KINDS[kind], values={"bound": float(bound), "what": what or ""})
    return _KINDS.get(reason, Message("{reason}", {"reason": reason}))


def counted(dropped: Mapping[str, int]) -> Message:
    """All reasons with their numbers of rows, one after the other."""
    return enumeration(
        [
            message("{n:,} {reason}", n=n, reason=reason_message(reason))
            for reason, n in dropped.items()
        ]
    )
