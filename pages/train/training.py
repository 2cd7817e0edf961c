"""Training: how did it learn?"""

from __future__ import annotations

import time
from typing import Any

import pandas as pd
import streamlit as st

from pages.common import card, controls, state, training_charts, words
from vae.errors import UserError
from vae.runs.catalogue import find_run
from vae.runs.history import (
    History,
    column,
    history,
    nearest_snapshot,
    rate_by_dimension,
    seconds_left,
)
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
    # A run that has ended is drawn once; one in training is read again every two seconds.
    st.fragment(progress_line, run_every="2s" if running else None)(run, running)
    st.fragment(charts_of, run_every="10s" if running else None)(run)


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


def charts_of(run: RunDirectory) -> None:
    """All that was recorded."""
    with controls.page_error_boundary():
        recorded = history(run.read_metrics())
        facts = run.read_json("config.json")
        if not recorded.steps and not recorded.validations:
            st.info(
                "Nothing has been recorded for this run yet. Its losses appear here as soon as "
                "training reports its first updates.",
                icon=":material/hourglass_empty:",
            )
            return
        st.markdown(f"### {headline(recorded)}")
        left, right = st.columns(2, gap="medium")
        with left:
            loss_chart(run, recorded)
            elbo_chart(run, recorded)
        with right:
            watch(facts, recorded)
        latent_dim = int(facts["config"]["model"]["latent_dim"])
        if not latent_dim:
            right.info("A plain language model has no latent space: its rate is zero.")
            return
        with left:
            heat_map(run, recorded)
        with right:
            information_chart(run, recorded, latent_dim)


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


def loss_chart(run: RunDirectory, recorded: History) -> None:
    fields = ["step", "epoch", "seconds", "distortion", "rate", "beta", "learning_rate"]
    card.chart(
        "What did the model trade, distortion for rate?",
        training_charts.losses(recorded),
        key="losses",
        alt="Distortion, rate and beta by training step; the table has every value.",
        look_for="Look for a distortion that falls while the rate settles above zero. A rate that "
        "sinks to zero as beta rises is a posterior that collapses. Lines: means over training "
        "updates, under word dropout; diamonds: validation sentences without it, one draw of z "
        "each. The first updates are cut off above.",
        table=lambda: pd.DataFrame({f: column(recorded.steps, f) for f in fields}),
        file_name=f"{run.name}-training-steps",
    )


def elbo_chart(run: RunDirectory, recorded: History) -> None:
    n = int(recorded.validations[-1].get("n_sentences", 0)) if recorded.validations else 0
    card.chart(
        "Does it learn the language, or the training sentences?",
        training_charts.elbo(recorded),
        key="elbo",
        alt="ELBO of training and of validation sentences by training step.",
        look_for="Look for two lines that rise together. A validation line that turns down while "
        "training still rises is overfitting. Training lies lower where word dropout hides words "
        f"from the decoder. Beta plays no part here: ELBO = −distortion − rate; {n:,} validation "
        "sentences, one draw of z each.",
        table=lambda: validation_table(recorded),
        file_name=f"{run.name}-validations",
    )


def information_chart(run: RunDirectory, recorded: History, latent_dim: int) -> None:
    card.chart(
        "How much does the latent come to carry?",
        training_charts.information(recorded, latent_dim),
        key="information",
        alt="Active units and mutual information with its ceiling by training step.",
        look_for="Look for units that stay active (variance of the posterior mean above 0.01) and "
        "information that stays. Information at its ceiling, the dashed line, is only “at least "
        "this much”: the estimator, over n validation sentences, cannot exceed ln n. Both at "
        "zero: collapse.",
        table=lambda: validation_table(recorded),
        file_name=f"{run.name}-information",
    )


def heat_map(run: RunDirectory, recorded: History) -> None:
    if not recorded.validations:
        return

    def table() -> pd.DataFrame:
        steps, rates, order = rate_by_dimension(recorded)
        frame = pd.DataFrame(rates.T, columns=[f"dim {d} (nats)" for d in order])
        frame.insert(0, "step", steps)
        return frame

    card.chart(
        "Which dimensions come to carry it, and when?",
        training_charts.rate_heat_map(recorded),
        key="heat",
        alt="Heat map of the rate of each dimension by training step, highest final rate on top.",
        look_for="Look for rows that light up and stay lit: dimensions that the model has taken "
        "into use. Rows that fade to dark are dimensions it gives up; all dark is collapse. "
        "Mean KL of validation sentences, nats.",
        table=table,
        file_name=f"{run.name}-rate-by-dimension",
    )


def validation_table(recorded: History) -> pd.DataFrame:
    names = [
        "step",
        "epoch",
        "n_sentences",
        "elbo",
        "train_elbo",
        "distortion",
        "rate",
        "beta",
        "active_units",
        "mutual_information",
        "mutual_information_ceiling",
    ]
    return pd.DataFrame({n: column(recorded.validations, n) for n in names})


def watch(facts: dict[str, Any], recorded: History) -> None:
    """The same sentences through the model, at a step of the training that a slider chooses."""
    st.subheader("Watch it learn", anchor=False)
    originals = [str(s) for s in facts["corpus"].get("examples", [])]
    if not recorded.snapshots or not originals:
        st.info("No snapshot of reconstructed sentences was recorded.", icon=":material/info:")
        return
    steps = list(dict.fromkeys(int(s["step"]) for s in recorded.snapshots))
    if len(steps) > 1:
        # Who looks at the newest snapshot of a run in training goes on to the next one.
        at = st.session_state.get("watch_step")
        if at not in steps or at == st.session_state.get("watch_newest"):
            st.session_state["watch_step"] = steps[-1]
        st.session_state["watch_newest"] = steps[-1]
        step = st.select_slider(
            "Step",
            steps,
            key="watch_step",
            format_func=lambda s: f"step {s:,}",
            persist_state="session",
        )
    else:
        step = steps[0]
        st.caption(f"One snapshot so far, at step {step:,}.")
    snapshot = recorded.snapshots[nearest_snapshot(recorded, step)]
    said = [str(s) for s in snapshot["reconstructions"]]
    pairs = list(zip(originals, said, strict=False))
    exact = sum(not any(c for _, c in words.marked(b, a)) and len(a) == len(b) for a, b in pairs)
    st.markdown(f"**{exact} of {len(pairs)}** sentences come back word for word.")
    for original, reconstruction in pairs:
        with st.container(gap=None):
            st.caption(controls.plain_markdown(original))
            words.show(shortened(reconstruction), before=original, size="normal")
    st.caption(
        "Grey: what went in. Below it: what comes back from the posterior mean, greedy; wrong "
        "words are marked. Look for the order in which it learns: common words, then grammar, "
        "then what the sentence says. The same sentence for every input is collapse."
    )
    with st.expander("What it says at this step when nothing goes in", key="watch_prior"):
        for sample in snapshot["samples"]:
            words.show(shortened(str(sample)), size="normal")
        st.caption("Decoded greedily from draws of the prior N(0, I). Look for different ones.")
    card.data(
        lambda: pd.DataFrame(
            [
                {"step": s["step"], "sentence": a, "reconstruction": b}
                for s in recorded.snapshots
                for a, b in zip(originals, s["reconstructions"], strict=False)
            ]
        ),
        key="watch",
        file_name="reconstructions-by-step",
        label="All snapshots",
    )


def shortened(sentence: str, most: int = 24) -> str:
    """An early model goes on and on; enough of it to see."""
    pieces = sentence.split()
    return " ".join(pieces[:most]) + (" …" if len(pieces) > most else "")


with controls.page_error_boundary():
    main()
