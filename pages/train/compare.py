"""Compare: any set of runs on equal terms."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from pages.common import controls, depth, figure_card, state
from pages.common.components import curves
from pages.train._compare import data, evaluated, same_input
from pages.train._compare.data import Side
from vae.diagnostics.comparison import Difference, caveats, config_difference
from vae.diagnostics.rate_plane import RatePoint
from vae.figures import comparison, training
from vae.figures.curves import Run
from vae.figures.outcome import outcome
from vae.i18n import _, listed, ngettext, pgettext
from vae.i18n.numbers import number
from vae.runs.catalogue import COLLAPSED_RUN, all_runs

MOST_RUNS = 7
# Settings that differ are named, up to so many.
MOST_NAMED = 4


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
    depth.bar()
    st.fragment(figures_of, run_every="3s" if live else None)(names)
    depth.section(
        "learned",
        _("How did they learn?"),
        depth.of_runs({side.name: learning(side) for side in sides}),
        partial(st.fragment(learned, run_every="2s" if live else None), names),
    )
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
    """The plane: what was measured by now."""
    with controls.page_error_boundary():
        sides = load(names)
        for problem in (p for s in sides for p in s.problems):
            st.warning(controls.plain_markdown(problem), icon=":material/error:")
        known = {s.name: s.evaluation for s in sides if s.evaluation}
        for sentence in caveats(known):
            st.warning(controls.plain_markdown(sentence), icon=":material/balance:")
        rate_distortion(sides)


def figures_of(names: Sequence[str]) -> None:
    """What the evaluations say, on request."""
    with controls.page_error_boundary():
        evaluated.show(load(names))


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
    figure_card.show(comparison.rate_distortion(points), key="plane", title=st.header)


def learning(side: Side) -> str:
    """How the training of a run ended, in a sentence or two."""
    begun = side.recorded
    return outcome(begun) if begun.steps or begun.validations else _("not recorded")


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
    readable = {}
    for side in sides:
        with controls.page_error_boundary():
            if side.facts:
                config_difference({side.name: side.facts})
                readable[side.name] = side.facts
    rows = config_difference(readable)
    if len(readable) < 2:
        said = _("Choose two runs at least: what differs between them stands here.")
    elif not rows:
        said = _("They differ in nothing that is written down.")
    else:
        differ = (controls.plain_markdown(row.setting) for row in rows[:MOST_NAMED])
        said = ngettext(
            "{n} setting differs: {settings}",
            "{n} settings differ: {settings}",
            len(rows),
            settings=listed([*differ, *(["…"] if len(rows) > MOST_NAMED else [])], "unit"),
        )
    depth.section(
        "settings",
        _("Where do their settings differ?"),
        said,
        partial(difference_table, rows, said),
    )


def difference_table(rows: Sequence[Difference], said: str) -> None:
    """Each setting that differs, run by run; where none does, what is said of that."""
    if not rows:
        st.info(said, icon=":material/equal:")
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
