"""The study "diagnosis" in a report: the split of the rate, likelihood, what the decoder hears."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vae.colours import DISTORTION, MEASURE, OWN_SENTENCE, POSTERIOR, PRIOR, RATE
from vae.diagnostics.evidence import Evidence
from vae.diagnostics.gains import Listening
from vae.diagnostics.likelihood import LikelihoodCurve
from vae.diagnostics.listening import finding
from vae.explorer import Explorer
from vae.report.charts import Level, Lines, Panel, estimates
from vae.report.dimension_charts import rates, units
from vae.report.gains import gains_of, places
from vae.report.intervals import dots, table
from vae.report.parts import (
    Figure,
    Finding,
    Metric,
    Metrics,
    Missing,
    Paragraph,
    Part,
    between,
    number,
    percent,
    share_between,
)
from vae.studies.diagnosis import read
from vae.training.cures import CURES


def verdict(result: Mapping[str, Any]) -> list[Part]:
    """The verdict in a sentence."""
    return [Finding(read(result).diagnosis.sentence)]


def parts(explorer: Explorer, result: Mapping[str, Any]) -> list[Part]:
    """All that a diagnosis rests on."""
    found = read(result)
    n = str(found.which)
    together = f"{number(found.split.rate.value)} nats, {between(found.split.rate)}"
    made: list[Part] = [
        Paragraph(f"Measured on {n}, seed {found.seed}; intervals are over sentences (bootstrap)."),
        Metrics(tuple(_metrics(found))),
        *map(Paragraph, found.diagnosis.borderline),
        _split(found),
        rates(found.rate_per_dimension, found.variances, n, together),
        _units(found),
    ]
    if found.likelihood:
        made.append(_likelihood(found.likelihood, n))
    if found.listening:
        made += [_listening(found.listening, n), *places(found.listening)]
    groups = {"vocabulary": found.vocabulary, "factors": found.factors}
    made += [gains_of(name, gains) for name, gains in groups.items() if gains]
    for advice in found.diagnosis.cures:
        cure = CURES[advice.cure]
        made.append(Paragraph(f"What would help: {cure.title} ({cure.paper}). {advice.reason}"))
    return [*made, *(Missing(str(why)) for why in found.missing)]


def _metrics(found: Evidence) -> list[Metric]:
    split = found.split
    information = f"{between(split.information)}; Hoffman and Johnson (2016), n = {found.n:,}"
    if split.falls_short:
        information += (
            f"; over half of its ceiling ln n = {number(split.ceiling)} it falls short: the true "
            "value is this or more"
        )
    metrics = [
        Metric("Rate", f"{number(split.rate.value)} nats", f"a sentence, {between(split.rate)}"),
        Metric("Information", f"{number(split.information.value)} nats", information),
        Metric(
            "Mismatch of q(z) and prior",
            f"{number(split.mismatch.value)} nats",
            f"{between(split.mismatch)}; {'at most, ' if split.falls_short else ''}rate less "
            "information",
        ),
    ]
    if found.holes:
        metrics.append(
            Metric(
                "Prior draws in holes",
                percent(found.holes.share.value),
                f"{share_between(found.holes.share)}; "
                f"{percent(found.holes.quantile)} if q(z) were the prior",
            )
        )
    if found.likelihood:
        perplexity = found.likelihood.perplexity
        metrics.append(
            Metric(
                "Perplexity",
                number(perplexity.value),
                f"a token, {between(perplexity)}; K = {found.likelihood.draws[-1]}, "
                f"{found.likelihood.n_tokens:,} tokens, ends counted",
            )
        )
    return metrics


def _split(found: Evidence) -> Figure:
    split = found.split
    named = {
        "rate": split.rate,
        "information": split.information,
        "information, at most": split.upper,
        "mismatch of q(z) and the prior": split.mismatch,
    }
    at_most = f"ceiling ln n = {number(split.ceiling)}"
    colours = (RATE, MEASURE, MEASURE, PRIOR)
    return dots(
        "How much of the rate is information?",
        "rate-split",
        "nats a sentence",
        named,
        "Look for information that makes up most of the rate. A mismatch that is larger is rate "
        "spent on sentences that lie where the prior does not. The estimate cannot exceed ln n, "
        "the dashed line; “at most” bounds the information among all sentences there could be "
        "(Poole et al., 2019).",
        colours=colours,
        levels=[Level(split.ceiling, at_most)],
        extent=(0.0, 1.05 * max(*(each.high for each in named.values()), split.ceiling)),
    )


def _units(found: Evidence) -> Figure:
    curve = found.units
    named = dict(zip(curve.thresholds, curve.counts, strict=True))
    counts = table("active-units", "threshold", "active units", named)
    series = estimates("active units", POSTERIOR, curve.counts, curve.thresholds, style="line")
    return units(series, found.latent_dim, str(found.which), counts)


def _likelihood(curve: LikelihoodCurve, n: str) -> Figure:
    chart = Lines(
        "K, draws of z a sentence",
        (
            Panel(
                "−log p(x), nats a sentence, at most",
                (estimates("bound", DISTORTION, curve.nll, curve.draws),),
                unit="nats",
                zero=False,
            ),
        ),
        x_name="K =",
        log=True,
        ticks=[float(k) for k in curve.draws],
    )
    return Figure(
        "How tight is the bound on the likelihood?",
        chart,
        f"Importance-weighted bound on −log p(x) falling from {number(curve.nll[0].value)} to "
        f"{number(curve.nll[-1].value)} nats as K grows from {curve.draws[0]} to "
        f"{curve.draws[-1]}.",
        "Look for a curve that has become level: the last value is then near the likelihood "
        "itself. One that still falls says only that the likelihood is better than that. "
        f"Importance-weighted bound (Burda et al., 2016) on {n}; the ELBO lies "
        f"{number(curve.gap.value)} nats above the last ({between(curve.gap)}).",
        table("likelihood", "K", "bound (nats)", dict(zip(curve.draws, curve.nll, strict=True))),
    )


def _listening(found: Listening, n: str) -> Figure:
    named = {
        "its own z": found.own,
        "another sentence's z": found.another,
        "a prior z": found.prior,
    }
    question = finding(found.own.value, found.another.value, found.prior.value)
    return dots(
        question,
        "listening",
        "mean log p(x|z), nats a sentence",
        named,
        "Look for a first point far to the right of the others. Three points above each other: "
        f"the decoder finds a sentence as likely under any z. Means over {n}; another's z costs "
        f"{number(found.over_another.value)} nats ({between(found.over_another)}).",
        colours=(OWN_SENTENCE, POSTERIOR, PRIOR),
    )
