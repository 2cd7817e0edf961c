"""The study "semantics" in a report: are sentences alike that lie together?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vae.colours import MEASURE, POSTERIOR
from vae.diagnostics.bootstrap import Interval
from vae.diagnostics.samples import Reason
from vae.explorer import Explorer
from vae.latent.spaces import SPACES
from vae.report.charts import Level
from vae.report.intervals import dots
from vae.report.parts import Figure, Missing, Part, percent
from vae.studies.semantics import check


def parts(explorer: Explorer, result: Mapping[str, Any]) -> list[Part]:
    """Common neighbours and the order of distances in each pair of spaces."""
    check(result)
    overlap = _named(result, "overlap")
    correlation = _named(result, "correlation")
    n = f"{result['n_sentences']:,} different {result['split']} sentences"
    made: list[Part] = []
    if overlap:
        made.append(_overlap(overlap, n, int(result["k"]), float(result["chance"])))
    if correlation:
        made.append(_correlation(correlation, n, int(result["correlation_draws"])))
    whys = dict.fromkeys(
        str(Reason.of_json(pair["why"])) for pair in result["pairs"] if pair["why"]
    )
    return [*made, *(Missing(f"Not available: {why}") for why in whys)]


def _named(result: Mapping[str, Any], figure: str) -> dict[str, Interval]:
    return {
        f"{SPACES[pair['a']]} and {SPACES[pair['b']]}": Interval(**pair[figure])
        for pair in result["pairs"]
        if pair[figure] is not None
    }


def _overlap(named: Mapping[str, Interval], n: str, k: int, chance: float) -> Figure:
    return dots(
        "Do two spaces agree on who is near?",
        "neighbour-overlap",
        f"share of the {k} nearest in common",
        named,
        f"Look for rows of the model's space far above chance ({percent(chance)}): neighbours of "
        "the model share words, or meaning. A row at chance: what is near in one space is "
        f"anywhere in the other. {n}; 95% intervals over sentences.",
        colours=[POSTERIOR] * len(named),
        levels=[Level(chance, "chance")],
        unit="",
    )


def _correlation(named: Mapping[str, Interval], n: str, draws: int) -> Figure:
    return dots(
        "Do two spaces agree on how far apart sentences are?",
        "distance-correlation",
        "rank correlation of distances",
        named,
        "Look for values well above zero, the value of spaces that have nothing to do with each "
        f"other. Spearman's rank correlation over all pairs of {n}; 95% intervals from {draws:,} "
        "bootstrap draws of sentences.",
        colours=[MEASURE] * len(named),
        levels=[Level(0.0, "nothing in common")],
        unit="",
    )
