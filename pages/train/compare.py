"""Compare: any set of runs on equal terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages.common import controls, figure_card, state
from pages.common.components import curves
from pages.train._compare import data, same_input
from pages.train._compare.data import Side
from vae.diagnostics.bounds import Bounds, against_lowest
from vae.diagnostics.comparison import RatePoint, caveats, config_difference, figures
from vae.diagnostics.information import bound_or_estimate
from vae.diagnostics.likelihood import perplexity_said
from vae.diagnostics.verdict_words import VERDICTS
from vae.figures import comparison, training
from vae.figures.curves import Run
from vae.i18n import Message, _, listed, message, pgettext
from vae.i18n.numbers import ERRORS, PLUS_MINUS, number
from vae.runs.catalogue import all_runs

MOST_RUNS = 7
COLLAPSED_RUN = "factors-collapsed"
# What its bound says of a run, against the run with the lowest (`vae.diagnostics.bounds`).
LIKELIHOOD: Mapping[str, Message] = {
    "better": message("likelier than the lowest"),
    "same": message("no difference to the lowest"),
    "worse": message("less likely"),
    "unknown": message("cannot be told"),
}


def main() -> None:
    st.title(_("How do these runs compare?"), anchor=False)
    names = choose()
    sides = load(names)
    if not sides:
        st.info(
            _(
                "Choose some runs above: their place in the rate-distortion plane, their figures "
                "and what each makes of one sentence will stand here side by side."
            ),
            icon=":material/compare_arrows:",
        )
        return
    live = any(s.live for s in sides)
    st.fragment(measured, run_every="3s" if live else None)(names)
    st.header(_("How did they learn?"), anchor=False, divider="gray")
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
            _(
                "{runs}: no longer on this machine, so left out.",
                runs=listed(map(controls.plain_markdown, gone)),
            ),
            icon=":material/link_off:",
        )
    key = "compare_runs"
    if st.session_state.get(key) != current:
        st.session_state[key] = current
    st.multiselect(
        _("Runs"),
        options,
        key=key,
        max_selections=MOST_RUNS,
        placeholder=_("Choose"),
        on_change=lambda: state.put("runs", list(st.session_state[key])),
        help=_(
            "Up to {n}, your own and those that ship. The address of this page keeps them.",
            n=MOST_RUNS,
        ),
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
        likelier = against_lowest({s.name: s.evaluation for s in sides})
        table(sides, likelier)
        likelihoods(likelier)


def rate_distortion(sides: Sequence[Side]) -> None:
    """The runs in the plane of rate and distortion."""
    points: list[RatePoint] = []
    for side in sides:
        with controls.page_error_boundary():
            points += [p] if (p := side.point()) else []
    without = [s.name for s in sides if s.evaluation and s.evaluation.get("distortion", 0) is None]
    if without:
        st.caption(
            _(
                "Not in the plane: {runs}. A distortion is not available of a model that scores no "
                "tokens.",
                runs=listed(map(controls.plain_markdown, without)),
            )
        )
    if not points:
        st.info(
            _(
                "None of these runs has been validated yet. They appear in the rate-distortion "
                "plane with their first validation."
            ),
            icon=":material/hourglass_empty:",
        )
        return
    figure_card.show(comparison.rate_distortion(points), key="plane")


def table(sides: Sequence[Side], likelier: Mapping[str, Bounds]) -> None:
    """The figures of every evaluation, to sort and to take along."""
    st.subheader(_("Which figures belong to which run?"), anchor=False)
    shown = columns()
    lowest = {found.one.name: _("lowest bound") for found in likelier.values()}
    against = {name: str(LIKELIHOOD[found.change]) for name, found in likelier.items()}
    rows = [
        {**readable(row), "likelihood": (lowest | against).get(row["run"])}
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
    if not likelier:
        return
    st.subheader(_("Which run finds the sentences likelier?"), anchor=False)
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
    is_ = None if nats is None or ceiling is None else bound_or_estimate(nats, ceiling)
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
            st.info(_("None of these runs has recorded its training."), icon=":material/timeline:")
            return
        silent = [s.name for s in sides if s.name not in {run.name for run in drawn}]
        if silent:
            runs = listed(map(controls.plain_markdown, silent))
            st.caption(_("Nothing recorded: {runs}.", runs=runs))
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
    st.header(_("Where do their settings differ?"), anchor=False, divider="gray")
    readable = {}
    for side in sides:
        with controls.page_error_boundary():
            if side.facts:
                config_difference({side.name: side.facts})
                readable[side.name] = side.facts
    if len(readable) < 2:
        st.info(_("Choose two runs at least: what differs between them stands here."))
        return
    rows = config_difference(readable)
    if not rows:
        st.info(_("They differ in nothing that is written down."), icon=":material/equal:")
        return
    setting = pgettext("column", "setting")
    frame = pd.DataFrame(
        [{setting: r.setting, **{n: written(v) for n, v in r.values.items()}} for r in rows]
    )
    st.dataframe(frame, hide_index=True)
    st.caption(
        _(
            "Only what differs; what an older run does not state is shown at its default. One "
            "difference is an experiment, several are a comparison of recipes."
        )
    )
    figure_card.download(frame, key="compare_settings", file_name="differing-settings")


def written(value: object) -> str:
    """The value of a setting."""
    if value is None:
        return _("not stated")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return number(value, "," if isinstance(value, int) else "g")


with controls.page_error_boundary():
    main()
