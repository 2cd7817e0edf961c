"""What evaluation.json says: the verdict, the figures that it rests on, the dimensions in use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from vae.colours import OWN_SENTENCE, POSTERIOR, PRIOR
from vae.diagnostics.bootstrap import Interval, share_interval
from vae.diagnostics.information import falls_short
from vae.diagnostics.listening import finding
from vae.diagnostics.usage import LatentUsage, usage_of_evaluation
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import _
from vae.report import quality, quality_rows, stored
from vae.report.charts import Dots, Series, estimates
from vae.report.dimension_charts import rates, units
from vae.report.intervals import ends, head
from vae.report.parts import (
    Figure,
    Finding,
    Metric,
    Metrics,
    Missing,
    Paragraph,
    Part,
    Table,
    number,
    percent,
    share_between,
)
from vae.report.plots import frame_table
from vae.studies.evaluation import figures_of

NOT_EVALUATED = "This run has not been evaluated. Measure it with"


def glance(explorer: Explorer) -> list[Part]:
    """The figures that matter most."""
    evaluation = figures_of(explorer.run)
    if evaluation is None:
        return [Missing(NOT_EVALUATED, command(explorer))]
    metrics = [*_likelihood(evaluation), *_latent(evaluation), *_shares(evaluation)]
    return [Metrics(tuple(metrics))]


def verdict(explorer: Explorer) -> list[Part]:
    """The verdict on the evaluation, in a sentence; nothing where there is none."""
    if not explorer.latent_dim:
        return [Finding("A plain language model: it has no latent space.")]
    evaluation = figures_of(explorer.run)
    return [] if evaluation is None else [Finding(_usage(evaluation).diagnosis().sentence)]


def command(explorer: Explorer) -> str:
    """What evaluates the run."""
    return f"python -m vae evaluate {explorer.name}"


def used(explorer: Explorer) -> list[Part]:
    """Rate and variance of each dimension, and what a foreign z costs the decoder."""
    if not explorer.latent_dim:
        return [Missing("A plain language model has no latent space to be used.")]
    evaluation = figures_of(explorer.run)
    if evaluation is None:
        return [Missing(NOT_EVALUATED, command(explorer))]
    usage = _usage(evaluation)
    n = f"{usage.n_sentences:,} {usage.sentences_are}"
    together = f"{number(usage.rate)} ± {number(usage.rate_error)} nats (one standard error)"
    return [
        *map(Paragraph, usage.diagnosis().borderline),
        rates(usage.rate_per_dimension, usage.variances, n, together),
        _units(usage, n),
        *_listening(evaluation),
    ]


def probed(explorer: Explorer) -> list[Part]:
    """How well labels are read off the mean, where the evaluation says so."""
    probes = stored.part(figures_of(explorer.run) or {}, "probes")
    found: dict[str, tuple[Interval, float]] = {}
    for label in probes:
        values = stored.part(probes, label)
        accuracy, majority = quality_rows.probe_accuracy(values), stored.share(values, "majority")
        if accuracy is not None and majority is not None:
            found[label] = accuracy, majority
    return [_probes(found)] if found else []


def all_told(explorer: Explorer) -> list[Part]:
    """Worst probe, steering, analogies and disentanglement in one table; nothing without them."""
    evaluation = figures_of(explorer.run) or {}
    rows = quality_rows.read(evaluation)
    if not quality.available(rows):
        return []
    made = quality.table(rows).astype(object)
    made = made.where(made.notna(), None)
    measured = made.columns[1]
    # An empty cell would be a figure that somebody forgot.
    made[measured] = [row.said if row.value is None else row.value for row in rows]
    return [
        frame_table("quality", made, _("Each with its 95% interval")),
        Paragraph(quality.caption(rows, evaluation, explorer.name)),
    ]


def _probes(found: Mapping[str, tuple[Interval, float]]) -> Figure:
    accuracies = [accuracy for accuracy, _ in found.values()]
    majorities = [majority for _, majority in found.values()]
    chart = Dots(
        "accuracy, share of held-out sentences",
        list(found),
        (
            estimates("linear probe", POSTERIOR, accuracies),
            Series("majority", PRIOR, majorities, shape="square"),
        ),
        extent=(0.0, 1.0),
    )
    rows = [
        (label, *ends(accuracy), majority, accuracy.n)
        for label, (accuracy, majority) in found.items()
    ]
    worst = min(found, key=lambda label: found[label][0].value)
    return Figure(
        "What can be read off the posterior mean?",
        chart,
        f"Accuracy of a linear probe for {len(found)} labels; the worst is {worst} with "
        f"{percent(found[worst][0].value)}.",
        "Look for circles far to the right of the squares, which always name the commonest value. "
        "Logistic regression on one half, tried on the other; Wilson's 95% intervals.",
        Table("probes", ("label", *head("accuracy"), "majority", "n"), rows),
    )


def _usage(evaluation: Mapping[str, Any]) -> LatentUsage:
    """As `usage_of_evaluation`, of figures that can be drawn.

    Raises:
        UserError: a figure is missing, no finite number, or there are not as many rates as
            variances.
    """
    usage = usage_of_evaluation(evaluation)
    rates, variances = usage.rate_per_dimension, usage.variances
    figures = (usage.rate, usage.rate_error, usage.information, usage.information_error)
    if (
        rates.ndim != 1
        or rates.shape != variances.shape
        or not np.isfinite([*rates, *variances, *figures, usage.information_ceiling]).all()
    ):
        raise UserError(
            "The evaluation of this run is damaged: its figures do not fit together. Make it "
            "again with `python -m vae evaluate RUN`."
        )
    return usage


def _n(evaluation: Mapping[str, Any]) -> str:
    split = stored.text(evaluation, "split", "held-out")
    return f"n = {stored.thousands(evaluation, 'n_sentences')} {split} sentences"


def _nats(evaluation: Mapping[str, Any], name: str, label: str, what: str) -> list[Metric]:
    value, error = (stored.number(evaluation, field) for field in (name, f"{name}_standard_error"))
    if value is None:
        return []
    sure = "" if error is None else f"± {number(error, '.2g')} (one standard error); "
    return [Metric(label, f"{number(value)} nats", f"{sure}{what}; {_n(evaluation)}")]


def _likelihood(evaluation: Mapping[str, Any]) -> list[Metric]:
    samples = stored.thousands(evaluation, "iw_samples")
    ppl = stored.number(evaluation, "ppl")
    perplexity = "" if ppl is None else f"; perplexity {number(ppl)} a token, ends counted"
    bound = f"a sentence, importance-weighted bound with K = {samples}{perplexity}"
    return [
        *_nats(evaluation, "nll_iw", "NLL", bound),
        *_nats(evaluation, "elbo", "ELBO", "a sentence, one draw of z each"),
        *_nats(evaluation, "distortion", "Distortion", "a sentence, one draw of z each"),
    ]


def _latent(evaluation: Mapping[str, Any]) -> list[Metric]:
    if not stored.count(evaluation, "latent_dim"):
        return []
    ceiling = stored.number(evaluation, "mutual_information_ceiling")
    information = stored.number(evaluation, "mutual_information")
    at_most = "" if ceiling is None else f", cannot exceed ln n = {number(ceiling)}"
    if ceiling is not None and information is not None and falls_short(information, ceiling):
        at_most += ": over half of that it falls short, so the true value is this or more"
    units = stored.thousands(evaluation, "active_units")
    threshold = stored.number(evaluation, "active_unit_threshold")
    above = "a threshold that is not known" if threshold is None else f"{threshold:g}"
    return [
        *_nats(evaluation, "rate", "Rate", "a sentence, mean KL to the prior"),
        *_nats(
            evaluation,
            "mutual_information",
            "Mutual information",
            f"after Hoffman and Johnson (2016){at_most}",
        ),
        Metric(
            "Active units",
            f"{units} of {stored.thousands(evaluation, 'latent_dim')}",
            f"variance of the posterior mean above {above} (Burda, 2016); {_n(evaluation)}",
        ),
    ]


def _shares(evaluation: Mapping[str, Any]) -> list[Metric]:
    grammar = stored.part(evaluation, "grammar")
    found = (
        (
            evaluation,
            "exact_match",
            "n_sentences",
            "Comes back exactly",
            "greedy, from the posterior mean",
        ),
        (
            grammar,
            "prior_accepted",
            "prior_samples",
            "Prior samples that are sentences",
            "accepted by the grammar of the corpus",
        ),
        (
            grammar,
            "interpolation_accepted",
            "interpolation_points",
            "Points between that are sentences",
            "accepted by the grammar; points of one path are not independent",
        ),
    )
    metrics = []
    for values, name, size, label, what in found:
        value, n = stored.share(values, name), stored.count(values, size)
        if value is not None and n:
            sure = share_between(share_interval(round(value * n), n))
            metrics.append(Metric(label, percent(value), f"{what}; {sure}, n = {n:,}"))
    return metrics


def _units(usage: LatentUsage, n: str) -> Figure:
    thresholds = [float(t) for t in np.geomspace(0.001, 1.0, 61)]
    counts = [usage.active_units(t) for t in thresholds]
    series = Series("active units", POSTERIOR, counts, thresholds)
    table = Table(
        "active-units",
        ("threshold", "active units"),
        list(zip(thresholds, counts, strict=True)),
    )
    return units(series, usage.latent_dim, n, table)


def _listening(evaluation: Mapping[str, Any]) -> list[Part]:
    heard = stored.part(evaluation, "decoder_listens")
    own, another, prior = (stored.number(heard, name) for name in ("own", "another", "prior"))
    if own is None or another is None or prior is None:
        return []
    names = ("its own z", "another sentence's z", "a prior z")
    values = (own, another, prior)
    chart = Dots(
        "log p(x|z), nats a sentence",
        names,
        (Series("log p(x|z)", OWN_SENTENCE, values, colours=(OWN_SENTENCE, POSTERIOR, PRIOR)),),
        unit="nats",
    )
    return [
        Figure(
            finding(own, another, prior),
            chart,
            f"Mean log likelihood under its own z {number(own, '.1f')}, another's "
            f"{number(another, '.1f')}, a prior z {number(prior, '.1f')} nats.",
            "Look for a first point far to the right of the others. Three points above each other: "
            "the decoder finds a sentence as likely under any z. Means over "
            f"{_n(evaluation)}, one draw of z each.",
            Table("listening", ("z", "log p(x|z), nats"), list(zip(names, values, strict=True))),
        )
    ]
