"""What a run is, and how well it does: its model card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from pages.common import controls, depth, resources
from vae.corpora.given import card_said
from vae.diagnostics.information import lower_bound
from vae.diagnostics.likelihood import perplexity_said, with_effective
from vae.diagnostics.verdict_words import VERDICTS
from vae.explorer import Explorer
from vae.i18n import _, listed, ngettext, sentences
from vae.i18n.numbers import ERRORS, PLUS_MINUS, number
from vae.models.point import KEEPS_A_POINT


@dataclass(frozen=True)
class Figure:
    """A number with what it is: unit, estimator, sample size."""

    name: str
    value: str
    what: str


def show(explorer: Explorer) -> None:
    """Corpus, size and evaluation of a run, on request."""
    evaluation = resources.evaluated(explorer.run)
    depth.section(
        "model",
        _("The run “{name}”", name=controls.plain_markdown(explorer.name)),
        in_short(explorer, evaluation),
        partial(figures_of_run, explorer, evaluation),
    )


def in_short(explorer: Explorer, evaluation: dict[str, Any] | None) -> str:
    """What a run is, in a sentence of Markdown."""
    corpus, made = explorer.facts()["corpus"], explorer.anatomy()
    said = _(
        "{parameters} parameters, {z} latent dimensions, trained on “{corpus}”.",
        parameters=_count(made.parameters),
        z=explorer.latent_dim,
        corpus=controls.plain_markdown(str(corpus["name"])),
    )
    if evaluation is None:
        return sentences(said, _("It has not been measured yet."))
    if (share := evaluation["exact_match"]) is None:
        return said
    back = _("{share:.1%} of its held-out sentences come back exactly.", share=share)
    return sentences(said, back)


def figures_of_run(explorer: Explorer, evaluation: dict[str, Any] | None) -> None:
    """Corpus, size and evaluation of a run, each with what it is."""
    figures = [*of_run(explorer.facts(), explorer), *of_evaluation(evaluation)]
    if not explorer.has_posterior:
        figures = [*of_run(explorer.facts(), explorer), *of_point(evaluation)]
    if (card := card_said(explorer.facts().get("corpus"))) is not None:
        st.caption(controls.plain_markdown(str(card)))
    for start in range(0, len(figures), 4):
        for column, figure in zip(st.columns(4), figures[start : start + 4], strict=False):
            with column, st.container(gap="xxsmall"):
                st.metric(figure.name, figure.value)
                st.caption(figure.what)
    if evaluation is not None:
        st.caption(str(PLUS_MINUS))
    else:
        st.caption(
            _(
                "This run has not been measured yet. `python -m vae evaluate {run}` does it.",
                run=explorer.name,
            )
        )


def of_run(facts: dict[str, Any], explorer: Explorer) -> list[Figure]:
    """What the run is made of."""
    corpus, made = facts["corpus"], explorer.anatomy()
    splits = corpus.get("splits", {}).items()
    sizes = [_("{n:,} {split}", n=n, split=_split(name)) for name, n in splits]
    return [
        Figure(_("Corpus"), str(corpus["name"]), listed(sizes, "unit")),
        Figure(
            _("Sentences"),
            _count(corpus.get("n_sentences")),
            ngettext("{n:,} token known", "{n:,} tokens known", made.vocabulary)
            if made.vocabulary
            else _("tokens not known"),
        ),
        Figure(_("Parameters"), _count(made.parameters), str(made.what)),
        Figure(
            _("Latent dimensions"),
            str(explorer.latent_dim),
            _("numbers in which a sentence is kept"),
        ),
    ]


def of_evaluation(values: dict[str, Any] | None) -> list[Figure]:
    """How well it does, on held-out sentences; nothing where it was not measured."""
    if values is None:
        return []
    n = _sample(values)
    figures = [_exact(values, n), _nll(values, n)]
    if not values["latent_dim"]:
        return figures
    return [
        *figures,
        Figure(
            _("Rate"),
            _("{nats:.1f} nats", nats=values["rate"]),
            _("KL to the prior per sentence, mean; {sample}", sample=n)
            if (error := values.get("rate_standard_error")) is None
            else _(
                "KL to the prior per sentence, ± {reach:.2f}, mean; {sample}",
                reach=ERRORS * error,
                sample=n,
            ),
        ),
        _units(values, n),
        _information(values, n),
        Figure(_("Verdict"), str(VERDICTS[values["verdict"]]), values["verdict_sentence"]),
    ]


def _units(values: Mapping[str, Any], sample: str) -> Figure:
    said = {"threshold": values["active_unit_threshold"], "sample": sample}
    principal, active, total = (
        values.get(name) for name in ("principal_units", "active_units", "latent_dim")
    )
    if principal is None:
        return Figure(
            _("Active units"),
            _("{n} of {total}", n=active, total=total),
            _("variance of the posterior mean above {threshold:g}; {sample}", **said),
        )
    return Figure(
        _("Principal units"),
        _("{n} of {total}", n=principal, total=total),
        _(
            "directions along which the posterior mean has a variance above {threshold:g} (active "
            "dimensions: {active}); {sample}",
            active=active,
            **said,
        ),
    )


def of_point(values: dict[str, Any] | None) -> list[Figure]:
    """How well a model that keeps a point does; what it cannot have says so once."""
    exact = [] if values is None else [_exact(values, _sample(values))]
    return [*exact, Figure(_("Rate, information, NLL"), _("not available"), str(KEEPS_A_POINT))]


def _exact(values: Mapping[str, Any], sample: str) -> Figure:
    name, share = _("Comes back exactly"), values["exact_match"]
    if share is None:
        return Figure(name, _("not available"), _("this model reads and does not write"))
    drawn = values.get("exact_match_drawn")
    if drawn is None:
        what = _("greedy, from the posterior mean; {sample}", sample=sample)
        return Figure(name, _("{share:.1%}", share=share), what)
    what = _(
        "greedy, from the posterior mean / from one draw of the posterior, which is what training "
        "decodes; {sample}",
        sample=sample,
    )
    return Figure(name, _("{mean:.1%} / {draw:.1%}", mean=share, draw=drawn), what)


def _nll(values: Mapping[str, Any], sample: str) -> Figure:
    if values["nll_iw"] is None:
        why = _("this model does not say how likely a sentence is")
        return Figure("NLL", _("not available"), why)
    figures = {
        "draws": values["iw_samples"],
        "perplexity": perplexity_said(values["ppl"]),
        "sample": sample,
    }
    error = values.get("nll_iw_standard_error")
    what = (
        _(
            "per sentence, importance-weighted, K = {draws}; perplexity {perplexity} a token; "
            "{sample}",
            **figures,
        )
        if error is None
        else _(
            "per sentence, ± {reach:.2f}, importance-weighted, K = {draws}; perplexity "
            "{perplexity} a token; {sample}",
            reach=ERRORS * error,
            **figures,
        )
    )
    if values["latent_dim"]:
        what = with_effective(what, values.get("iw_effective"))
    return Figure("NLL", _("{nats:.1f} nats", nats=values["nll_iw"]), what)


def _information(values: Mapping[str, Any], sample: str) -> Figure:
    nats, ceiling = values["mutual_information"], values["mutual_information_ceiling"]
    return Figure(
        _("Mutual information"),
        lower_bound(_("{nats:.2f} nats", nats=nats), nats, ceiling),
        _(
            "Monte Carlo, the estimate cannot exceed ln n = {ceiling:.2f}; {sample}",
            ceiling=ceiling,
            sample=sample,
        ),
    )


def _sample(values: Mapping[str, Any]) -> str:
    return ngettext(
        "n = {n:,} {split} sentence",
        "n = {n:,} {split} sentences",
        values["n_sentences"],
        split=_split(values.get("split", "held-out")),
    )


def _split(name: str) -> str:
    return {
        "train": _("training"),
        "validation": _("validation"),
        "test": _("test"),
        "held-out": _("held-out"),
    }.get(name, name)


def _count(n: int | None) -> str:
    return _("not known") if n is None else number(n, ",")
