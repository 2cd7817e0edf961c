"""A walk from one sentence to another, and how far from the origin it leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from vae import figures
from vae.explorer import PathPoint
from vae.handout.scene import Scene
from vae.i18n import _, pgettext
from vae.i18n.numbers import number
from vae.latent.changes import marked
from vae.latent.interpolation import NAMES
from vae.latent.waypoints import Waypoints, waypoints
from vae.report.parts import Cell, Digits, Paragraph, Part, Prose, Table

STEPS = 11


def film(scene: Scene) -> list[Part]:
    """The sentences on the way, and how far each point is from the origin."""
    return [Paragraph(_("Path: {method}.", method=NAMES[_method(scene)])), frames(_way(scene))]


def shell(scene: Scene) -> list[Part]:
    """How far from the origin the way leads, beside the shell of the prior."""
    found = waypoints(scene.explorer, _way(scene), lambda: scene.explorer.atlas)
    return [Paragraph(_("Path: {method}.", method=NAMES[_method(scene)])), *from_origin(found)]


def from_origin(found: Waypoints) -> tuple[figures.Figure, Prose]:
    """How far from the origin each point of a way is, and what to look for, panel by panel."""
    made = figures.waypoints(found)
    question = _("How far from the origin does the way lead?")
    return replace(made, question=question, look_for="", estimator=""), Prose(made.look_for)


def frames(way: Sequence[PathPoint]) -> Table:
    """One line a step; words that are new are marked."""
    rows: list[tuple[Cell, ...]] = []
    for i, point in enumerate(way):
        before = way[i - 1].sentence if i else None
        said = tuple(marked(point.sentence, before)) or ((_("(nothing)"), False),)
        length = number(float(point.z.norm()), ".1f")
        rows.append((said, Digits(number(point.t, ".1f")), Digits(length)))
    head = (pgettext("column", "sentence"), "t", _("distance from the origin"))
    return Table("way", head, rows)


def _method(scene: Scene) -> str:
    return scene.chosen.method or scene.text("method", "slerp")


def _way(scene: Scene) -> tuple[PathPoint, ...]:
    a, b = scene.sentence("a"), scene.sentence("b")
    return tuple(scene.explorer.interpolate(a, b, STEPS, _method(scene)))
