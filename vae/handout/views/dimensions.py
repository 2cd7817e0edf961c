"""What one dimension changes, what it tells of, and how we know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from vae import studies
from vae.explorer import Explorer
from vae.figures.disentanglement import disentanglement, disentanglement_finding
from vae.figures.information import information_by_label
from vae.figures.probes import probes
from vae.handout.scene import Scene
from vae.i18n import _, pgettext
from vae.i18n.numbers import number
from vae.latent.changes import marked
from vae.report.parts import Cell, Digits, Finding, Part, Said, Table
from vae.report.studied import not_measured
from vae.studies.dimensions import read as read_dimensions
from vae.studies.disentanglement import read as read_disentanglement
from vae.studies.probes import read as read_probes

MOST = 12
END = 3
"""A dial goes so many standard deviations to either side."""


def dials(scene: Scene) -> list[Part]:
    """The sentence now, and both ends of each of the most informative dimensions."""
    explorer = scene.explorer
    start = explorer.encode([scene.sentence()]).mean[0]
    turned = scene.chosen.z or ()
    z = torch.tensor(turned) if len(turned) == len(start) else start
    dims = scene.ranking.order[: scene.whole("dims", 4)]
    now, *said = explorer.decode(_ends(explorer, z, dims))
    rows: list[tuple[Cell, ...]] = []
    for i, d in enumerate(dims):
        # What it is called is left out where the lesson asks for it.
        title = "" if scene.text("names", "shown") == "hidden" else scene.ranking.title(d)
        name = _("dim {d} · {title}", d=d, title=title) if title else _("dim {d}", d=d)
        low, high = (tuple(marked(text, now)) for text in said[2 * i : 2 * i + 2])
        rows.append((name, low, Digits(number(float(z[d]), "+.2f")), high))
    head = (
        pgettext("column", "dimension"),
        _("low end"),
        pgettext("column", "value"),
        _("high end"),
    )
    where = _("{distance:.2f} from your sentence", distance=float((z - start).norm()))
    return [Said(where, ((now, False),)), Table("dials", head, rows)]


def _ends(explorer: Explorer, z: Tensor, dims: Sequence[int]) -> Tensor:
    """(1 + 2 D, Z): z, then z with each of D dimensions at its low and at its high end."""
    spread = None if explorer.has_posterior else explorer.spread
    points = z.repeat(1 + 2 * len(dims), 1)
    for i, d in enumerate(dims):
        for side, place in enumerate((-END, END)):
            end = place if spread is None else spread.centre[d] + place * spread.deviation[d]
            points[1 + 2 * i + side, d] = end
    return points


def tells(scene: Scene) -> list[Part]:
    """Which dimension tells of which label."""
    given = scene.ranking.given
    return _studied(
        scene.explorer,
        "dimensions",
        lambda stored: [information_by_label(read_dimensions(stored), given, MOST)],
    )


def reading(scene: Scene) -> list[Part]:
    """What a probe reads off z, beside its controls."""
    return _studied(scene.explorer, "probes", lambda stored: [probes(read_probes(stored))])


def metrics(scene: Scene) -> list[Part]:
    """Metrics of disentanglement, with their intervals."""

    def shown(stored: dict[str, Any]) -> list[Part]:
        found = read_disentanglement(stored)
        return [Finding(disentanglement_finding(found)), disentanglement(found)]

    return _studied(scene.explorer, "disentanglement", shown)


def _studied(
    explorer: Explorer, name: str, show: Callable[[dict[str, Any]], list[Part]]
) -> list[Part]:
    """What a study found; else how it is measured."""
    stored = studies.made(explorer.run, name)
    return [not_measured(explorer, name)] if stored is None else show(stored)
