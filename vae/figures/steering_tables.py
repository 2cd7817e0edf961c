"""What steering does, in figures: a row for each direction, strength and count."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from vae.diagnostics.bootstrap import Interval
from vae.figures import marks
from vae.i18n import _
from vae.latent.steering import Count, Curve
from vae.studies.direction_names import HOWS, value_name
from vae.studies.directions_read import RANDOM, DirectionsStudy
from vae.studies.effects import Effects


def told_apart(found: DirectionsStudy) -> pd.DataFrame:
    """How well each direction tells its two values apart, on held-out sentences."""
    return pd.DataFrame(
        [
            {
                _("label"): each.label,
                _("from"): value_name(t.source),
                _("to"): value_name(t.target),
                _("direction"): str(HOWS[t.how]),
                **marks.ends(t.told.accuracy, _("accuracy")),
                _("majority"): t.told.majority,
                _("random directions"): t.told.control,
                _("sentences"): t.told.accuracy.n,
            }
            for each in found.labels
            for t in each.told
        ]
    )


def effects_table(effects: Sequence[Effects]) -> pd.DataFrame:
    """A row for each label, direction, strength and figure."""
    rows: list[dict[str, object]] = []
    for found in effects:
        for how, curve in ((found.how, found.along), (RANDOM, found.random)):
            for what, other, counted in _counted(curve):
                rows += [
                    {
                        _("steered"): found.label or "",
                        **_row(how, strength, what, other, counted.share(i)),
                    }
                    for i, strength in enumerate(curve.strengths if curve else ())
                ]
    return pd.DataFrame(rows).drop_duplicates(ignore_index=True)


def _counted(curve: Curve | None) -> list[tuple[str, str, Count]]:
    if curve is None:
        return []
    stays = (
        [(_("all else stays"), "", curve.all_stay), (_("both"), "", curve.both)]
        if curve.stays
        else []
    )
    return [
        (_("flips"), "", curve.flips),
        *stays,
        (_("can be read"), "", curve.readable),
        *((_("stays"), each.name, each) for each in curve.stays),
        *((_("flips to"), value_name(each.name), each) for each in curve.by_target),
    ]


def stays_table(found: Effects, at: int) -> pd.DataFrame:
    """A row for each direction and label, at a strength by its index."""
    rows = [
        _row(how, curve.strengths[at], _("stays"), each.name, each.share(at))
        for how, curve in ((found.how, found.along), (RANDOM, found.random))
        if curve and at < len(curve.strengths)
        for each in curve.stays
    ]
    return pd.DataFrame(rows)


def _row(how: str, strength: float, what: str, label: str, share: Interval) -> dict[str, object]:
    return {
        _("direction"): str(HOWS[how]),
        _("strength"): strength,
        _("figure"): what,
        _("label"): label,
        **marks.ends(share, _("share")),
        _("sentences"): share.n,
    }
