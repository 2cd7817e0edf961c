"""How a run stands, and what can be asked of it: pause, go on, stop and keep, resume, adjust."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from pages.common import controls
from pages.train import _queue_line
from vae.errors import UserError
from vae.objectives import beta_at
from vae.runs import queue
from vae.runs.control import ADJUSTABLE, read_control, request_changes, request_command
from vae.runs.failure import failure
from vae.runs.history import seconds_left
from vae.runs.request import resume_arguments
from vae.runs.store import LIVE, RunDirectory
from vae.runs.summary import state_of
from vae.training.adjustments import current_settings

RANGES: Mapping[str, tuple[str, float, float, float]] = {
    "beta": ("Beta at full strength", 0.0, 4.0, 0.05),
    "word_dropout": ("Word dropout", 0.0, 1.0, 0.05),
    "free_bits": ("Free bits, nats a dimension", 0.0, 2.0, 0.05),
    "learning_rate": ("Learning rate, peak", 0.0, 0.02, 0.0005),
}
"""Label, lowest, highest and step of each setting that can be changed while a run trains."""


def moves(run: RunDirectory) -> bool:
    """Whether the run may change by itself: it trains, pauses, stops, or waits for its turn."""
    return state_of(run) in (*LIVE, "queued")


def run_controls(run: RunDirectory) -> None:
    """The line of state with its buttons; looks again every two seconds while the run moves."""
    before = state_of(run), run.exists()
    st.fragment(_draw, run_every="2s" if moves(run) else None)(run, before)


def _draw(run: RunDirectory, before: tuple[str, bool]) -> None:
    with controls.page_error_boundary():
        queue.advance()
        now = state_of(run)
        if (now, run.exists()) != before:
            # The charts of the new state, or of a run that has begun; and timers only as long as
            # something moves.
            st.rerun()
        if problem := st.session_state.pop("asked_problem", ""):
            st.error(controls.plain_markdown(problem), icon=":material/error:")
        status = _status(run, now)
        if now == "queued":
            _queued(run)
        elif now in LIVE:
            _live(run, now, status)
        elif now in ("lost", "failed", "stopped"):
            _ended(run, now, status)
        elif now == "unknown":
            st.warning(
                "The state of this run cannot be read (status.json is damaged or of another "
                "version); what was recorded is shown.",
                icon=":material/help:",
            )


def _status(run: RunDirectory, now: str) -> dict[str, Any]:
    return run.read_json("status.json") if now != "unknown" and run.has("status.json") else {}


def _queued(run: RunDirectory) -> None:
    place = queue.position(run)
    line = _queue_line.ordinal(place) if place else "about to begin"
    others = [f"“{controls.plain_markdown(n)}”" for n in _queue_line.training_now()]
    verb = "is" if len(others) == 1 else "are"
    first = f" {', '.join(others)} {verb} under way." if others else ""
    st.info(f"This run waits: {line}.{first} It begins by itself.", icon=":material/schedule:")
    _button("Take it out of the queue", "cancel_wait", ":material/close:", queue.cancel, run)


def _live(run: RunDirectory, now: str, status: Mapping[str, Any]) -> None:
    asked = read_control(run)
    command = asked.command if asked else "run"
    where = _where(status)
    share = _share(status)
    if now == "paused":
        st.progress(share, text=f"Paused at {where}")
        st.caption("It stands still and keeps its place in the queue; nothing is lost.")
    elif now == "stopping":
        st.progress(share, text=f"Stopped at {where}: {_doing(status)}")
        st.caption("What it learned is kept, measured and mapped. It can be resumed afterwards.")
    elif status.get("phase") in ("evaluating", "mapping"):
        st.progress(1.0, text=f"Trained. Now {_doing(status)}")
        st.caption(f"{_heartbeat(status)}. The Map and the figures appear when this is done.")
    elif status.get("phase") == "starting":
        st.progress(0.0, text="Starting: reading the corpus, making the vocabulary")
        st.caption("The first updates follow in some seconds; a large file takes longer.")
    else:
        st.progress(share, text=f"Training: {where}")
        st.caption(f"{_remaining(status)}; {_heartbeat(status)}. {status.get('message', '')}")
    if now == "stopping":
        return
    if command == "stop":
        st.caption("Asked to stop; it does after the update under way.")
        return
    with st.container(horizontal=True):
        if now == "paused":
            _button("Go on", "go_on", ":material/play_arrow:", _ask("run"), run, primary=True)
        elif status.get("phase") == "training":
            waits = command == "pause"
            text = "Pausing" if waits else "Pause"
            _button(text, "pause", ":material/pause:", _ask("pause"), run, disabled=waits)
        if now == "paused" or status.get("phase") == "training":
            _button("Stop and keep", "stop", ":material/stop:", _ask("stop"), run)
    if now == "paused" or status.get("phase") == "training":
        _adjusting(run)


def _ended(run: RunDirectory, now: str, status: Mapping[str, Any]) -> None:
    where = _where(status)
    if now == "lost":
        said = (
            f"The training process is gone: it says running, at {where}, but {_heartbeat(status)}."
        )
        st.warning(f"{said} It goes on from its last checkpoint.", icon=":material/sync_problem:")
    elif now == "failed":
        known = failure(run)
        message = f" {controls.plain_markdown(known.message)}" if known.message else ""
        st.error(f"Training failed at {where}.{message}", icon=":material/error:")
        st.markdown(known.advice)
    else:
        st.info(
            f"Training was stopped at {where}. What it learned by then is kept, and it can go on.",
            icon=":material/pause_circle:",
        )
    _button("Resume", "resume", ":material/play_arrow:", queue.resume, run, primary=True)
    st.caption("In the shell:")
    st.code(shell_command(run), language=None, wrap_lines=True)
    if now != "stopped" and (log := failure(run).log):
        with st.expander("The last lines of its log", icon=":material/notes:", key="last_log"):
            st.code("\n".join(log), language=None, wrap_lines=True)


def shell_command(run: RunDirectory) -> str:
    """What resumes a run in a shell, to be pasted; its text is named where it is still here."""
    try:
        arguments = resume_arguments(run)
    except UserError:
        arguments = ["train", "CORPUS", "--out", str(run.path), "--resume"]
    return shlex.join(["python", "-m", "vae", *arguments])


def _adjusting(run: RunDirectory) -> None:
    """Sliders of what may change while it trains; a change is an event in its history."""
    settings = current_settings(run)
    if settings is None:
        return
    asked = read_control(run)
    wished = {**{n: getattr(settings, n) for n in ADJUSTABLE}, **(asked.changes if asked else {})}
    with st.expander("Adjust it while it trains", icon=":material/tune:", key="adjusting"):
        # Keyed by what holds now: a change of another person moves the sliders here too.
        version = "/".join(f"{wished[n]:g}" for n in ADJUSTABLE)
        values = {}
        columns = st.columns(2, gap="medium")
        for i, name in enumerate(ADJUSTABLE):
            label, low, high, step = RANGES[name]
            now = float(wished[name])
            values[name] = columns[i % 2].slider(
                label,
                min(low, now),
                max(high, now),
                now,
                step,
                format="%.4f" if name == "learning_rate" else "%.2f",
                key=f"adjust:{run.path}:{name}:{version}",
            )
        status = _status(run, state_of(run))
        step, total = _steps(status)
        changes = {n: v for n, v in values.items() if v != float(wished[n])}
        _button(
            "Apply",
            "apply",
            ":material/check:",
            lambda r: request_changes(r, changes),
            run,
            disabled=not changes,
        )
        st.caption(
            f"Its schedule has beta at {beta_at(min(step, total), max(1, total), settings):.2f}. "
            "A change holds from the next update on; it is marked in every curve, kept with the "
            "run, and made again at the same update by a resume."
        )


def _button(
    label: str,
    key: str,
    icon: str,
    act: Callable[[RunDirectory], object],
    run: RunDirectory,
    *,
    primary: bool = False,
    disabled: bool = False,
) -> None:
    """A button whose failure is a sentence at the next drawing."""
    st.button(
        label,
        key=f"{key}:{run.path}",
        icon=icon,
        type="primary" if primary else "secondary",
        disabled=disabled,
        on_click=_try,
        args=(act, run),
    )


def _try(act: Callable[[RunDirectory], object], run: RunDirectory) -> None:
    try:
        act(run)
    except (UserError, OSError) as error:
        st.session_state["asked_problem"] = str(error)


def _ask(command: str) -> Callable[[RunDirectory], object]:
    return lambda run: request_command(run, command)


def _doing(status: Mapping[str, Any]) -> str:
    phases = {"evaluating": "measuring it on test sentences", "mapping": "making its map"}
    return phases.get(str(status.get("phase")), "finishing the update under way")


def _steps(status: Mapping[str, Any]) -> tuple[int, int]:
    """Updates made, and in all; 0 where a status of another hand says something else."""
    found = (status.get(name) for name in ("step", "total_steps"))
    done, total = (n if isinstance(n, int) and n > 0 else 0 for n in found)
    return done, total


def _where(status: Mapping[str, Any]) -> str:
    done, total = _steps(status)
    return f"step {done:,} of {total:,}" if total else f"step {done:,}"


def _share(status: Mapping[str, Any]) -> float:
    done, total = _steps(status)
    return min(done / total, 1.0) if total else 0.0


def _remaining(status: Mapping[str, Any]) -> str:
    """Time left in words."""
    left = seconds_left(status)
    if left is None:
        return "time left not known yet"
    return f"about {left / 60:.0f} min left" if left >= 90 else f"about {left:.0f} s left"


def _heartbeat(status: Mapping[str, Any]) -> str:
    """When the process last wrote, in words."""
    try:
        ago = max(0.0, time.time() - float(status["heartbeat"]))
    except (KeyError, TypeError, ValueError):
        return "it never gave a sign of life"
    if ago < 120:
        return f"last sign of life {ago:.0f} s ago"
    return f"last sign of life {ago / 60:.0f} min ago" if ago < 7200 else "silent for hours"
