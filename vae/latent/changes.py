"""Which words of a sentence differ from those of another."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from vae.scripts import UNSPACED, is_unspaced

# (text, whether it changed): joined, the texts are the sentence.
Piece = tuple[str, bool]

LONGEST_SHOWN = 24
"""Words of a decoded sentence that are shown: an early model goes on and on."""
_SIGNS_A_WORD = 2

# Letters with the marks that stand on them, which Python does not count as of a word.
_LETTERS = (
    rf"(?:(?!{UNSPACED})[\w\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0963"
    r"\u0966-\u0dff])+"
)
# Any other sign, with what joins it to the next: a family of emoji is one.
_SIGN = r"[^\w\s](?:\u200d[^\w\s]|[\ufe0f\u20e3\U0001f3fb-\U0001f3ff])*"
PIECES = re.compile(rf"\s+|{UNSPACED}|{_LETTERS}(?:['’\-]{_LETTERS})*|{_SIGN}|.", re.DOTALL)


def marked(sentence: str, before: str | None) -> list[Piece]:
    """The sentence in pieces, each with whether it differs from the sentence `before`.

    A piece is a word, or a sign where no blanks part words. A change of capital at the start is no
    change.
    """
    pieces = PIECES.findall(sentence)
    if before is None or sentence == before:
        return [(sentence, False)] if sentence else []
    words = [p for p in pieces if not p.isspace()]
    old = [p for p in PIECES.findall(before) if not p.isspace()]
    matcher = SequenceMatcher(
        None, [w.lower() for w in old], [w.lower() for w in words], autojunk=False
    )
    same = {j + i for _, j, n in matcher.get_matching_blocks() for i in range(n)}
    out: list[Piece] = []
    index = 0
    for piece in pieces:
        changed = False
        if not piece.isspace():
            changed, index = index not in same, index + 1
        if out and out[-1][1] == changed:
            out[-1] = (out[-1][0] + piece, changed)
        else:
            out.append((piece, changed))
    return out


def alike(sentence: str, before: str) -> bool:
    """Whether two sentences are the same word for word; the capital at the start may differ."""
    return len(sentence) == len(before) and not any(c for _, c in marked(sentence, before))


def shortened(sentence: str, most: int = LONGEST_SHOWN) -> str:
    """The first words of a sentence, as many as `most`; an ellipsis stands for the others."""
    if is_unspaced([sentence]):
        longest = _SIGNS_A_WORD * most
        return sentence[:longest] + ("…" if len(sentence) > longest else "")
    words = sentence.split()
    return " ".join(words[:most]) + (" …" if len(words) > most else "")
