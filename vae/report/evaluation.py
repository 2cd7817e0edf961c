"""What evaluation.json says: the figures that a verdict rests on, and how good the space is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vae.diagnostics.bootstrap import share_interval
from vae.diagnostics.information import falls_short, lower_bound
from vae.diagnostics.likelihood import perplexity_said, with_effective
from vae.explorer import Explorer
from vae.figures import quality
from vae.i18n import _
from vae.i18n.numbers import ERRORS, PLUS_MINUS, number, percent, share_between
from vae.report import stored
from vae.report.parts import Metric, Metrics, Missing, Paragraph, Part
from vae.report.plots import frame_table
from vae.studies.evaluation import fullest
from vae.studies.quality import available, rows
from vae.studies.summary import figures_of


def glance(explorer: Explorer) -> list[Part]:
    """The figures that matter most."""
    evaluation = figures_of(explorer.run)
    if evaluation is None:
        why = _("This run has not been evaluated. Measure it with")
        return [Missing(why, command(explorer))]
    metrics = [*_likelihood(evaluation), *_latent(evaluation), *_shares(evaluation)]
    return [Metrics(tuple(metrics)), Paragraph(str(PLUS_MINUS))]


def command(explorer: Explorer) -> str:
    """What evaluates the run."""
    return f"python -m vae evaluate {explorer.name}"


def all_told(explorer: Explorer) -> list[Part]:
    """Worst probe, steering, analogies and disentanglement in one table; nothing without them."""
    measured = fullest(explorer.run)
    found = [] if measured is None else rows(measured)
    if measured is None or not available(found):
        return []
    made = quality.table(found).astype(object)
    made = made.where(made.notna(), None)
    column = made.columns[1]
    # An empty cell would be a figure that somebody forgot.
    made[column] = [row.found.value if row.found else quality.said(row) for row in found]
    return [
        frame_table("quality", made, _("Each with its 95% interval")),
        Paragraph(quality.caption(found, measured, explorer.name)),
    ]


def _n(evaluation: Mapping[str, Any]) -> str:
    n, split = stored.thousands(evaluation, "n_sentences"), stored.text(evaluation, "split", "-")
    match split:
        case "test":
            return _("n = {n} test sentences", n=n)
        case "validation":
            return _("n = {n} validation sentences", n=n)
        case "train":
            return _("n = {n} training sentences", n=n)
    return _("n = {n} sentences", n=n)


def _nats(evaluation: Mapping[str, Any], name: str, label: str, what: str) -> list[Metric]:
    value, error = (stored.number(evaluation, field) for field in (name, f"{name}_standard_error"))
    if value is None:
        return []
    told = {"what": what, "n": _n(evaluation)}
    if error is None:
        rests = _("{what}; {n}", **told)
    else:
        rests = _("± {reach}; {what}; {n}", reach=number(ERRORS * error, ".2g"), **told)
    said = number(value)
    if (ceiling := stored.number(evaluation, f"{name}_ceiling")) is not None:
        said = lower_bound(said, value, ceiling)
    return [Metric(label, _("{nats} nats", nats=said), rests)]


def _likelihood(evaluation: Mapping[str, Any]) -> list[Metric]:
    samples = stored.thousands(evaluation, "iw_samples")
    ppl = stored.number(evaluation, "ppl")
    if ppl is None and not evaluation.get("ppl_above"):
        bound = _("a sentence, importance-weighted bound with K = {k}", k=samples)
    else:
        bound = _(
            "a sentence, importance-weighted bound with K = {k}; perplexity {ppl} a token, ends "
            "counted",
            k=samples,
            ppl=perplexity_said(ppl),
        )
    if stored.count(evaluation, "latent_dim"):
        bound = with_effective(bound, stored.number(evaluation, "iw_effective"))
    drawn = _("a sentence, one draw of z each")
    return [
        *_nats(evaluation, "nll_iw", _("NLL"), bound),
        *_nats(evaluation, "elbo", _("ELBO"), drawn),
        *_nats(evaluation, "distortion", _("Distortion"), drawn),
    ]


def _latent(evaluation: Mapping[str, Any]) -> list[Metric]:
    if not stored.count(evaluation, "latent_dim"):
        return []
    threshold = stored.number(evaluation, "active_unit_threshold")
    above = _("a threshold that is not known") if threshold is None else number(threshold, "g")
    told = {"threshold": above, "n": _n(evaluation)}
    rate = _("a sentence, mean KL to the prior")
    return [
        *_nats(evaluation, "rate", _("Rate"), rate),
        *_nats(evaluation, "mutual_information", _("Mutual information"), _estimator(evaluation)),
        *_principal(evaluation, told),
        Metric(
            _("Active units"),
            _(
                "{n} of {of}",
                n=stored.thousands(evaluation, "active_units"),
                of=stored.thousands(evaluation, "latent_dim"),
            ),
            _("variance of the posterior mean above {threshold} (Burda, 2016); {n}", **told),
        ),
    ]


def _principal(evaluation: Mapping[str, Any], told: Mapping[str, Any]) -> list[Metric]:
    if stored.count(evaluation, "principal_units") is None:
        return []
    return [
        Metric(
            _("Principal units"),
            _(
                "{n} of {of}",
                n=stored.thousands(evaluation, "principal_units"),
                of=stored.thousands(evaluation, "latent_dim"),
            ),
            _("directions; variance of the posterior mean above {threshold}; {n}", **told),
        )
    ]


def _estimator(evaluation: Mapping[str, Any]) -> str:
    """Of the mutual information."""
    ceiling = stored.number(evaluation, "mutual_information_ceiling")
    information = stored.number(evaluation, "mutual_information")
    if ceiling is None:
        return _("after Hoffman and Johnson (2016)")
    if information is not None and falls_short(information, ceiling):
        return _(
            "after Hoffman and Johnson (2016), cannot exceed ln n = {ceiling}: over half of that "
            "it falls short, so the true value is this or more",
            ceiling=number(ceiling),
        )
    return _(
        "after Hoffman and Johnson (2016), cannot exceed ln n = {ceiling}", ceiling=number(ceiling)
    )


def _shares(evaluation: Mapping[str, Any]) -> list[Metric]:
    grammar = stored.part(evaluation, "grammar")
    found = (
        (
            evaluation,
            "exact_match",
            "n_sentences",
            _("Comes back exactly"),
            _("greedy, from the posterior mean"),
        ),
        (
            evaluation,
            "exact_match_drawn",
            "n_sentences",
            _("Comes back exactly from a draw"),
            _("greedy, from one draw of the posterior, which is what training decodes"),
        ),
        (
            grammar,
            "prior_accepted",
            "prior_samples",
            _("Prior samples that are sentences"),
            _("decoded greedily, accepted by the grammar of the corpus"),
        ),
        (
            grammar,
            "prior_accepted_drawn",
            "prior_samples",
            _("Prior samples drawn word by word"),
            _("the same z at temperature 1, which is what the model says; accepted by the grammar"),
        ),
        (
            grammar,
            "interpolation_accepted",
            "interpolation_points",
            _("Points between that are sentences"),
            _("accepted by the grammar; points of one path are not independent"),
        ),
    )
    metrics = []
    for values, name, size, label, what in found:
        value, n = stored.share(values, name), stored.count(values, size)
        if value is not None and n:
            sure = share_between(share_interval(round(value * n), n))
            rests = _("{what}; {interval}, n = {n:,}", what=what, interval=sure, n=n)
            metrics.append(Metric(label, percent(value), rests))
    return metrics
