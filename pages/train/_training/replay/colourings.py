"""What the points of a replay are coloured by: labels, ranges of numbers, length. No Streamlit."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np

from vae import colours
from vae.corpora.label_types import MEASURED, LabelType, categories, measures, types_of
from vae.figures.groups import RANGES, Scale, groups, ranges
from vae.i18n import _
from vae.latent.timeline import Timeline
from vae.scripts import words

LONGEST = 300
"""Characters of a text that are sent; one that a corpus has by mistake may be a book."""

Colouring = dict[str, Any]


def colourings(timeline: Timeline) -> list[Colouring]:
    """One for each label, and one by length; a single colour where nothing is known.

    Each has a name, groups (label, count, colour, shape, and whether it is the rest), the group of
    every point (n bytes in base64), and whether its groups are few enough to be seen at a glance.
    """
    types = types_of(timeline.labels, timeline.types)
    found = [_by(name, _values(v, types[name])) for name, v in timeline.labels.items()]
    if timeline.sentences:
        lengths = np.array([words(s) for s in timeline.sentences], dtype=float)
        found.append(_by(_("length in words"), Scale(lengths)))
    return found or [_by(_("nothing"), [_("sentence")] * timeline.frames.shape[1])]


def cut(text: str) -> str:
    """A text, or its beginning where it is too long to be sent."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _values(values: Sequence[str], kind: LabelType) -> Sequence[str] | Scale:
    return Scale(measures(values, kind), kind) if kind in MEASURED else categories(values, kind)


def _by(name: str, values: Sequence[str] | Scale) -> Colouring:
    on_a_scale = isinstance(values, Scale)
    found = ranges(values) if isinstance(values, Scale) else groups(values)
    n = len(values.values) if isinstance(values, Scale) else len(values)
    of = np.zeros(n, dtype=np.uint8)
    shown = []
    for g, group in enumerate(found):
        of[group.rows] = g
        # Ranges go from dark to light, names have colours that are told apart.
        colour = colours.CIVIDIS[1 + 2 * (g % RANGES)] if on_a_scale else None
        shown.append(
            {
                "label": cut(group.name),
                "count": len(group.rows),
                "colour": (colour or colours.LABELS[g])
                if group.kind == "value"
                else colours.NEUTRAL,
                "shape": colours.SYMBOLS[g % len(colours.SYMBOLS)],
                "rest": group.kind == "rest",
            }
        )
    packed = base64.b64encode(of.tobytes()).decode()
    clear = not on_a_scale and 2 <= len(found) <= RANGES
    return {"name": cut(name), "groups": shown, "of": packed, "clear": clear}
