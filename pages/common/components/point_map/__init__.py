"""A map of points that every place answers on: drawn, asked and chosen from in the browser.

The cloud, its colours, the words and the latents are files that the browser fetches once by their
digest. What lies over the cloud is small and travels with each run; zoom and selection stay.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from pages.common import media, prose
from pages.common.components.source import source
from pages.common.served import Served, address_of
from vae import colours
from vae.browser import point_map
from vae.corpora.label_types import NO_VALUE
from vae.figures.colouring import Colouring
from vae.i18n import _, language

Rows = npt.NDArray[np.intp]
Floats = npt.NDArray[np.floating]

PATH_COLOUR = "#C96A00"


# A component is sent with its code whenever its data change. So the code is a component of its own,
# which is sent once, and what is updated carries data only.
_CODE = st.components.v2.component(
    "latent_lens_point_map_code",
    html="<i></i>",
    js=point_map.scripts() + "\n" + source(__file__, "code.js"),
)
_COMPONENT = st.components.v2.component(
    "latent_lens_point_map",
    html='<div class="point-map"></div>',
    css=point_map.style(),
    js=source(__file__, "component.js"),
)


@dataclass(frozen=True)
class Picture:
    """A cloud as a browser draws it.

    Attributes:
        name: tells it from others on the page; its zoom is kept by it.
        points: (N, 2) little-endian float32, or a file of these.
        size: of a point, pixels.
        axes: what goes to the right and what goes up, if anything.
        prior: where the middle of the prior N(0, I) lies, whose unit is that of the picture.
        places: how a place becomes a latent: {"origin", "axes"} of a plane, {"few"} of another
            picture; None where it has none.
    """

    name: str
    points: bytes | Served
    size: float
    axes: tuple[str, str] = ("", "")
    prior: tuple[float, float] | None = None
    places: dict[str, Any] | None = None

    def __len__(self) -> int:
        return len(self.points) // 8


@dataclass(frozen=True)
class Over:
    """What lies over the cloud.

    Attributes:
        own: (place, sentence, covariance (2, 2) or None) of a person's own sentences.
        path: places on a way.
        marks: (place, name) of places that have one.
        arrow: places on a way that has a direction, and its name.
        circle: place and radius of a circle, in units of the picture.
        hits: rows that a search found; None without a search.
    """

    own: Sequence[tuple[Floats, str, Floats | None]] = ()
    path: Floats | None = None
    marks: Sequence[tuple[Floats, str]] = ()
    arrow: tuple[Floats, str] | None = None
    circle: tuple[Floats, float] | None = None
    hits: Rows | None = None


@dataclass(frozen=True)
class Picked:
    """What a person chose on the map.

    Attributes:
        rows: of the cloud, ascending; own sentences as -1, -2, ...
        place: what was clicked, where it was a place.
    """

    rows: list[int] = field(default_factory=list)
    place: tuple[float, float] | None = None


def size_of(n: int) -> float:
    """Pixels of a point where n different places are shown."""
    return float(np.clip(40 / max(n, 1) ** 0.25, 1.2, 11))


def show(
    picture: Picture,
    colouring: Colouring,
    over: Over,
    *,
    key: str,
    chosen: int | None,
    title: str,
    first: str,
    words: bytes,
    alt: str,
    ground: bytes | None = None,
    latents: bytes | Served | None = None,
    decoder: str = "",
    in_parts: bool = False,
    follows: tuple[str, bytes] | None = None,
) -> None:
    """Draw a map; `last` tells what is chosen on it.

    Args:
        chosen: the row that has a ring; of own sentences -1, -2, ...
        title: what the colours mean.
        first: the label that is shown beside the pointer with its name.
        words: as `vae.figures.map_words.packed` or `packed_large`.
        ground: words of regions and lines of density, as `pages.explore._map.ground`.
        latents: (N, Z) little-endian float16, where places need them.
        decoder: as `pages.common.components.decoder.name_anywhere` calls it; "" without one.
        in_parts: with a small map of each group, or of each quarter of a scale.
        follows: the key of a map on the same page with which it shares what is selected, and for
            each point the row that it has there, as little-endian int32, -1 where it has none.
    """
    hits = None if over.hits is None else _bits(over.hits, len(picture))
    side = "-beside" if follows else ""

    def address(content: bytes | None, what: str) -> str | None:
        return media.address(content, f"latent-lens-map-{what}{side}") if content else None

    with st.container(gap=None):
        _COMPONENT(
            key=key,
            on_picked_change=lambda: None,
            data={
                "key": key,
                "name": picture.name,
                "n": len(picture),
                "points": address(picture.points, "points"),
                "codes": address(colouring.codes.tobytes(), "codes"),
                "words": address(words, "words"),
                "ground": address(ground, "ground"),
                "latents": address(latents, "latents"),
                "decoder": decoder,
                "places": picture.places,
                "hits": hits,
                "tables": _code_of_tables(),
                "follows": {"key": follows[0], "rows": address(follows[1], "rows")}
                if follows
                else None,
                "map": _looks(picture, colouring, title)
                | _over(over, first, chosen)
                | {"alt": alt, "panels": _panels(colouring) if in_parts else None},
            },
        )
        _CODE(key=f"{key}_code", height=1)


def last(key: str, n: int, own: int) -> Picked:
    """What was chosen last on the map of a key, before it is drawn.

    Args:
        n: points of its cloud.
        own: how many own sentences lie over it.
    """
    state = st.session_state.get(key)
    return picked(state.get("picked") if state else None, n, own)


@cache
def _code_of_tables() -> str:
    """Where Streamlit keeps the code of its tables; "" where it is kept otherwise."""
    found = list((Path(st.__file__).parent / "static" / "static" / "js").glob("DataFrame.*.js"))
    return address_of("static", "js", found[0].name) if len(found) == 1 else ""


def _looks(picture: Picture, colouring: Colouring, title: str) -> dict[str, Any]:
    looks = [{"colour": k.color, "opacity": k.opacity, "shape": k.symbol} for k in colouring.looks]
    groups = [{"code": code, "name": name} for code, name in colouring.groups]
    scale = {"colours": colouring.ramp, "ticks": colouring.ticks} if colouring.ramp else None
    return {
        "size": picture.size,
        "height": 620,
        "axes": picture.axes,
        "prior": picture.prior,
        "looks": looks,
        "legend": {"title": title, "groups": groups, "scale": scale},
        "colours": {
            "own": colours.OWN_SENTENCE,
            "prior": colours.PRIOR,
            "path": PATH_COLOUR,
            "grey": colours.NEUTRAL,
        },
        "language": language(),
        "none": str(NO_VALUE),
        "texts": _texts(),
    }


def _panels(colouring: Colouring) -> list[dict[str, Any]]:
    return [{"from": a, "to": b, "name": name, "n": n} for a, b, name, n in colouring.parts]


def _texts() -> dict[str, str]:
    return {
        "here": _("Here the model says"),
        "point": _("The sentence of this point"),
        "same": _("The sentence of this point is the same"),
        "own": _("own sentence"),
        "nothing": prose.nothing(),
        "prior": _("prior, one and two standard deviations"),
        "kept": _(
            "Trust: {kept} of the {of} nearest here are near in the space too",
            kept="{kept}",
            of="{of}",
        ),
        "keptOff": _(
            "Trust: {kept} of the {of} nearest here are near in the space too; put back, it lies "
            "{off} of the map's width away",
            kept="{kept}",
            of="{of}",
            off="{off}",
        ),
        "asking": _("The server is decoding: {seconds} s", seconds="{seconds}"),
        "alone": _("Show this group alone"),
        "panels": _("A small map of each group"),
        "tools": _("Tools of the map"),
        "wait": _("Drawing the map"),
        "pan": _("Move the map; Ctrl and the wheel, or two fingers, zoom"),
        "wheel": _("{key} + wheel zooms the map", key="{key}"),
        "fingers": _("Two fingers move and zoom the map"),
        "box": _("Box select"),
        "lasso": _("Lasso select (or hold Shift and drag)"),
        "lattice": _("Sentences all over the map"),
        "closer": _("Zoom in"),
        "further": _("Zoom out"),
        "reset": _("Show all points"),
        # What stands in braces is written by the browser.
        "part": _("{n} of {total} points in sight drawn.", n="{n}", total="{total}"),
        "flat": _("Drawn without WebGL, which this browser does not offer: slower."),
    }


def _over(over: Over, first: str, chosen: int | None) -> dict[str, Any]:
    own = [
        {
            "x": float(place[0]),
            "y": float(place[1]),
            "text": sentence,
            "spread": None if spread is None else spread.ravel()[[0, 1, 3]].tolist(),
        }
        for place, sentence, spread in over.own
    ]
    path = None if over.path is None else over.path.tolist()
    arrow = None
    if over.arrow is not None:
        arrow = {"places": over.arrow[0].tolist(), "name": over.arrow[1]}
    circle = None
    if over.circle is not None:
        (x, y), radius = over.circle
        circle = {"x": float(x), "y": float(y), "radius": radius}
    marks = [{"x": float(p[0]), "y": float(p[1]), "name": name} for p, name in over.marks]
    return {
        "own": own,
        "path": path,
        "marks": marks,
        "arrow": arrow,
        "circle": circle,
        "chosen": chosen,
        "first": first,
    }


def _bits(rows: Rows, n: int) -> str:
    marks = np.zeros(n, dtype=bool)
    marks[rows] = True
    return base64.b64encode(np.packbits(marks, bitorder="little").tobytes()).decode()


def picked(told: Any, n: int, own: int) -> Picked:
    """What a browser told, checked like anything else that comes from outside; n and own as in
    `last`."""
    if not isinstance(told, dict):
        return Picked()
    if isinstance(bits := told.get("bits"), str):
        try:
            read = np.frombuffer(base64.b64decode(bits, validate=True), dtype=np.uint8)
        except (binascii.Error, ValueError):
            return Picked()
        return Picked(np.flatnonzero(np.unpackbits(read, bitorder="little")[:n]).tolist())
    row, place = told.get("row"), (told.get("x"), told.get("y"))
    if isinstance(row, int) and not isinstance(row, bool):
        return Picked([row]) if -own <= row < n else Picked()
    x, y = (float(v) if isinstance(v, int | float) else math.nan for v in place)
    return Picked(place=(x, y)) if math.isfinite(x) and math.isfinite(y) else Picked()
