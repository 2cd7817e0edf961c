"""The study "directions" in a report: does steering flip a property and leave the rest alone?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vae.colours import HEALTHY, LABELS, NEUTRAL, POSTERIOR
from vae.diagnostics.bootstrap import Interval
from vae.explorer import Explorer
from vae.latent.steering import Counted, Curve
from vae.report.charts import Dots, Level, estimates
from vae.report.intervals import dots, ends, head
from vae.report.parts import (
    Cell,
    Figure,
    Folded,
    Metric,
    Metrics,
    Paragraph,
    Part,
    Table,
    percent,
    share_between,
)
from vae.studies.directions_read import (
    RANDOM,
    Analogies,
    DirectionsStudy,
    LabelDirections,
    read,
)

_HOW = "difference"


def parts(explorer: Explorer, result: Mapping[str, Any]) -> list[Part]:
    """Steering, how well directions tell values apart, analogies."""
    found = read(result)
    steered = [(each, curve) for each in found.labels if (curve := each.curve(_HOW))]
    made: list[Part] = []
    if steered:
        made.append(_steered(found, steered))
    told = _told(found)
    if told.rows:
        made.append(Folded("How well directions tell values apart, held out", (told,)))
    if found.analogies:
        made += _analogies(found.analogies)
    made += [Paragraph(f"Without directions: {out.label}. {out.why}") for out in found.left_out]
    return made or [Paragraph("No label of this run has directions.")]


def _at_one(curve: Curve) -> int:
    """The index of the strength nearest to one step, from mean to mean."""
    return min(range(len(curve.strengths)), key=lambda i: abs(curve.strengths[i] - 1.0))


def _steered(found: DirectionsStudy, steered: Sequence[tuple[LabelDirections, Curve]]) -> Figure:
    def at_one(counted: Sequence[Counted]) -> list[Interval]:
        return [c.share(_at_one(curve)) for c, (_, curve) in zip(counted, steered, strict=True)]

    flips = at_one([curve.flips for _, curve in steered])
    stay = at_one([curve.all_stay for _, curve in steered])
    both = at_one([curve.both for _, curve in steered])
    controls = [each.curve(RANDOM) for each, _ in steered]
    series = [
        estimates("the property flips", POSTERIOR, flips),
        estimates("all else stays", HEALTHY, stay, shape="square"),
        estimates("both", LABELS[0], both, shape="diamond"),
    ]
    if all(controls):
        random = [c.flips.share(_at_one(c)) for c in controls if c]
        series.append(estimates("flips by random steps", NEUTRAL, random, shape="triangle"))
    reader = "the grammar" if found.read_by == "grammar" else _probes(found)
    strengths = sorted({curve.strengths[_at_one(curve)] for _, curve in steered})
    chart = Dots(
        "share of sentences",
        [each.label for each, _ in steered],
        series,
        extent=(0.0, 1.0),
        levels=[Level(0.9, "90%")],
    )
    return Figure(
        "Does the property flip, and does the rest stay?",
        chart,
        "; ".join(
            f"{each.label}: flips {percent(f.value)}, all else stays {percent(s.value)}"
            for (each, _), f, s in zip(steered, flips, stay, strict=True)
        ),
        "Look for circles and squares at the right, and grey triangles at the left: random steps "
        "of the same length are the control. Circles alone at the right: the property flips, and "
        f"takes other things with it. {steered[0][1].flips.n:,} held-out sentences a label, moved "
        f"{_strength(strengths)} along the difference of means (each from its own value to another "
        f"at random), read by {reader}; Wilson's 95% intervals.",
        _curves(steered),
    )


def _probes(found: DirectionsStudy) -> str:
    """Who reads where there is no grammar, and how well."""
    shares = [probe.accuracy for probe in found.probes]
    if not shares:
        return "probes"
    return f"probes (right in {percent(min(shares))} to {percent(max(shares))}, held out)"


def _strength(strengths: Sequence[float]) -> str:
    said = " or ".join(f"{s:g}" for s in strengths)
    return f"{said} step" if said == "1" else f"{said} steps"


def _curves(steered: Sequence[tuple[LabelDirections, Curve]]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for each, _ in steered:
        for how in (_HOW, "classifier", RANDOM):
            curve = each.curve(how)
            for i, strength in enumerate(curve.strengths if curve else ()):
                assert curve is not None
                counted = (curve.flips, curve.all_stay, curve.both, curve.readable)
                shares = (x for c in counted for x in ends(c.share(i)))
                rows.append((each.label, how, strength, curve.flips.n, *shares))
    columns = (
        "label",
        "direction",
        "strength",
        "n",
        *head("flips"),
        *head("all else stays"),
        *head("both"),
        *head("readable"),
    )
    return Table("steering", columns, rows, "Shares of sentences at each strength")


def _told(found: DirectionsStudy) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            each.label,
            t.source,
            t.target,
            t.how,
            *ends(t.told.accuracy),
            t.told.majority,
            t.told.control,
            t.told.accuracy.n,
        )
        for each in found.labels
        for t in each.told
    ]
    columns = (
        "label",
        "from",
        "to",
        "direction",
        *head("accuracy"),
        "majority",
        "random directions",
        "n",
    )
    title = f"Made of {found.n_train:,} training sentences, tried on held-out ones"
    return Table("told-apart", columns, rows, title)


def _analogies(found: Analogies) -> list[Part]:
    metrics = (
        ("a − b + c is exactly right", found.exact_match, "the decoder says d to the letter"),
        ("It says c again", found.unchanged, "nothing has changed"),
        ("The most that can be reached", found.ceiling, "d comes back from its own mean"),
    )
    named = {each.factor: each.exact_match for each in found.per_factor}
    return [
        Metrics(tuple(_metric(name, share, what) for name, share, what in metrics)),
        dots(
            "Does a − b + c say what it should?",
            "analogies",
            "share exactly right",
            named,
            "Look for factors far to the right. Those at the left change with others, or are said "
            f"in many ways. {found.n:,} analogies in which one factor changes, of held-out "
            "sentences; Wilson's 95% intervals."
            + (f" Never alone: {', '.join(found.never_alone)}." if found.never_alone else ""),
            colours=[POSTERIOR] * len(named),
            unit="",
            extent=(0.0, 1.0),
        ),
    ]


def _metric(name: str, share: Interval, what: str) -> Metric:
    return Metric(name, percent(share.value), f"{what}; {share_between(share)}, n = {share.n:,}")
