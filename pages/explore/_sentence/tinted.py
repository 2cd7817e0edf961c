"""Numbers on a tint of what they say, as HTML: log p of a token, what an input adds to an output.

Colours only go along with the numbers, whose ink is the one that can be read on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
import numpy.typing as npt

from pages.common.prose import pushed_aside
from vae import colours
from vae.i18n import _
from vae.i18n.numbers import number

LOWEST = -8.0
"""Nats at the dark end of the scale for tokens, one chance in 3,000: the same for all sentences."""

MONO = "font-family:'Source Code',monospace;"
SERIF = "font-family:'Source Serif',Georgia,'Times New Roman',serif;"
_INKS = ("#14120F", "#FFFFFF")
_SMALL = 0.04
_FAINT = "rgba(128,128,128,0.13)"


def likelihood(log_p: float) -> str:
    """log p of a token in nats, on its tint."""
    share = 1 - min(max(log_p / LOWEST, 0.0), 1.0)
    colour = colours.CIVIDIS[round(share * (len(colours.CIVIDIS) - 1))]
    return (
        f'<div style="{MONO}font-size:0.9rem;padding:0.2rem 0.35rem;margin-top:2px;'
        f'border-radius:3px;background:{colour};color:{_ink(colour)};">{number(log_p, ".2f")}</div>'
    )


def likelihood_legend() -> str:
    """What the tints of `likelihood` say."""
    return (
        '<div style="display:flex;flex-wrap:wrap;align-items:center;gap:0.2rem 1.4rem;'
        'margin-top:0.9rem;font-size:0.85rem;"><span>'
        + _("upper: given its own z; lower: given a prior z")
        + "</span>"
        + _ramp(_("log p: {nats:.0f} nats or less", nats=LOWEST), _("0 (certain)"), colours.CIVIDIS)
        + "</div>"
    )


def grid(
    tokens: Sequence[str],
    columns: Sequence[str],
    values: npt.NDArray[np.floating],
    unit: str,
    caption: str,
) -> str:
    """A table of what is added, tokens (T) down and dimensions (D) across; values (T, D).

    Args:
        columns: what the dimensions are called.
        unit: of the values.
        caption: what the table shows, for who cannot see it.
    """
    # No scale is finer than 1, lest a model that keeps nothing glow like one that keeps much.
    most = max(1.0, float(np.abs(values).max(initial=0)))
    head = "".join(
        f'<th scope="col" style="padding:0 0 0.4rem;border:0;font-weight:400;font-size:0.85rem;'
        'vertical-align:bottom;"><span style="writing-mode:vertical-rl;text-orientation:sideways;'
        f'transform:rotate(180deg);white-space:nowrap;max-height:11rem;overflow:hidden;">{escape(name)}</span></th>'
        for name in columns
    )
    body = "".join(
        f'<tr><th scope="row" dir="auto" style="{SERIF}font-size:1.1rem;font-weight:400;'
        "text-align:left;padding:0 0.5rem 0 0;border:0;white-space:nowrap;max-width:10rem;"
        'overflow:hidden;text-overflow:ellipsis;">'
        f"{escape(token)}</th>{''.join(_added(v, most) for v in row)}</tr>"
        for token, row in zip(tokens, values, strict=True)
    )
    ends = f"{number(-most, '.1f')} {unit}", f"{number(most, '+.1f')} {unit}"
    return (
        f'<div style="overflow-x:auto;" {pushed_aside(caption)}>'
        '<table style="border-collapse:separate;border-spacing:2px;'
        f'width:100%;"><caption style="position:absolute;left:-9999px;">{escape(caption)}</caption>'
        f'<thead><tr><td style="border:0;"></td>{head}</tr></thead><tbody>{body}</tbody></table>'
        '</div><div style="margin-top:0.6rem;font-size:0.85rem;">'
        f"{_ramp(*ends, [colour for _, colour in colours.DIVERGING])}</div>"
    )


def _added(value: float, most: float) -> str:
    look = (
        f"{MONO}font-size:0.82rem;text-align:center;padding:0.18rem 0;border:0;border-radius:3px;"
        "min-width:2.15rem;"
    )
    if abs(value) < _SMALL * most or abs(value) < 0.05:
        # What is small beside the largest is faint, so that the rest can be read.
        return f'<td style="{look}background:{_FAINT};">·</td>'
    colour = colours.diverging(value / most)
    text = number(value, "+.1f")
    return f'<td style="{look}background:{colour};color:{_ink(colour)};">{text}</td>'


def _ink(colour: str) -> str:
    return max(_INKS, key=lambda ink: colours.contrast(ink, colour))


def _ramp(low: str, high: str, colours: Sequence[str]) -> str:
    return (
        '<span style="display:inline-flex;align-items:center;gap:0.5rem;"><span>'
        f'{escape(low)}</span><span aria-hidden="true" style="width:9rem;height:0.7rem;'
        f'border-radius:3px;background:linear-gradient(90deg,{",".join(colours)});"></span>'
        f"<span>{escape(high)}</span></span>"
    )
