"""What the points of a replay are coloured by: labels, ranges of numbers, length. No Streamlit."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np

from vae import colours
from vae.figures.cloud import RANGES, groups, numbers, ranges
from vae.i18n import _
from vae.latent.timeline import Timeline

LONGEST = 300
"""Characters of a text that are sent; one that a corpus has by mistake may be a book."""

Colouring = dict[str, Any]


def colourings(timeline: Timeline) -> list[Colouring]:
    """One for each label, and one by length; a single colour where nothing is known.

    Each has a name, groups (label, count, colour, shape, and whether it is the rest), the group of
    every point (n bytes in base64), and whether its groups are few enough to be seen at a glance.
    """
    found = [_by(name, values) for name, values in timeline.labels.items()]
    if timeline.sentences:
        found.append(_by(_("length in words"), [str(len(s.split())) for s in timeline.sentences]))
    return found or [_by(_("nothing"), [_("sentence")] * timeline.frames.shape[1])]


def cut(text: str) -> str:
    """A text, or its beginning where it is too long to be sent."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _by(name: str, values: Sequence[str]) -> Colouring:
    known = numbers(values)
    found = groups(values) if known is None else ranges(known)
    of = np.zeros(len(values), dtype=np.uint8)
    shown = []
    for g, group in enumerate(found):
        of[group.rows] = g
        # Ranges go from dark to light, names have colours that are told apart.
        colour = colours.LABELS[g] if known is None else colours.CIVIDIS[1 + 2 * (g % RANGES)]
        shown.append(
            {
                "label": cut(group.name),
                "count": len(group.rows),
                "colour": colour if group.value else colours.NEUTRAL,
                "shape": colours.SYMBOLS[g],
                "rest": bool(group.others),
            }
        )
    packed = base64.b64encode(of.tobytes()).decode()
    clear = known is None and 2 <= len(found) <= RANGES
    return {"name": cut(name), "groups": shown, "of": packed, "clear": clear}
