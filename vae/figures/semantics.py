"""Are sentences alike that lie together? The model's space beside words and a sentence encoder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from vae import colours
from vae.diagnostics.bootstrap import Interval
from vae.diagnostics.samples import Reason
from vae.figures import frame, marks
from vae.figures.figure import Figure
from vae.i18n import Message, _, listed, message
from vae.i18n.numbers import number

Study = Mapping[str, Any]
"""A result of `vae.studies.semantics`, checked by it."""

PAIRS: Mapping[tuple[str, str], Message] = {
    ("model", "words"): message("this model and bag of words"),
    ("model", "encoder"): message("this model and sentence encoder"),
    ("words", "encoder"): message("bag of words and sentence encoder"),
}


def semantics_finding(found: Study) -> str:
    """Whose neighbours those of the model are."""
    shares = {
        p["b"]: Interval(**p["overlap"]) for p in _known(found, "overlap") if p["a"] == "model"
    }
    k, chance = found["k"], found["chance"]
    first = max(shares.values(), key=lambda share: share.value, default=None)
    if first is None or first.low <= chance:
        return _("Its neighbours are those that chance would give: nearness means nothing here.")
    counts = {f"of_{name}": k * share.value for name, share in shares.items()}
    values = {"k": k, "by_chance": k * chance, **counts}
    if "encoder" not in shares:
        return _(
            "Of {k} neighbours it shares {of_words:.1f} with a bag of words; chance gives "
            "{by_chance:.1f}.",
            **values,
        )
    words, encoder = shares["words"], shares["encoder"]
    if min(words.high, encoder.high) >= max(words.low, encoder.low):
        return _(
            "It sorts by words and by meaning alike: of {k} neighbours it shares {of_words:.1f} "
            "with a bag of words and {of_encoder:.1f} with a sentence encoder; chance gives "
            "{by_chance:.1f}.",
            **values,
        )
    if words.value > encoder.value:
        return _(
            "It sorts by words more than by meaning: of {k} neighbours it shares {of_words:.1f} "
            "with a bag of words and {of_encoder:.1f} with a sentence encoder; chance gives "
            "{by_chance:.1f}.",
            **values,
        )
    return _(
        "It sorts by meaning more than by words: of {k} neighbours it shares {of_encoder:.1f} with "
        "a sentence encoder and {of_words:.1f} with a bag of words; chance gives {by_chance:.1f}.",
        **values,
    )


def neighbour_overlap(found: Study) -> Figure:
    """Mean share of common neighbours of each pair of spaces."""
    return Figure(
        name="neighbour-overlap",
        question=_("Which of a sentence's {k} nearest are its nearest elsewhere?", k=found["k"]),
        plot=_agreement(found, "overlap", _("share in common"), 0.0, float(found["chance"])),
        alt=_(
            "Dots with intervals, share of common neighbours: {values}.",
            values=_values(found, "overlap"),
        ),
        look_for=_(
            "Look for this model far to the right of chance, nearer to the sentence encoder than "
            "to words if it sorts by meaning. On the line of chance is a bad sign."
        ),
        estimator=_(
            "Mean share of common neighbours, 0 to 1, k = {k}, over {n:,} different held-out "
            "sentences; bars: 95% by bootstrap over sentences. Euclidean distance between "
            "posterior means, cosine elsewhere.",
            k=found["k"],
            n=found["n_sentences"],
        ),
        table=_table(found, "overlap", float(found["chance"])),
    )


def distance_order(found: Study) -> Figure:
    """Rank correlation of all distances of each pair of spaces."""
    n = found["n_sentences"]
    return Figure(
        name="distance-correlation",
        question=_("Is what is far apart here far apart elsewhere?"),
        plot=_agreement(found, "correlation", _("Spearman's correlation"), -0.1, 0.0),
        alt=_(
            "Dots with intervals, rank correlation of distances: {values}.",
            values=_values(found, "correlation"),
        ),
        look_for=_(
            "It looks at the whole space, where neighbours look close by. Near 0: the space as a "
            "whole is ordered by something else, or by nothing."
        ),
        estimator=_(
            "Spearman's rank correlation (−1 to 1) of all {pairs:,} distances between the same "
            "{n:,} sentences; bars: 95% by bootstrap over sentences, {draws:,} draws.",
            pairs=n * (n - 1) // 2,
            n=n,
            draws=found["correlation_draws"],
        ),
        table=_table(found, "correlation", 0.0),
    )


def pair_name(pair: Mapping[str, Any]) -> str:
    """The two spaces that are compared, for a reader."""
    return str(PAIRS[pair["a"], pair["b"]])


def not_available(found: Study) -> list[str]:
    """Why a pair of spaces could not be compared, each reason once."""
    whys = dict.fromkeys(str(Reason.of_json(p["why"])) for p in found["pairs"] if p["why"])
    return [_("Not available. {why}", why=why) for why in whys]


def _known(found: Study, figure: str) -> list[Mapping[str, Any]]:
    return [pair for pair in found["pairs"] if pair[figure] is not None]


def _agreement(found: Study, figure: str, axis: str, lowest: float, chance: float) -> Any:
    """A mark with its interval for each pair of spaces that was measured.

    Args:
        lowest: where the axis begins, above or below what was measured as need be.
        chance: what two spaces that know nothing of each other would give.
    """
    shown = _known(found, figure)
    intervals = [Interval(**pair[figure]) for pair in shown]
    of_model = [pair["a"] == "model" for pair in shown]
    names = [pair_name(pair) for pair in shown]
    plot = frame.figure(230, showlegend=False)
    marks.dots(
        plot,
        names,
        intervals,
        name=axis,
        hover=[_hover(name, share) for name, share in zip(names, intervals, strict=True)],
        colour=[colours.POSTERIOR if own else colours.NEUTRAL for own in of_model],
        symbol=["circle" if own else "diamond" for own in of_model],
        size=14,
    )
    plot.update_traces(
        mode="markers+text",
        text=[number(each.value, ".2f") for each in intervals],
        textposition="top center",
    )
    least = min([lowest, *(each.low - 0.05 for each in intervals)])
    plot.update_xaxes(range=[least, 1.04])
    plot.update_yaxes(range=[len(shown) - 0.4, -0.8])
    frame.marker_line(plot, chance, _("chance {value:.2f}", value=chance))
    frame.axis_title(plot, axis)
    plot.update_layout(margin={"t": 28})
    return plot


def _hover(name: str, share: Interval) -> str:
    return _(
        "{spaces}: {value:.3f}, {level:.0%} interval {low:.3f} to {high:.3f}, n = {n:,} sentences",
        spaces=name,
        value=share.value,
        level=share.level,
        low=share.low,
        high=share.high,
        n=share.n,
    )


def _values(found: Study, figure: str) -> str:
    said = [
        _("{spaces} {value:.2f}", spaces=pair_name(pair), value=pair[figure]["value"])
        if pair[figure]
        else _("{spaces} not available", spaces=pair_name(pair))
        for pair in found["pairs"]
    ]
    return listed(said, "unit")


def _table(found: Study, figure: str, chance: float) -> Callable[[], pd.DataFrame]:
    """The figures; what is not available stays empty and says why."""

    def make() -> pd.DataFrame:
        return pd.DataFrame(
            [
                {
                    _("spaces"): pair_name(pair),
                    **marks.ends(Interval(**pair[figure]) if pair[figure] else None, _("value")),
                    _("sentences"): pair[figure] and pair[figure]["n"],
                    _("chance"): chance,
                    _("not available"): "" if pair[figure] else str(Reason.of_json(pair["why"])),
                }
                for pair in found["pairs"]
            ]
        )

    return make
