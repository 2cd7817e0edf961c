"""A link as a picture that a camera reads: black on white in both themes, since cameras need it."""

from __future__ import annotations

import io

import segno

LONGEST = 1_200
"""Signs of a link that a camera still reads from a wall: beyond, its squares are too small."""


def svg(link: str) -> str:
    """The code of a link as an SVG element, of the size of what it stands in."""
    picture = io.BytesIO()
    ink = {"light": "white", "dark": "black"}
    _made(link).save(picture, kind="svg", border=4, xmldecl=False, omitsize=True, **ink)
    return picture.getvalue().decode().strip()


def png(link: str) -> bytes:
    """The code of a link as a picture that can be kept."""
    picture = io.BytesIO()
    _made(link).save(picture, kind="png", scale=16, border=4)
    return picture.getvalue()


def _made(link: str) -> segno.QRCode:
    return segno.make(link, error="l", micro=False)
