"""Compare: any set of runs on equal terms."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.common import controls, figure_card, state
from pages.common.components import curves
from pages.train._compare import charts, data, same_input
from pages.train._compare.data import Side
from vae.diagnostics.comparison import RatePoint, caveats, config_difference, figures
from vae.errors import UserError
from vae.figures import training
from vae.figures.curves import Run
from vae.runs.catalogue import all_runs

MOST_RUNS = 7
COLLAPSED_RUN = "factors-collapsed"
COLUMNS = {
    "nll_iw": ("NLL (IW), nats", "%.2f"),
    "nll_iw_standard_error": ("± NLL", "%.2f"),
    "iw_samples": ("K", "%d"),
    "ppl": ("perplexity", "%.1f"),
    "elbo": ("ELBO, nats", "%.2f"),
    "distortion": ("distortion, nats", "%.2f"),
    "rate": ("rate, nats", "%.2f"),
    "rate_standard_error": ("± rate", "%.3f"),
    "mutual_information": ("MI, nats", "%.2f"),
    "mutual_information_ceiling": ("MI estimate cannot exceed", "%.2f"),
    "active_units": ("active units", "%d"),
    "active_unit_threshold": ("active above", "%g"),
    "latent_dim": ("of Z", "%d"),
    "exact_match": ("word for word", "percent"),
    "token_accuracy": ("tokens right", "percent"),
    "unknown_tokens": ("unknown tokens", "%d"),
    "n_sentences": ("sentences", "%d"),
    "corpus_digest": ("corpus digest", None),
}


def main() -> None:
    st.title("How do these runs compare?", anchor=False)
    names = choose()
    sides = load(names)
    if not sides:
        st.info(
            "Choose some runs above: their place in the rate-distortion plane, their figures and "
            "what each makes of one sentence will stand here side by side.",
            icon=":material/compare_arrows:",
        )
        return
    live = any(s.live for s in sides)
    st.fragment(measured, run_every="3s" if live else None)(names)
    st.header("How did they learn?", anchor=False, divider="gray")
    st.fragment(learned, run_every="2s" if live else None)(names)
    same_input.show(sides)
    differences(sides)


def choose() -> list[str]:
    """The runs to compare; the chosen one and a collapsed one at first."""
    options = list(all_runs())
    asked = state.get("runs")
    if asked is None:
        asked = [state.chosen_run(), COLLAPSED_RUN]
    current = [name for name in dict.fromkeys(asked) if name in options][:MOST_RUNS]
    gone = [name for name in asked if name not in options and name != COLLAPSED_RUN]
    if gone:
        st.warning(
            f"{controls.plain_markdown(', '.join(gone))}: no longer on this machine, so left out.",
            icon=":material/link_off:",
        )
    key = "compare_runs"
    if st.session_state.get(key) != current:
        st.session_state[key] = current
    st.multiselect(
        "Runs",
        options,
        key=key,
        max_selections=MOST_RUNS,
        on_change=lambda: state.put("runs", list(st.session_state[key])),
        help="Up to seven, your own and those that ship. The address of this page keeps them.",
    )
    return current


def load(names: Sequence[str]) -> list[Side]:
    """What each run has written; one that went meanwhile is said and left out."""
    sides = []
    for name in names:
        with controls.page_error_boundary():
            sides.append(data.side(name))
    return sides


def measured(names: Sequence[str]) -> None:
    """The plane and the table: what was measured by now."""
    with controls.page_error_boundary():
        sides = load(names)
        for problem in (p for s in sides for p in s.problems):
            st.warning(controls.plain_markdown(problem), icon=":material/error:")
        evaluated = {s.name: s.evaluation for s in sides if s.evaluation}
        for sentence in caveats(evaluated):
            st.warning(controls.plain_markdown(sentence), icon=":material/balance:")
        rate_distortion(sides)
        table(sides)


def rate_distortion(sides: Sequence[Side]) -> None:
    """The runs in the plane of rate and distortion."""
    points: list[RatePoint] = []
    for side in sides:
        with controls.page_error_boundary():
            points += [p] if (p := side.point()) else []
    without = [s.name for s in sides if s.evaluation and s.evaluation.get("distortion", 0) is None]
    if without:
        st.caption(
            f"Not in the plane: {controls.plain_markdown(', '.join(without))}. A distortion is not "
            "available of a model that scores no tokens."
        )
    if not points:
        st.info(
            "None of these runs has been validated yet. They appear in the rate-distortion plane "
            "with their first validation.",
            icon=":material/hourglass_empty:",
        )
        return
    figure_card.chart(
        "What did each run pay, and what for?",
        charts.rate_distortion(points),
        key="plane",
        alt="Rate-distortion plane: "
        + "; ".join(
            f"{p.name} at rate {p.rate:.2f}, distortion {p.distortion:.2f}" for p in points
        ),
        look_for="Dotted: lines of equal ELBO, each step down and left a better one (Alemi et al., "
        "2018). Two runs on one line explain the text equally well and differ in how much z says. "
        "Look for points far to the right on a good line. A point at the left edge has a "
        "collapsed posterior, whatever its ELBO. Bars: one standard error, mostly smaller than "
        f"the mark. {where_measured(points)}",
        table=lambda: pd.DataFrame([{**vars(p), "elbo": p.elbo} for p in points]),
        file_name="rate-distortion",
    )


def where_measured(points: Sequence[RatePoint]) -> str:
    said = (f"{p.name}: {p.n_sentences:,} {p.measured_on}" for p in points)
    return f"Measured on {'; '.join(said)}; one draw of z each."


def table(sides: Sequence[Side]) -> None:
    """The figures of every evaluation, to sort and to take along."""
    st.subheader("Which figures belong to which run?", anchor=False)
    frame = pd.DataFrame(figures({s.name: s.evaluation for s in sides}))
    st.dataframe(
        frame[["run", *COLUMNS, "split", "corpus"]],
        hide_index=True,
        column_config={
            "run": st.column_config.TextColumn("run", pinned=True),
            **{
                key: st.column_config.TextColumn(title)
                if form is None
                else st.column_config.NumberColumn(title, format=form)
                for key, (title, form) in COLUMNS.items()
            },
        },
    )
    st.caption(
        "Click a column to sort. NLL is the importance-weighted bound with K draws (Burda et al., "
        "2016), perplexity counts the end of the sentence; active units have a variance of the "
        "posterior mean above the threshold; a row without figures has not been evaluated yet."
    )
    figure_card.download(frame, key="compare_figures", file_name="figures-of-runs")


def learned(names: Sequence[str]) -> None:
    """The curves of all runs over one axis."""
    with controls.page_error_boundary():
        sides = load(names)
        drawn = [
            Run(s.name, s.recorded, s.latent_dim)
            for s in sides
            if s.recorded.steps or s.recorded.validations
        ]
        if not drawn:
            st.info("None of these runs has recorded its training.", icon=":material/timeline:")
            return
        silent = [s.name for s in sides if s.name not in {run.name for run in drawn}]
        if silent:
            st.caption(f"Nothing recorded: {controls.plain_markdown(', '.join(silent))}.")
        curves.hint()
        left, right = st.columns(2, gap="medium")
        with left:
            curves.card(training.losses(drawn), "compare")
        with right:
            curves.card(training.elbo(drawn), "compare")
            if any(run.latent_dim for run in drawn):
                curves.card(training.information(drawn), "compare")


def differences(sides: Sequence[Side]) -> None:
    """The settings that are not the same in all of these runs."""
    st.header("Where do their settings differ?", anchor=False, divider="gray")
    facts = {s.name: s.facts for s in sides if s.facts}
    readable = {}
    for name, stored in facts.items():
        try:
            config_difference({name: stored})
            readable[name] = stored
        except UserError as error:
            st.warning(controls.plain_markdown(str(error)), icon=":material/error:")
    if len(readable) < 2:
        st.info("Choose two runs at least: what differs between them stands here.")
        return
    rows = config_difference(readable)
    if not rows:
        st.info("They differ in nothing that is written down.", icon=":material/equal:")
        return
    frame = pd.DataFrame(
        [{"setting": r.setting, **{n: written(v) for n, v in r.values.items()}} for r in rows]
    )
    st.dataframe(frame, hide_index=True)
    st.caption(
        "Only what differs; what an older run does not state is shown at its default. One "
        "difference is an experiment, several are a comparison of recipes."
    )
    figure_card.download(frame, key="compare_settings", file_name="differing-settings")


def written(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return f"{value:,}" if isinstance(value, int) else str("not stated" if value is None else value)


with controls.page_error_boundary():
    main()
