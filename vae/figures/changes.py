"""What changes when one dimension is moved from end to end?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vae.diagnostics.bootstrap import LEVEL, Interval
from vae.figures import marks
from vae.figures.figure import Figure
from vae.figures.information import Names, names_of, row_name
from vae.i18n import _
from vae.i18n.numbers import number
from vae.studies.dimensions import Changed, DimensionStudy, Moved
from vae.studies.direction_names import READERS


def changes_by_dimension(found: DimensionStudy, given: Names, most: int | None = None) -> Figure:
    """A cell for each dimension and label: how often the label changes along it.

    The last row is the control, random directions as long.

    Args:
        given: names that a person gave to dimensions.
        most: dimensions that are shown, by falling KL; None for all. The table has all.
    """
    moved, order = found.moved, found.order
    shown, names = order[:most], names_of(found, given)
    labels = [each.label for each in moved.labels]
    values = [[_or_nan(each.value[d]) for each in moved.labels] for d in shown]
    values.append([_or_nan(each.random.value if each.random else None) for each in moved.labels])
    rows = [*(row_name(d, names.get(d, "")) for d in shown), _("random")]
    plot = marks.heat(
        values,
        rows,
        labels,
        top=1.0,
        hover=[
            [_cell(row, label, value) for label, value in zip(labels, line, strict=True)]
            for row, line in zip(rows, values, strict=True)
        ],
        scale={"tickformat": ".0%"},
    )
    return Figure(
        name="changes-by-dimension",
        question=_("What changes when one dimension is moved?"),
        plot=plot,
        alt=_largest(found, order),
        look_for=_(
            "Look for rows with one bright cell, and the last row, the control, dark: then a "
            "dimension can be turned by itself. A bad sign: rows no brighter than the last."
        ),
        estimator=_moved(moved, moved.sentences),
        table=lambda: _table(found, order, names),
    )


def _cell(row: str, label: str, value: float) -> str:
    (plain,) = marks.plain([label])
    if np.isnan(value):
        return _("{label} along {row}: could not be read", label=plain, row=row)
    return _("{label} changes in {share:.0%} along {row}", label=plain, row=row, share=value)


def _largest(found: DimensionStudy, order: Sequence[int]) -> str:
    known = [(c.value[d] or 0.0, d, c.label) for c in found.moved.labels for d in order]
    share, d, label = max(known, default=(0.0, 0, ""), key=lambda each: each[0])
    if not share:
        return _("Heat map of how often each label changes along each dimension: nothing does.")
    return _(
        "Heat map of how often each label changes along each dimension; the most is {label} along "
        "dimension {d}, in {share:.1%} of the sentences.",
        label=label,
        d=d,
        share=share,
    )


def changes_of_dimension(found: DimensionStudy, d: int) -> Figure | None:
    """How often each label changes along one dimension; None where nothing could be read."""
    moved = found.moved
    known = [(c, i) for c in moved.labels if (i := _interval(c, d, moved.readable[d]))]
    if not moved.readable[d] or not known:
        return None
    known.sort(key=lambda pair: -pair[1].value)
    labels = [each.label for each, _i in known]
    plot = marks.rows(len(known))
    marks.bars(
        plot,
        labels,
        [interval for _c, interval in known],
        name=_("along this dimension"),
        hover=[
            _(
                "{label} changes in {share:.0%} ({low:.0%} to {high:.0%})",
                label=each.label,
                share=interval.value,
                low=interval.low,
                high=interval.high,
            )
            for each, interval in known
        ],
    )
    marks.control(
        plot,
        labels,
        [each.random.value if each.random else None for each, _i in known],
        name=_("a random direction"),
        hover=[
            _(
                "{label}, random direction: {share:.0%}",
                label=each.label,
                share=each.random.value if each.random else 0.0,
            )
            for each, _i in known
        ],
    )
    marks.share_axis(plot, _("share of sentences in which it changes"))
    return Figure(
        name=f"dimension-{d}-changes",
        question=_("What changes along it?"),
        plot=plot,
        alt=_(
            "Bars of how often each of {labels} labels changes when dimension {d} is moved from "
            "one end to the other, with 95% intervals, beside random directions.",
            labels=len(known),
            d=d,
        ),
        look_for=_(
            "Look for one long bar and short others: then it can be turned by itself. Bars no "
            "longer than the grey marks say that any direction would do as much."
        ),
        estimator=_moved(moved, moved.readable[d]),
        table=lambda: _table(found, [d], {}),
    )


def _moved(moved: Moved, n: int) -> str:
    """How it was measured: on how many sentences, and who read them."""
    values: dict[str, object] = {
        "n": n,
        "start": number(moved.start, "+g"),
        "end": number(moved.end, "+g"),
    }
    if moved.read_by == "grammar":
        return _(
            "Each of {n:,} sentences decoded at {start} and at {end} standard deviations of the "
            "prior, read by the corpus's own grammar; whiskers 95% (Wilson, 1927).",
            **values,
        )
    worst = min(moved.accuracy, key=lambda each: each.accuracy, default=None)
    if worst is None:
        return _(
            "Each of {n:,} sentences decoded at {start} and at {end} standard deviations of the "
            "prior, read by linear probes of the encoded sentence; the length is counted; "
            "whiskers 95% (Wilson, 1927).",
            **values,
        )
    values |= {"accuracy": worst.accuracy, "label": worst.label}
    if worst.majority is not None:
        return _(
            "Each of {n:,} sentences decoded at {start} and at {end} standard deviations of the "
            "prior, read by linear probes of the encoded sentence, right in {accuracy:.0%} of "
            "held-out sentences for {label}, least of all (always its commonest value: "
            "{majority:.0%}); the length is counted; whiskers 95% (Wilson, 1927).",
            majority=worst.majority,
            **values,
        )
    return _(
        "Each of {n:,} sentences decoded at {start} and at {end} standard deviations of the prior, "
        "read by linear probes of the encoded sentence, right in {accuracy:.0%} of held-out "
        "sentences for {label}, least of all; the length is counted; whiskers 95% (Wilson, 1927).",
        **values,
    )


def _table(found: DimensionStudy, dims: Sequence[int], names: Names) -> pd.DataFrame:
    """A row for each dimension and label: along the dimension, and along random directions."""
    moved = found.moved
    return pd.DataFrame(
        [
            {
                _("dimension"): d,
                **({_("name"): names.get(d, "")} if names else {}),
                _("label"): each.label or _("(nothing changes)"),
                **marks.ends(_interval(each, d, moved.readable[d]), _("share")),
                **marks.ends(each.random, _("along a random direction")),
                _("sentences"): moved.readable[d],
                _("read by"): str(READERS[moved.read_by]),
            }
            for d in dims
            for each in (moved.same, *moved.labels)
        ]
    )


def _interval(changed: Changed, d: int, n: int) -> Interval | None:
    value, low, high = changed.value[d], changed.low[d], changed.high[d]
    if value is None or low is None or high is None:
        return None
    return Interval(value, low, high, LEVEL, n)


def _or_nan(value: float | None) -> float:
    return np.nan if value is None else value
