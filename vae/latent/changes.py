"""Which words of a sentence differ from those of another."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

# (text, whether it changed): joined, the texts are the sentence.
Piece = tuple[str, bool]

LONGEST_SHOWN = 24
"""Words of a decoded sentence that are shown: an early model goes on and on."""

_PIECES = re.compile(r"\s+|\w+(?:['’\-]\w+)*|[^\w\s]")


def marked(sentence: str, before: str | None) -> list[Piece]:
    """The sentence in pieces, each with whether it differs from the sentence `before`.

    A change of capital at the start is no change.
    """
    pieces = _PIECES.findall(sentence)
    if before is None or sentence == before:
        return [(sentence, False)] if sentence else []
    words = [p for p in pieces if not p.isspace()]
    old = [p for p in _PIECES.findall(before) if not p.isspace()]
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
    words = sentence.split()
    return " ".join(words[:most]) + (" …" if len(words) > most else "")
