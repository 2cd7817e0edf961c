"""What is chosen on the map: told by the browser, kept in the link, and taken from it."""

from __future__ import annotations

import base64
import binascii
import zlib
from typing import Any

import numpy as np
import streamlit as st

from pages.common import links, state
from pages.common.components import point_map

_MOST_BYTES = 200_000


def last(key: str, n: int, own: int) -> point_map.Picked:
    """What was chosen last on the map of a key, or what the link says while nothing was.

    Arguments as `point_map.last`. A selection too large for a link is not in it.
    """
    told = st.session_state.get(key)
    picked = told.get("picked") if told else None
    if picked is None:
        return point_map.picked(_read(state.get("selected")), n, own)
    found = point_map.picked(picked, n, own)
    state.put("selected", _written(found))
    return found


def by_link(key: str, found: point_map.Picked) -> point_map.Rows | None:
    """Rows that a link has chosen: the browser does not mark them by itself. None of others."""
    told = st.session_state.get(key)
    if (told and told.get("picked") is not None) or len(found.rows) < 2:
        return None
    return np.array(found.rows)


def _written(found: point_map.Picked) -> str | None:
    if found.place:
        # Millionths of the picture's unit: without an exponent, which reads like a minus sign.
        return "~".join(f"{value:.6f}".rstrip("0").rstrip(".") for value in found.place)
    if len(found.rows) < 2:
        return str(found.rows[0]) if found.rows else None
    marks = np.zeros(found.rows[-1] + 1, dtype=bool)
    marks[found.rows] = True
    packed = zlib.compress(np.packbits(marks, bitorder="little").tobytes(), 9)
    text = base64.b64encode(packed, altchars=b"-_").decode()
    return f"z{text}" if len(text) <= links.LONGEST_SELECTION else None


def _read(text: str | None) -> dict[str, Any] | None:
    if text is None:
        return None
    if text.startswith("z"):
        try:
            packed = base64.b64decode(text[1:], altchars=b"-_", validate=True)
            # No more than bits of a map can be: what comes by a link may be made to be huge.
            bits = zlib.decompressobj().decompress(packed, _MOST_BYTES)
        except (binascii.Error, zlib.error, ValueError):
            return None
        return {"bits": base64.b64encode(bits).decode()}
    if "~" in text:
        x, y = text.split("~")
        return {"x": float(x), "y": float(y)}
    return {"row": int(text)}
