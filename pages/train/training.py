"""Training: how did it learn?"""

from __future__ import annotations

import time
from typing import Any

import streamlit as st

from pages.common import controls, resources, snapshot_view, state, training_cards
from pages.common.curves import Run
from pages.common.replay import replay
from pages.common.replay.export import file_name, page
from vae.errors import UserError
from vae.runs.catalogue import find_run
from vae.runs.history import History, seconds_left
from vae.runs.store import RunDirectory

ENDED = {
    "finished": "Training ran to its end",
    "early stopping": "Training stopped early: the validation ELBO no longer improved",
    "time": "Training stopped when its time was up",
    "interrupted": "Training was interrupted",
}


def main() -> None:
    st.title("How did it learn?", anchor=False)
    run = find_run(state.chosen_run())
    running = state_of(run) == "running"
    # A run that has ended is drawn once; what one in training writes is on the page within two
    # seconds. What is drawn stays: new figures go into the same curves.
    st.fragment(progress_line, run_every="2s" if running else None)(run, running)
    st.fragment(curves_of, run_every="1.2s" if running else None)(run)
    st.fragment(watch, run_every="2s" if running else None)(run)


def state_of(run: RunDirectory) -> str:
    """The run's state; "finished" where it shipped without one, "unknown" where it is damaged."""
    if not run.has("status.json"):
        return "finished"
    try:
        return run.state()
    except UserError:
        return "unknown"


def progress_line(run: RunDirectory, was_running: bool) -> None:
    """Where the training stands, and what to do where it has stopped."""
    with controls.page_error_boundary():
        now = state_of(run)
        if was_running and now != "running":
            # The charts of the end, and no more timers.
            st.rerun()
        known = now != "unknown" and run.has("status.json")
        status = run.read_json("status.json") if known else {}
        resume = "Go on with `python -m vae train CORPUS --out " + str(run.path) + " --resume`."
        done, total = int(status.get("step", 0)), int(status.get("total_steps", 0))
        where = f"step {done:,} of {total:,}" if total else f"step {done:,}"
        if now == "running":
            st.progress(min(done / total, 1.0) if total else 0.0, text=f"Training: {where}")
            st.caption(f"{remaining(status)}; {heartbeat(status)}. {status.get('message', '')}")
        elif now == "lost":
            st.warning(
                f"The training process is gone: it says running, at {where}, but "
                f"{heartbeat(status)}. {resume}",
                icon=":material/sync_problem:",
            )
        elif now == "failed":
            st.error(
                f"Training failed at {where}. {status.get('message', '')} {resume}",
                icon=":material/error:",
            )
        elif now == "stopped":
            st.info(f"Training was stopped at {where}. {resume}", icon=":material/pause_circle:")
        elif now == "unknown":
            st.warning(
                "The state of this run cannot be read (status.json is damaged or of another "
                "version); what was recorded is shown.",
                icon=":material/help:",
            )


def remaining(status: dict[str, Any]) -> str:
    """Time left in words."""
    left = seconds_left(status)
    if left is None:
        return "time left not known yet"
    return f"about {left / 60:.0f} min left" if left >= 90 else f"about {left:.0f} s left"


def heartbeat(status: dict[str, Any]) -> str:
    """When the process last wrote, in words."""
    try:
        ago = max(0.0, time.time() - float(status["heartbeat"]))
    except (KeyError, TypeError, ValueError):
        return "it never gave a sign of life"
    if ago < 120:
        return f"last sign of life {ago:.0f} s ago"
    return f"last sign of life {ago / 60:.0f} min ago" if ago < 7200 else "silent for hours"


def curves_of(run: RunDirectory) -> None:
    """All that was recorded, as curves that grow."""
    with controls.page_error_boundary():
        recorded = resources.recorded(run)
        if not recorded.steps and not recorded.validations:
            st.info(
                "Nothing has been recorded for this run yet. Its losses appear here as soon as "
                "training reports its first updates.",
                icon=":material/hourglass_empty:",
            )
            return
        latent_dim = int(run.read_json("config.json")["config"]["model"]["latent_dim"])
        st.markdown(f"### {headline(recorded)}")
        st.caption(training_cards.HINT)
        drawn, group = [Run(run.name, recorded, latent_dim)], group_of(run)
        left, right = st.columns(2, gap="medium")
        with left:
            training_cards.losses_card(drawn, group)
        with right:
            training_cards.elbo_card(drawn, group)
        if not latent_dim:
            right.info("A plain language model has no latent space: its rate is zero.")
            return
        with left:
            training_cards.rates_card(drawn, group)
        with right:
            training_cards.information_card(drawn, group)


def headline(recorded: History) -> str:
    """What came of the training, in a sentence."""
    best = recorded.best
    if best is None:
        return f"{recorded.last_step:,} updates so far; not validated yet."
    ended = ENDED.get(str(recorded.end["reason"]), "Training ended") if recorded.end else ""
    text = f"{ended} after {recorded.last_step:,} updates. " if ended else ""
    which = "Kept" if best.get("best") and recorded.end else "Best so far"
    said = (
        f"{text}{which}: step {int(best['step']):,}, validation ELBO {best['elbo']:.1f} nats "
        f"a sentence (distortion {best['distortion']:.1f}, rate {best['rate']:.1f})."
    )
    return said.replace(" -", " −")


def watch(run: RunDirectory) -> None:
    """The same sentences at every snapshot of the training."""
    with controls.page_error_boundary():
        recorded, facts = resources.recorded(run), run.read_json("config.json")
        if not recorded.steps and not recorded.snapshots:
            return
        st.subheader("Watch it learn", anchor=False)
        timeline = resources.timeline(run)
        if not len(timeline):
            snapshot_view.snapshot_view(facts, recorded)
            return
        replay(resources.replay_story(run, group_of(run)), key="replay")
        st.caption(
            "Each point is a validation sentence, the same ones at every step, where the model "
            f"keeps it: seen along two fixed axes that hold {timeline.explained:.0%} of the newest "
            "variance; between snapshots the way is drawn in. Look for sentences of one kind that "
            "gather, within the circles of the prior. All points at the cross, whatever the "
            "sentence, is collapse."
        )
        st.download_button(
            "Download this replay as a page",
            data=lambda: page(timeline, recorded, facts).encode(),
            file_name=file_name(facts),
            mime="text/html",
            icon=":material/download:",
            help="One file that works by itself, without the app and without a network.",
            key="replay_download",
            on_click="ignore",
        )


def group_of(run: RunDirectory) -> str:
    """What the curves and the replay of a run share."""
    return f"training:{run.path}"


with controls.page_error_boundary():
    main()
