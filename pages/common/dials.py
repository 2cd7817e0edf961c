"""The dial of one dimension: a slider, and what the sentence becomes along it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from torch import Tensor

from pages.common import resources
from pages.common.components.sentence_slider import End, Line, Point, dial, place, value
from vae.explorer import Explorer
from vae.i18n import _, language
from vae.i18n.numbers import number
from vae.latent.changes import marked


def line(
    explorer: Explorer, d: int, z: Tensor, now: str, sweep: Sequence[str], decoder: str = ""
) -> Line:
    """The slider of dimension d of z (Z,), where `now` is said; it stands where z does.

    Args:
        sweep: what is said along `resources.dial`; none is left to the browser.
        decoder: the name of the one that the browser may ask.
    """
    grid, form = resources.dial(explorer, d), resources.end_form(explorer)
    # Along a dial the sentence changes a few times only.
    pieces = {text: marked(text, now) for text in set(sweep)}
    points = [
        Point(pieces[text], *said)
        for text, said in zip(sweep, _said(d, grid, language()), strict=bool(sweep))
    ]
    first, last = (points[0].pieces, points[-1].pieces) if points else ((), ())
    return Line(
        id=str(d),
        label=_("Dimension {d}", d=d),
        points=points,
        at=place(float(z[d]), grid, decoder),
        low=End(number(grid[0], form), first),
        high=End(number(grid[-1], form), last),
        ticks=[i for i in range(1, len(sweep)) if sweep[i] != sweep[i - 1]],
        way=dial(d, z, grid, now) if decoder else None,
    )


def turned(explorer: Explorer, d: int, z: Tensor, index: float) -> Tensor:
    """z (Z,) with dimension d at an index of its dial, or between two."""
    out = z.clone()
    out[d] = value(index, resources.dial(explorer, d))
    return out


def said_at(d: int, x: float) -> str:
    """What is said of a place of a dial."""
    return _("dimension {d} = {value:+.2f}", d=d, value=x)


@lru_cache(maxsize=1024)
def _said(d: int, grid: tuple[float, ...], spoken: str) -> tuple[tuple[str, str], ...]:
    """Of each place what is said, and its value in short: the same for every sentence."""
    return tuple((said_at(d, x), number(x, "+.2f")) for x in grid)
