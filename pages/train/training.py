"""Training: how did it learn?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from pages.common import controls, depth, resources, state
from pages.common.components import curves
from pages.common.language import later
from pages.train._training import run_controls, snapshot_view
from pages.train._training.replay import recorded, replay
from pages.train._training.replay.export import file_name, page
from vae.figures import training
from vae.figures.curves import Curves, Run
from vae.figures.outcome import outcome, rule
from vae.i18n import _
from vae.runs.history import History
from vae.runs.store import RunDirectory
from vae.runs.summary import latent_dim_of

# Curves that stand on the page; the others open on request.
FIRST = 2


def main() -> None:
    st.title(_("How did it learn?"), anchor=False)
    run = state.run_directory(state.chosen_run())
    run_controls.run_controls(run)
    if not run.exists():
        st.info(
            _(
                "This run has not begun. Its curves appear here as soon as it reports its first "
                "updates."
            ),
            icon=":material/hourglass_empty:",
        )
        return
    running = run_controls.moves(run)
    # A run that has ended is drawn once; what one in training writes is on the page within two
    # seconds. What is drawn stays: new figures go into the same curves.
    st.fragment(curves_of, run_every="1.2s" if running else None)(run)
    st.fragment(watch, run_every="2s" if running else None)(run)


def curves_of(run: RunDirectory) -> None:
    """All that was recorded, as curves that grow."""
    with controls.page_error_boundary():
        begun = resources.recorded(run)
        if not begun.steps and not begun.validations:
            nothing_recorded(run)
            return
        latent_dim = latent_dim_of(run)
        st.header(outcome(begun), anchor=False)
        if why := rule(begun):
            st.markdown(why)
        curves.hint()
        found = training.training([Run(run.name, begun, latent_dim)])
        side_by_side(run, found[:FIRST])
        if len(found) > FIRST:
            depth.section(
                "taken",
                _("How does information come into z?"),
                # Of what is open the curves stay when training goes on: another answer would be
                # another section.
                steps() if "taken" in state.get("open") else informed(begun),
                partial(side_by_side, run, found[FIRST:]),
            )
        if not latent_dim:
            st.info(
                _("A plain language model has no latent space: its rate is zero."),
                icon=":material/info:",
            )


def side_by_side(run: RunDirectory, found: Sequence[Curves]) -> None:
    """Curves, two in a row."""
    for column, each in zip(st.columns(2, gap="medium"), found, strict=False):
        with column:
            curves.card(each, group_of(run))


def informed(begun: History) -> str:
    """How much information z holds by now, in a sentence."""
    nats = begun.validations[-1].get("mutual_information")
    if nats is None:
        return steps()
    return _("By now {nats:.2f} nats of mutual information; open for the steps.", nats=float(nats))


def steps() -> str:
    """What the curves of information show."""
    return _("Dimension by dimension, step by step.")


def nothing_recorded(run: RunDirectory) -> None:
    """Why there are no curves."""
    if run.adapter():
        st.info(
            _(
                "Not available: the model behind this run is of another make, and how it learned "
                "is not recorded here."
            ),
            icon=":material/block:",
        )
        return
    st.info(
        _(
            "Nothing has been recorded for this run yet. Its losses appear here as soon as "
            "training reports its first updates."
        ),
        icon=":material/hourglass_empty:",
    )


def watch(run: RunDirectory) -> None:
    """The same sentences at every snapshot of the training."""
    with controls.page_error_boundary():
        begun = resources.recorded(run)
        if not begun.steps and not begun.snapshots:
            return
        st.header(_("Watch it learn"), anchor=False)
        found = recorded(run)
        kept = found.timeline
        if found.said:
            st.caption(
                _(
                    "This run ships without its text: in place of each sentence of it stands what "
                    "the model says, now that it is trained, at the latent where it keeps the "
                    "sentence."
                )
            )
        if not len(kept):
            snapshot_view.snapshot_view(found.facts, found.history)
            return
        replay(run, key="replay", group=group_of(run))
        st.caption(
            _(
                "Each point is a validation sentence, the same ones at every step, where the model "
                "keeps it: seen along two fixed axes that hold {share:.0%} of the newest variance; "
                "between snapshots the way is drawn in. Look for sentences of one kind that "
                "gather, within the circles of the prior. All points at the cross, whatever the "
                "sentence, is collapse.",
                share=kept.explained,
            )
        )

        st.download_button(
            _("Download this replay as a page"),
            data=later(page, kept, found.history, found.facts),
            file_name=file_name(found.facts),
            mime="text/html",
            icon=":material/download:",
            help=_("One file that works by itself, without the app and without a network."),
            key="replay_download",
            on_click="ignore",
        )


def group_of(run: RunDirectory) -> str:
    """What the curves and the replay of a run share."""
    return f"training:{run.path}"


with controls.page_error_boundary():
    main()
