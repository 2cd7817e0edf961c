"""What a run is, and how well it does: its model card."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from vae.diagnostics.information import falls_short
from vae.explorer import Explorer


@dataclass(frozen=True)
class Figure:
    """A number with what it is: unit, estimator, sample size."""

    name: str
    value: str
    what: str


def show(explorer: Explorer) -> None:
    """Corpus, size and evaluation of a run."""
    st.subheader(f"The run “{explorer.name}”", anchor=False)
    facts = explorer.facts()
    figures = [*of_run(facts, explorer), *of_evaluation(explorer.evaluation())]
    with st.container(border=True):
        for start in range(0, len(figures), 4):
            for column, figure in zip(st.columns(4), figures[start : start + 4], strict=False):
                with column, st.container(gap="xxsmall"):
                    st.metric(figure.name, figure.value)
                    st.caption(figure.what)
        if explorer.evaluation() is None:
            st.caption(
                "This run has not been measured yet. "
                f"`python -m vae evaluate {explorer.name}` does it."
            )


def of_run(facts: dict[str, Any], explorer: Explorer) -> list[Figure]:
    """What the run is made of."""
    corpus, made = facts["corpus"], explorer.anatomy()
    splits = corpus.get("splits", {})
    return [
        Figure("Corpus", str(corpus["name"]), _splits(splits)),
        Figure(
            "Sentences",
            _count(corpus.get("n_sentences")),
            f"{_count(made.vocabulary)} tokens known" if made.vocabulary else "tokens not known",
        ),
        Figure("Parameters", _count(made.parameters), made.what),
        Figure(
            "Latent dimensions", str(explorer.latent_dim), "numbers in which a sentence is kept"
        ),
    ]


def of_evaluation(values: dict[str, Any] | None) -> list[Figure]:
    """How well it does, on held-out sentences; nothing where it was not measured."""
    if values is None:
        return []
    n = f"n = {values['n_sentences']:,} {values.get('split', 'held-out')} sentences"
    figures = [
        _written(
            "Comes back exactly",
            values["exact_match"],
            lambda share: f"{100 * share:.1f}%",
            f"greedy, from the posterior mean; {n}",
            "this model reads and does not write",
        ),
        _written(
            "NLL",
            values["nll_iw"],
            lambda nats: f"{nats:.1f} nats",
            f"per sentence, {_error(values, 'nll_iw')}importance-weighted, "
            f"K = {values['iw_samples']}; perplexity {values['ppl'] or math.nan:.2f} a token; {n}",
            "this model does not say how likely a sentence is",
        ),
    ]
    if not values["latent_dim"]:
        return figures
    return [
        *figures,
        Figure(
            "Rate",
            f"{values['rate']:.1f} nats",
            f"KL to the prior per sentence, {_error(values, 'rate')}mean; {n}",
        ),
        Figure(
            "Active units",
            f"{values['active_units']} of {values['latent_dim']}",
            f"variance of the posterior mean above {values['active_unit_threshold']:g}; {n}",
        ),
        Figure(
            "Mutual information",
            f"{_at_least(values)}{values['mutual_information']:.2f} nats",
            "Monte Carlo, the estimate cannot exceed ln n = "
            f"{values['mutual_information_ceiling']:.2f}; {n}",
        ),
        Figure("Verdict", str(values["verdict"]), str(values.get("verdict_sentence", ""))),
    ]


def _at_least(values: Mapping[str, Any]) -> str:
    figures = values["mutual_information"], values["mutual_information_ceiling"]
    return "at least " if falls_short(*figures) else ""


def _count(n: int | None) -> str:
    return "not known" if n is None else f"{n:,}"


def _written(
    name: str, value: float | None, form: Callable[[float], str], what: str, why: str
) -> Figure:
    """A figure; where the model cannot give it, why."""
    return Figure(name, "not available", why) if value is None else Figure(name, form(value), what)


def _splits(splits: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in splits.items())


def _error(values: dict[str, Any], name: str) -> str:
    error = values.get(f"{name}_standard_error")
    return "" if error is None else f"± {error:.2f} (standard error), "
