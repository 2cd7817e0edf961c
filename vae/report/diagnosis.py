"""The study "diagnosis" in a report: the split of the rate, likelihood, what the decoder hears."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from vae import figures
from vae.diagnostics.collapse import QUESTIONS
from vae.diagnostics.evidence import Evidence
from vae.diagnostics.information import lower_bound
from vae.explorer import Explorer
from vae.figures.gains import By
from vae.i18n import _
from vae.i18n.numbers import between, number, percent, share_between
from vae.report.parts import Finding, Metric, Metrics, Missing, Paragraph, Part
from vae.runs.summary import free_bits_of
from vae.studies.diagnosis import read
from vae.training.cures import CURES


def verdict(result: Mapping[str, Any]) -> list[Part]:
    """The verdict in a sentence."""
    return [Finding(read(result).diagnosis.sentence)]


def parts(explorer: Explorer, result: Mapping[str, Any]) -> list[Part]:
    """All that a diagnosis rests on."""
    found = read(result)
    measured = _(
        "Measured on {which}, seed {seed}; intervals are over sentences (bootstrap).",
        which=found.which,
        seed=str(found.seed),
    )
    return [
        Paragraph(measured),
        *map(Paragraph, _answers(found)),
        Metrics(tuple(_metrics(found))),
        *map(Paragraph, found.diagnosis.borderline),
        *charts(found, free_bits_of(explorer.run)),
        *(Paragraph(_cure(advice.cure, advice.reason)) for advice in found.diagnosis.cures),
        *(Missing(str(why)) for why in found.lacking),
    ]


def _answers(found: Evidence) -> list[str]:
    """The questions that the verdict answers, each with its figures and thresholds."""
    return [
        _("{question} {answer}", question=str(QUESTIONS[asked]), answer=said)
        for asked, _grade, said in found.diagnosis.parts
    ]


def charts(found: Evidence, floor: float = 0.0) -> list[figures.Figure]:
    """A figure for each finding of a diagnosis, those that were measured.

    Args:
        floor: free bits of a dimension in the run's training, nats.
    """
    rates, variances, which = found.rate_per_dimension, found.variances, found.which
    made = [figures.rate_split(found.split)]
    if found.latent_dim:
        made += [
            figures.rates(rates, variances, found.split.rate, which, floor=floor),
            figures.active_units(found.units, found.latent_dim, which),
            figures.variances(rates, variances, which),
        ]
    if found.match:
        made.append(figures.prior_match(found.match))
        if found.match.valid:
            made.append(figures.prior_validity(found.match.valid))
    if found.likelihood:
        made.append(figures.likelihood(found.likelihood))
    if heard := found.listening:
        groups = figures.gain_groups(found)
        made.append(figures.listening(heard))
        made += [figures.gains(groups[by], by, heard) for by in get_args(By) if groups[by]]
    return made


def _cure(name: str, reason: str) -> str:
    cure = CURES[name]
    return _(
        "What would help: {cure} ({paper}). {reason}",
        cure=cure.title,
        paper=cure.paper,
        reason=reason,
    )


def _metrics(found: Evidence) -> list[Metric]:
    split = found.split
    metrics = [
        Metric(
            _("Rate"),
            _nats(split.rate.value),
            _("a sentence, {interval}", interval=between(split.rate)),
        ),
        Metric(
            _("Information"),
            lower_bound(_nats(split.information.value), split.information.value, split.ceiling),
            _information(found),
        ),
        Metric(
            _("Mismatch of q(z) and prior"),
            _nats(split.mismatch.value),
            _("{interval}; at most, rate less information", interval=between(split.mismatch))
            if split.falls_short
            else _("{interval}; rate less information", interval=between(split.mismatch)),
        ),
    ]
    if found.match:
        kl, accuracy = found.match.moment_kl, found.match.accuracy
        what = _("moments of all posteriors together, {interval}", interval=between(kl))
        metrics.append(Metric(_("KL to the prior"), _nats(kl.value), what))
        what = _("{interval}; 50% by chance", interval=share_between(accuracy))
        metrics.append(Metric(_("Draws told from the prior's"), percent(accuracy.value), what))
    if found.likelihood:
        curve = found.likelihood
        rests = {"k": curve.draws[-1], "n": curve.n_tokens}
        if curve.perplexity is None:
            what = _("a token; K = {k}, {n:,} tokens, ends counted", **rests)
        else:
            what = _(
                "a token, {interval}; K = {k}, {n:,} tokens, ends counted",
                interval=between(curve.perplexity),
                **rests,
            )
        metrics.append(Metric(_("Perplexity"), curve.perplexity_said, what))
    return metrics


def _information(found: Evidence) -> str:
    split = found.split
    said = {"interval": between(split.information), "n": found.n, "ceiling": number(split.ceiling)}
    if split.falls_short:
        return _(
            "{interval}; Hoffman and Johnson (2016), n = {n:,}; over half of its ceiling ln n = "
            "{ceiling} it falls short: the true value is this or more",
            **said,
        )
    return _("{interval}; Hoffman and Johnson (2016), n = {n:,}", **said)


def _nats(value: float) -> str:
    return _("{nats} nats", nats=number(value))
