"""The figures of every evaluation, and which run finds the sentences likelier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from pages.common import controls, depth, figure_card
from pages.train._compare.data import Side
from vae.diagnostics.bounds import Bounds, against_lowest
from vae.diagnostics.comparison import figures
from vae.diagnostics.information import bound_or_estimate
from vae.diagnostics.likelihood import perplexity_said
from vae.diagnostics.verdict_words import VERDICTS
from vae.i18n import Message, _, message, pgettext
from vae.i18n.numbers import ERRORS, PLUS_MINUS

# What its bound says of a run, against the run with the lowest (`vae.diagnostics.bounds`).
LIKELIHOOD: Mapping[str, Message] = {
    "better": message("likelier than the lowest"),
    "same": message("no difference to the lowest"),
    "worse": message("less likely"),
    "unknown": message("cannot be told"),
}


def show(sides: Sequence[Side]) -> None:
    """Both, on request."""
    likelier = against_lowest({s.name: s.evaluation for s in sides})
    depth.section(
        "figures",
        _("Which figures belong to which run?"),
        depth.of_runs({side.name: verdict(side) for side in sides}),
        partial(table, sides, likelier),
    )
    if likelier:
        depth.section(
            "likelier",
            _("Which run finds the sentences likelier?"),
            depth.of_runs(standing(likelier)),
            partial(likelihoods, likelier),
        )


def verdict(side: Side) -> str:
    """The verdict on a run, in a word or two."""
    found = (side.evaluation or {}).get("verdict")
    return str(VERDICTS[found]) if found else _("not measured")


def standing(likelier: Mapping[str, Bounds]) -> dict[str, str]:
    """How each run stands against the one with the lowest bound, in a word or two."""
    lowest = {found.one.name: _("lowest bound") for found in likelier.values()}
    return lowest | {name: str(LIKELIHOOD[found.change]) for name, found in likelier.items()}


def table(sides: Sequence[Side], likelier: Mapping[str, Bounds]) -> None:
    """The figures of every evaluation, to sort and to take along."""
    shown = columns()
    stands = standing(likelier)
    rows = [
        {**readable(row), "likelihood": stands.get(row["run"])}
        for row in figures({s.name: s.evaluation for s in sides})
    ]
    frame = pd.DataFrame(rows)[list(shown)]
    config = {
        key: st.column_config.TextColumn(title, pinned=key == "run")
        if form is None
        else st.column_config.NumberColumn(title, format=form)
        for key, (title, form) in shown.items()
    }
    st.dataframe(frame, hide_index=True, column_config=config)
    st.caption(
        _(
            "Click a column to sort. NLL is the importance-weighted bound with K draws (Burda et "
            "al., 2016), perplexity counts the end of the sentence; active units are dimensions, "
            "principal units directions, along which the posterior mean has a variance above the "
            "threshold. Word for word: decoded greedily from the "
            "posterior mean, and from one draw of the posterior, as in training. Valid: draws of "
            "the prior that the corpus's grammar accepts, decoded greedily, and drawn word by word "
            "as the model says. A row without figures has not been evaluated yet. {plus_minus}",
            plus_minus=PLUS_MINUS,
        )
    )
    if any((s.evaluation or {}).get("ppl_above") for s in sides):
        said = _(
            "A perplexity {above} is no number to compare: its place is empty.",
            above=perplexity_said(None),
        )
        st.caption(said)
    titled = frame.rename(columns={key: title for key, (title, _form) in shown.items()})
    figure_card.download(titled, key="compare_figures", file_name="figures-of-runs")


def likelihoods(likelier: Mapping[str, Bounds]) -> None:
    """How each run stands against the one with the lowest bound, in a sentence."""
    for found in likelier.values():
        st.markdown(f"- {controls.plain_markdown(found.sentence)}")
    st.caption(
        _(
            "A lower NLL or perplexity in the table is no likelier model by itself, and neither is "
            "an ELBO: all are bounds, loose by what the posterior misses. Runs are told apart by "
            "the differences of each sentence, by what the last doubling of K took off the higher "
            "bound, and by the effective sample size of its draws."
        )
    )


def readable(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of figures with half intervals for errors, and with what its information is."""
    nats, ceiling = row["mutual_information"], row["mutual_information_ceiling"]
    reaches = {
        name: ERRORS * row[name]
        for name in ("nll_iw_standard_error", "rate_standard_error")
        if row[name] is not None
    }
    is_ = bound_or_estimate(nats, ceiling)
    verdict = None if row["verdict"] is None else str(VERDICTS[row["verdict"]])
    return {**row, **reaches, "information_is": is_, "verdict": verdict}


def columns() -> dict[str, tuple[str, str | None]]:
    """Heading and number format of each figure; text has none."""
    return {
        "run": (pgettext("column", "run"), None),
        "verdict": (pgettext("column", "verdict"), None),
        "nll_iw": (pgettext("column", "NLL (IW), nats"), "%.2f"),
        "nll_iw_standard_error": (pgettext("column", "± NLL"), "%.2f"),
        "iw_samples": (pgettext("column", "K"), "%d"),
        "iw_effective": (pgettext("column", "effective draws"), "%.1f"),
        "likelihood": (pgettext("column", "likelihood"), None),
        "ppl": (pgettext("column", "perplexity"), "%.1f"),
        "elbo": (pgettext("column", "ELBO, nats"), "%.2f"),
        "distortion": (pgettext("column", "distortion, nats"), "%.2f"),
        "rate": (pgettext("column", "rate, nats"), "%.2f"),
        "rate_standard_error": (pgettext("column", "± rate"), "%.3f"),
        "mutual_information": (pgettext("column", "MI, nats"), "%.2f"),
        "information_is": (pgettext("column", "MI is"), None),
        "principal_units": (pgettext("column", "principal units"), "%d"),
        "active_units": (pgettext("column", "active units"), "%d"),
        "active_unit_threshold": (pgettext("column", "active above"), "%g"),
        "latent_dim": (pgettext("column", "of Z"), "%d"),
        "moment_kl": (pgettext("column", "KL to prior, nats"), "%.2f"),
        "told_apart": (pgettext("column", "draws told apart"), "percent"),
        "exact_match": (pgettext("column", "word for word"), "percent"),
        "exact_match_drawn": (pgettext("column", "from one draw of z"), "percent"),
        "exact_match_trained": (pgettext("column", "training sentences"), "percent"),
        "token_accuracy": (pgettext("column", "tokens right"), "percent"),
        "prior_accepted": (pgettext("column", "prior, greedy: valid"), "percent"),
        "prior_accepted_drawn": (pgettext("column", "prior, drawn: valid"), "percent"),
        "unknown_tokens": (pgettext("column", "unknown tokens"), "%d"),
        "n_sentences": (pgettext("column", "sentences"), "%d"),
        "corpus_digest": (pgettext("column", "corpus digest"), None),
        "split": (pgettext("column", "split"), None),
        "corpus": (pgettext("column", "corpus"), None),
    }
