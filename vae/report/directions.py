"""The study "directions" in a report: does steering flip a property and leave the rest alone?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vae.diagnostics.bootstrap import Interval
from vae.explorer import Explorer
from vae.figures.analogies import analogies
from vae.figures.left_out import left_out
from vae.figures.steering import steering_by_label
from vae.figures.steering_tables import told_apart
from vae.i18n import _
from vae.i18n.numbers import percent, share_between
from vae.report.parts import Details, Metric, Metrics, Paragraph, Part
from vae.report.plots import frame_table
from vae.studies.directions_read import Analogies, read


def parts(explorer: Explorer, result: Mapping[str, Any]) -> list[Part]:
    """Steering, how well directions tell values apart, analogies."""
    found = read(result)
    made: list[Part] = []
    if figure := steering_by_label(found):
        made.append(figure)
    if any(each.told for each in found.labels):
        title = _("Made of {n:,} training sentences, tried on held-out ones", n=found.n_train)
        table = frame_table("told-apart", told_apart(found), title)
        made.append(Details(_("How well directions tell values apart, held out"), (table,)))
    if found.analogies:
        made += [_shares(found.analogies), analogies(found.analogies)]
    if without := left_out({each.label: each.why for each in found.left_out}):
        made.append(Paragraph(without))
    return made or [Paragraph(_("No label of this run has directions."))]


def _shares(found: Analogies) -> Metrics:
    return Metrics(
        (
            _metric(
                _("a − b + c is exactly right"),
                found.exact_match,
                _("the decoder says d to the letter"),
            ),
            _metric(_("It says c again"), found.unchanged, _("nothing has changed")),
            _metric(
                _("The most that can be reached"),
                found.ceiling,
                _("d comes back from its own mean"),
            ),
        )
    )


def _metric(name: str, share: Interval, what: str) -> Metric:
    said = _("{what}; {interval}, n = {n:,}", what=what, interval=share_between(share), n=share.n)
    return Metric(name, percent(share.value), said)
