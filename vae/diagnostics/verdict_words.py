"""The verdict of a diagnosis and its parts in words, each with the figures that decide it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from vae.diagnostics import fitness_words, judgement
from vae.diagnostics.fitness import Verdict
from vae.diagnostics.information import lower_bound
from vae.diagnostics.judgement import COLLAPSED_RATE, HEALTHY_UNITS, Figures, Question
from vae.diagnostics.latent_swap import HEARD
from vae.diagnostics.prior_match import GOOD_MOMENT_KL, VISIBLE_ACCURACY
from vae.i18n import Message, _, message, sentences
from vae.i18n.numbers import number

VERDICTS: Mapping[Verdict, Message] = {
    "healthy": message("healthy"),
    "flawed": message("used, with a flaw"),
    "partial": message("partial"),
    "collapsed": message("collapsed"),
    "untrained": message("not trained"),
    "diverged": message("diverged"),
    "falling": message("still falling"),
    "memorises": message("memorises"),
    "forgets": message("forgets"),
    "undecided": message("too few sentences"),
}
"""Each verdict in a word or two."""


def verdict(f: Figures) -> tuple[str, ...]:
    """The verdict in a sentence, with the figure that decides; then what is weakest, or the cure.

    What was not measured is left out.
    """
    if f.latent_dim == 0:
        return (_("A plain language model: it has no latent space."),)
    return tuple(filter(None, _DECIDES[f.verdict](f)))


def part(asked: Question, f: Figures) -> str:
    """The figures that answer a question, with what they have to be."""
    return _SAID[asked](f)


def _told(found: Figures) -> str:
    nats = number(found.mutual_information, ".1f")
    return lower_bound(nats, found.mutual_information, found.ceiling)


def _healthy(f: Figures) -> str:
    values = {"units": f.units, "dimensions": f.latent_dim}
    if f.principal_units is None and f.heard is None:
        return _("Healthy: {units} of {dimensions} dimensions are active.", **values)
    if f.principal_units is None:
        return _(
            "Healthy: {units} of {dimensions} dimensions are active, and the decoder reads them.",
            **values,
        )
    if f.heard is None:
        return _(
            "Healthy: {units} of {dimensions} principal directions are in use.",
            **values,
        )
    return _(
        "Healthy: {units} of {dimensions} principal directions are in use, and the decoder reads "
        "them.",
        **values,
    )


def _held(f: Figures) -> str:
    return _(
        "They hold {told} nats of information about a sentence, at a rate of {rate:.1f}.",
        told=_told(f),
        rate=f.rate,
    )


def _weakest(f: Figures) -> str:
    if f.weakest == "price":
        return _("Weakest: the price, of which {idle:.1f} nats are no information.", idle=f.idle)
    if f.weakest == "prior":
        return _(
            "Weakest: the prior. A classifier gets {accuracy:.0%} of its draws and of posteriors' "
            "right (chance: 50%).",
            accuracy=f.accuracy,
        )
    return ""


def _diverged(f: Figures) -> tuple[str, ...]:
    if f.unigram is None or f.nll is None or not math.isfinite(f.nll):
        said = _("Diverged: what a sentence costs is no finite number any more.")
    else:
        said = _(
            "Diverged: a sentence costs {nll:,.0f} nats, and {unigram:.0f} by the frequencies of "
            "its words alone. No other figure means anything.",
            nll=f.nll,
            unigram=f.unigram,
        )
    return said, _("What would help: a lower `learning_rate` or `clip_norm`.")


def _collapsed(f: Figures) -> str:
    if f.units == 0:
        return _(
            "Collapsed: none of {dimensions} dimensions is in use; z is nearly the same for every "
            "sentence.",
            dimensions=f.latent_dim,
        )
    if f.rate < COLLAPSED_RATE:
        return _(
            "Collapsed: the rate is {rate:.2f} nats a sentence, too little to set two sentences "
            "apart.",
            rate=f.rate,
        )
    if f.mutual_information < f.least:
        return _(
            "Collapsed: {told:.2f} nats of information about a sentence, at a rate of {rate:.2f}.",
            told=f.mutual_information,
            rate=f.rate,
        )
    return _(
        "Collapsed: nobody reads z. To the decoder a sentence's own is {heard:.2f} nats better "
        "than another's, at a rate of {rate:.1f}.",
        heard=f.heard,
        rate=f.rate,
    )


def _partial(f: Figures) -> str:
    values: dict[str, Any] = {
        "units": f.units,
        "dimensions": f.latent_dim,
        "told": _told(f),
        "rate": f.rate,
    }
    if f.units < HEALTHY_UNITS:
        return _("Partly collapsed: a single one of {dimensions} dimensions is in use.", **values)
    if f.mutual_information < f.enough:
        return _(
            "Partly collapsed: {told} nats of information about a sentence, at a rate of "
            "{rate:.1f}.",
            **values,
        )
    return _(
        "Partly collapsed: of {told} nats of information the decoder hears {heard:.1f}.",
        **values,
        heard=f.heard,
    )


def _flawed(f: Figures) -> str:
    if f.weakest == "price":
        return _(
            "Used, but dear: of a rate of {rate:.1f} nats a sentence at least {idle:.1f} are no "
            "information.",
            rate=f.rate,
            idle=f.idle,
        )
    if f.weakest == "learned":
        return _(
            "Used, but unlikely: a sentence costs {nll:,.1f} nats at most, and {unigram:.1f} by "
            "the frequencies of its words alone.",
            nll=f.nll,
            unigram=f.unigram,
        )
    return _(
        "Used, but the prior does not fit: the aggregated posterior is at least {moment_kl:.1f} "
        "nats away, and a classifier gets {accuracy:.0%} of their draws right (chance: 50%).",
        moment_kl=f.moment_kl,
        accuracy=f.accuracy,
    )


_DECIDES: Mapping[Verdict, Callable[[Figures], tuple[str, ...]]] = {
    "healthy": lambda f: (_healthy(f), _held(f), fitness_words.comes_back(f), _weakest(f)),
    "flawed": lambda f: (_flawed(f), fitness_words.comes_back(f)),
    "partial": lambda f: (_partial(f),),
    "collapsed": lambda f: (_collapsed(f),),
    "diverged": _diverged,
    "untrained": fitness_words.untrained,
    "falling": fitness_words.falling,
    "memorises": fitness_words.memorises,
    "forgets": fitness_words.forgets,
    "undecided": lambda f: (fitness_words.undecided(f),),
}


def _learned_said(f: Figures) -> str:
    if f.unigram is None or f.nll is None or not math.isfinite(f.nll):
        return _("What a sentence costs is no finite number any more.")
    return _(
        "A sentence costs {nll:,.2f} nats, the tightest bound there is, and {unigram:.2f} by the "
        "frequencies of its words alone; it has to be less.",
        nll=f.nll,
        unigram=f.unigram,
    )


def _used_said(f: Figures) -> str:
    values = {"active": f.active_units, "of": f.latent_dim, "enough": HEALTHY_UNITS}
    units = (
        _(
            "Active units: {active} of {of} dimensions; good from {enough}. Principal units were "
            "not counted.",
            **values,
        )
        if f.principal_units is None
        else _(
            "Principal units: {units} of {of} (active dimensions: {active}); good from {enough}.",
            units=f.units,
            **values,
        )
    )
    told = _(
        "Mutual information: {told} nats (the estimator cannot exceed {ceiling:.2f}); good from "
        "{enough:.3g}.",
        told=lower_bound(number(f.mutual_information, ".2f"), f.mutual_information, f.ceiling),
        ceiling=f.ceiling,
        enough=f.enough,
    )
    if f.heard is None:
        return sentences(units, told)
    heard = _(
        "Heard: to the decoder a sentence's own z is {heard:.2f} nats better than another's; good "
        "from {enough:g}, and below {least:g} it is deaf.",
        heard=f.heard,
        enough=judgement.HEALTHY_HEARD,
        least=HEARD,
    )
    return sentences(units, told, heard)


def _price_said(f: Figures) -> str:
    return _(
        "Rate: {rate:.2f} nats a sentence, the mean KL from posterior to prior. At most {most:.2f} "
        "of them are information, so at least {idle:.2f} are none; good up to {fair:g}, poor "
        "beyond that and {dear:.0%} of the rate.",
        rate=f.rate,
        most=f.most_told,
        idle=f.idle,
        fair=judgement.FAIR_IDLE,
        dear=judgement.DEAR,
    )


def _prior_said(f: Figures) -> str:
    return _(
        "By its moments the aggregated posterior is {moment_kl:.2f} nats from the prior (good up "
        "to {good_kl:g}, poor beyond {poor_kl:g}); a classifier gets {accuracy:.0%} of their draws "
        "right (chance 50%, good up to {good:.0%}, poor beyond {poor:.0%}).",
        moment_kl=f.moment_kl,
        good_kl=GOOD_MOMENT_KL,
        poor_kl=judgement.POOR_MOMENT_KL,
        accuracy=f.accuracy,
        good=VISIBLE_ACCURACY,
        poor=judgement.POOR_ACCURACY,
    )


_SAID = {
    "learned": _learned_said,
    "used": _used_said,
    "returned": fitness_words.returned,
    "price": _price_said,
    "prior": _prior_said,
}
