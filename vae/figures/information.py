"""Which dimension tells of which label? Mutual information, in nats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from vae.diagnostics.bootstrap import LEVEL, Interval
from vae.figures import frame, marks
from vae.figures.figure import Figure
from vae.figures.left_out import left_out
from vae.i18n import _, ngettext, sentences
from vae.i18n.numbers import number
from vae.studies.dimensions import DimensionStudy, Kept, Told

_MOST_WRITTEN = 400
_WRITTEN = 0.05
"""Nats; a smaller number is not written into its cell."""
_LEAST_SCALE = 0.1
_LONGEST_TITLE = 22

Names = Mapping[int, str]


def names_of(found: DimensionStudy, given: Names) -> dict[int, str]:
    """What each dimension is called: by a person, else by the label it tells of, else nothing."""
    proposed = {d: name.column for d, name in enumerate(found.proposed) if name}
    return {**proposed, **given}


def dimensions_finding(found: DimensionStudy) -> str:
    """How many dimensions tell of a label, and which tells most."""
    named = {d: name for d, name in enumerate(found.proposed) if name}
    z = len(found.proposed)
    if not named:
        return _("None of {z} dimensions tells enough of a label to be named after it.", z=z)
    kl = found.kl.value if found.kl else None
    pure = 0 if kl is None else sum(name.nats >= kl[d] / 2 for d, name in named.items())
    if pure:
        how_many = _(
            "{n} of {z} dimensions tell of a label; in {pure} it is half of the KL or more.",
            n=len(named),
            z=z,
            pure=pure,
        )
    elif kl is None:
        how_many = ngettext(
            "{n} of {z} dimensions tells of a label.",
            "{n} of {z} dimensions tell of a label.",
            len(named),
            z=z,
        )
    elif len(named) > 1:
        how_many = _(
            "{n} of {z} dimensions tell of a label; no dimension stands for one alone.",
            n=len(named),
            z=z,
        )
    else:
        how_many = _("1 of {z} dimensions tells of a label.", z=z)
    d, best = max(named.items(), key=lambda item: item[1].nats)
    values = {"label": best.column, "nats": best.nats, "d": d}
    if kl is None:
        most = _("Most: {label}, {nats:.2f} nats of dimension {d}.", **values)
    else:
        most = _(
            "Most: {label}, {nats:.2f} nats in dimension {d}, whose KL is {kl:.2f}.",
            kl=kl[d],
            **values,
        )
    return sentences(how_many, most)


def information_by_label(found: DimensionStudy, given: Names, most: int | None = None) -> Figure:
    """A cell for each dimension and label; dark where shuffled labels tell as much.

    Args:
        given: names that a person gave to dimensions.
        most: dimensions that are shown, by falling KL; None for all. The table has all.
    """
    order = found.order
    shown, names = order[:most], names_of(found, given)
    labels = [told.label for told in found.told]
    values = [[t.value[d] if t.value[d] > t.chance[d] else 0.0 for t in found.told] for d in shown]
    top = max((max(told.value) for told in found.told), default=0.0)
    written = len(shown) * len(labels) <= _MOST_WRITTEN
    plot = marks.heat(
        values,
        [row_name(d, names.get(d, "")) for d in shown],
        labels,
        top=max(top, _LEAST_SCALE),
        hover=[[_cell(told, d) for told in found.told] for d in shown],
        scale={"title": {"text": _("nats"), "side": "right"}},
        text=[[number(v, ".2f") if v >= _WRITTEN else "" for v in row] for row in values]
        if written
        else None,
    )
    return Figure(
        name="information-by-label",
        question=_("Which dimension tells of which label?"),
        plot=plot,
        alt=_(
            "Heat map of mutual information in nats: {dimensions} dimensions by {labels} labels; "
            "the figures below it have every cell with its interval.",
            dimensions=len(shown),
            labels=len(labels),
        ),
        look_for=_(
            "Look for rows with one bright cell: that dimension stands for one thing. A label "
            "spread over many rows is kept by many together; a dark row tells of no label."
        ),
        estimator=sentences(
            _(
                "Rows by falling KL; mutual information of a draw from the posterior in bins of "
                "equal count, bias taken off (Miller, 1955), on {n:,} held-out sentences; none "
                "where shuffled labels give as much ({shuffles} times). A label that follows from "
                "another shares its nats.",
                n=found.n,
                shuffles=found.shuffles,
            )
            if found.kl
            else _(
                "Rows by how far codes spread; mutual information of the code in bins of equal "
                "count, bias taken off (Miller, 1955), on {n:,} held-out sentences; none where "
                "shuffled labels give as much ({shuffles} times). A label that follows from "
                "another shares its nats.",
                n=found.n,
                shuffles=found.shuffles,
            ),
            left_out({note.label: note.why for note in found.left_out}),
        ),
        table=lambda: _table(found, order, names),
    )


def row_name(dimension: int, title: str) -> str:
    """How a dimension is called beside its row: "33 · place"."""
    short = title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"
    return f"{dimension} · {frame.plain(short)}" if title else str(dimension)


def _cell(told: Told, d: int) -> str:
    values = {"d": d, "label": frame.plain(told.label), "nats": told.value[d]}
    if told.value[d] > told.chance[d]:
        return _("dimension {d} tells {nats:.3f} nats of {label}", **values)
    return _(
        "dimension {d} tells {nats:.3f} nats of {label}, no more than shuffled labels", **values
    )


def information_of_dimension(found: DimensionStudy, d: int) -> Figure:
    """What one dimension tells of each label, beside what shuffled labels give."""
    told = sorted(found.told, key=lambda each: -each.value[d])
    labels = [each.label for each in told]
    plot = marks.rows(len(told))
    marks.bars(
        plot,
        labels,
        [interval(each, d, found.n) for each in told],
        name=_("mutual information"),
        hover=[
            _(
                "{label}: {nats} nats, {share:.0%} of what there is to know",
                label=each.label,
                nats=marks.estimate(interval(each, d, found.n), ".3f"),
                share=_share(each, d),
            )
            for each in told
        ],
    )
    marks.control(
        plot,
        labels,
        [each.chance[d] for each in told],
        name=_("shuffled labels"),
        hover=[
            _("{label}, shuffled: at most {nats:.3f} nats", label=each.label, nats=each.chance[d])
            for each in told
        ],
    )
    plot.update_xaxes(rangemode="tozero")
    frame.axis_title(plot, x=_("mutual information, nats"))
    return Figure(
        name=f"dimension-{d}-information",
        question=_("What does it tell of?"),
        plot=plot,
        alt=_(
            "Bars of the mutual information of dimension {d} with {labels} labels, in nats, each "
            "with its 95% interval and what shuffled labels give.",
            d=d,
            labels=len(told),
        ),
        look_for=_(
            "Look for one long bar. A bad sign: many of the same length, or none past its grey "
            "mark, the largest of {shuffles} estimates with shuffled labels.",
            shuffles=found.shuffles,
        ),
        estimator=_(
            "Mutual information of a draw from the posterior, in bins of equal count, bias taken "
            "off (Miller, 1955); n = {n:,}; whiskers 95%. Labels that tell of each other share "
            "nats.",
            n=found.n,
        ),
        table=lambda: _table(found, [d], {}),
    )


def _table(found: DimensionStudy, dims: Sequence[int], names: Names) -> pd.DataFrame:
    """A row for each dimension and label."""
    ranks = {told.label: np.argsort(np.argsort([-v for v in told.value])) for told in found.told}
    rows = []
    for d in dims:
        for told in found.told:
            rows.append(
                {
                    _("dimension"): d,
                    **({_("name"): names.get(d, "")} if names else {}),
                    _("label"): told.label,
                    **marks.ends(interval(told, d, found.n), _("nats")),
                    _("most of shuffled labels, nats"): round(told.chance[d], 4),
                    _("share of the label"): round(_share(told, d), 4),
                    **_weight(found, d),
                    _("rank among the dimensions"): int(ranks[told.label][d]) + 1,
                    _("sentences"): found.n,
                }
            )
    return pd.DataFrame(rows)


def named(found: DimensionStudy, given: Names) -> pd.DataFrame:
    """Every dimension by falling KL: its name, its KL, and the label that it tells most of."""
    rows = []
    for d in found.order:
        proposed = found.proposed[d]
        rows.append(
            {
                _("dimension"): d,
                _("name given"): given.get(d, ""),
                **(
                    marks.ends(interval(found.kl, d, found.n), _("KL, nats"))
                    if found.kl
                    else _weight(found, d)
                ),
                _("tells most of"): proposed.column if proposed else "",
                _("nats"): round(proposed.nats, 4) if proposed else None,
                _("share of the label"): round(proposed.share, 4) if proposed else None,
                _("low end"): proposed.low if proposed else "",
                _("high end"): proposed.high if proposed else "",
            }
        )
    return pd.DataFrame(rows)


def _weight(found: DimensionStudy, d: int) -> dict[str, float]:
    value = round(found.weight[d], 4)
    if found.kl is None:
        return {_("standard deviation of the code"): value}
    return {_("KL of the dimension, nats"): value}


def interval(column: Kept | Told, d: int, n: int) -> Interval:
    """What was measured of one dimension, on n sentences."""
    return Interval(column.value[d], column.low[d], column.high[d], LEVEL, n)


def _share(told: Told, d: int) -> float:
    return min(1.0, told.value[d] / told.entropy)
