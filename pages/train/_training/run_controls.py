"""How a run stands, and what can be asked of it: pause, go on, stop and keep, resume, adjust."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping

import streamlit as st

from pages.common import controls, guests
from pages.train import _queue_line
from vae.errors import UserError
from vae.i18n import Message, _, message, sentences
from vae.objectives import beta_at
from vae.runs import queue
from vae.runs.catalogue import is_shipped
from vae.runs.control import ADJUSTABLE, read_control, request_changes, request_command
from vae.runs.failure import failure
from vae.runs.pace import Pace, pace
from vae.runs.request import resume_arguments
from vae.runs.store import LIVE, RunDirectory
from vae.runs.summary import state_of
from vae.training.adjustments import current_settings

RANGES: Mapping[str, tuple[Message, float, float, float]] = {
    "beta": (message("Beta at full strength"), 0.0, 4.0, 0.05),
    "word_dropout": (message("Word dropout"), 0.0, 1.0, 0.05),
    "free_bits": (message("Free bits, nats a dimension"), 0.0, 2.0, 0.05),
    "learning_rate": (message("Learning rate, peak"), 0.0, 0.02, 0.0005),
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
        controls.told("asked_problem")
        at = _pace(run, now)
        if now == "queued":
            _queued(run)
        elif now in LIVE:
            _live(run, now, at)
        elif now in ("lost", "failed", "stopped"):
            _ended(run, now, at)
        elif now == "finished" and not is_shipped(run.path):
            _ways_in()
        elif now == "unknown":
            st.warning(
                _(
                    "The state of this run cannot be read (status.json is damaged or of another "
                    "version); what was recorded is shown."
                ),
                icon=":material/help:",
            )


def _pace(run: RunDirectory, now: str) -> Pace:
    readable = now != "unknown" and run.has("status.json")
    return pace(run.read_json("status.json") if readable else {})


def _queued(run: RunDirectory) -> None:
    said = sentences(_queue_line.waits(run), _queue_line.under_way())
    st.info(said, icon=":material/schedule:")
    _button(_("Take it out of the queue"), "cancel_wait", ":material/close:", queue.cancel, run)


def _live(run: RunDirectory, now: str, at: Pace) -> None:
    asked = read_control(run)
    command = asked.command if asked else "run"
    _how_far(now, at)
    if now == "stopping":
        return
    if command == "stop":
        st.caption(_("Asked to stop; it does after the update under way."))
        return
    trains = now == "paused" or at.phase == "training"
    with st.container(horizontal=True):
        if now == "paused":
            _button(_("Go on"), "go_on", ":material/play_arrow:", _ask("run"), run, primary=True)
        elif at.phase == "training":
            waits = command == "pause"
            text = _("Pausing") if waits else _("Pause")
            _button(text, "pause", ":material/pause:", _ask("pause"), run, disabled=waits)
        if trains:
            _button(_("Stop and keep"), "stop", ":material/stop:", _ask("stop"), run)
    if trains:
        _adjusting(run, at)


def _how_far(now: str, at: Pace) -> None:
    """How far it is, what it does and what will come of it."""
    share = at.share
    if now == "paused":
        text = _("Paused at {where}", where=at.where)
        more = _("It stands still and keeps its place in the queue; nothing is lost.")
    elif now == "stopping":
        text = _("Stopped at {where}: {doing}", where=at.where, doing=at.doing)
        more = _("What it learned is kept, measured and mapped. It can be resumed afterwards.")
    elif at.phase in ("evaluating", "mapping"):
        text = _("Trained. Now {doing}", doing=at.doing)
        after = (
            _("The Map appears when this is done, in some seconds.")
            if at.phase == "mapping"
            else _(
                "The run is open: walk through it. Its figures are of few sentences at first, and "
                "of more when this is done."
            )
        )
        more = f"{controls.plain_markdown(at.note)} {at.heartbeat} {after}"
    elif at.phase == "starting":
        share, text = 0.0, _("Starting: reading the corpus, making the vocabulary")
        more = _("The first updates follow in some seconds; a large file takes longer.")
    else:
        text = _("Training: {where}", where=at.where)
        more = f"{at.remaining} {at.heartbeat} {controls.plain_markdown(at.note)}"
    st.progress(share, text=text)
    st.caption(more)
    if at.phase == "evaluating":
        _ways_in()


def _ways_in() -> None:
    """Where a run that was just trained is looked at."""
    with st.container(horizontal=True):
        st.page_link("pages/explore/map.py", label=_("Open its map"), icon=":material/map:")
        st.page_link(
            "pages/explore/interpolate.py",
            label=_("Walk between two sentences"),
            icon=":material/route:",
        )


def _ended(run: RunDirectory, now: str, at: Pace) -> None:
    if now == "lost":
        said = _(
            "The training process is gone, though it says running, at {where}. It goes on from "
            "its last checkpoint.",
            where=at.where,
        )
        st.warning(f"{said} {at.heartbeat}", icon=":material/sync_problem:")
    elif now == "failed":
        known = failure(run)
        said = _("Training failed at {where}.", where=at.where)
        st.error(
            f"{said} {controls.plain_markdown(str(known.message))}".strip(),
            icon=":material/error:",
        )
        st.markdown(str(known.advice))
        if known.cause == "divergence":
            _log(run)
            return
    else:
        st.info(
            _(
                "Training was stopped at {where}. What it learned by then is kept, and it can go "
                "on.",
                where=at.where,
            ),
            icon=":material/pause_circle:",
        )
    _button(_("Resume"), "resume", ":material/play_arrow:", queue.resume, run, primary=True)
    st.caption(_("In the shell:"))
    st.code(shell_command(run), language=None, wrap_lines=True)
    if now != "stopped":
        _log(run)


def _log(run: RunDirectory) -> None:
    if log := failure(run).log:
        with st.expander(_("The last lines of its log"), icon=":material/notes:", key="last_log"):
            st.code("\n".join(log), language=None, wrap_lines=True)


def shell_command(run: RunDirectory) -> str:
    """What resumes a run in a shell, to be pasted; its text is named where it is still here."""
    try:
        arguments = resume_arguments(run)
    except UserError:
        arguments = ["train", "CORPUS", "--out", str(run.path), "--resume"]
    return shlex.join(["python", "-m", "vae", *arguments])


def _adjusting(run: RunDirectory, at: Pace) -> None:
    """Sliders of what may change while it trains; a change is an event in its history."""
    settings = current_settings(run)
    if settings is None:
        return
    asked = read_control(run)
    wished = {**{n: getattr(settings, n) for n in ADJUSTABLE}, **(asked.changes if asked else {})}
    with st.expander(_("Adjust it while it trains"), icon=":material/tune:", key="adjusting"):
        # Keyed by what holds now: a change of another person moves the sliders here too.
        version = "/".join(f"{wished[n]:g}" for n in ADJUSTABLE)
        values = {}
        columns = st.columns(2, gap="medium")
        for i, name in enumerate(ADJUSTABLE):
            label, low, high, step = RANGES[name]
            now = float(wished[name])
            values[name] = columns[i % 2].slider(
                str(label),
                min(low, now),
                max(high, now),
                now,
                step,
                format="%.4f" if name == "learning_rate" else "%.2f",
                key=f"adjust:{run.path}:{name}:{version}",
            )
        changes = {n: v for n, v in values.items() if v != float(wished[n])}
        _button(
            _("Apply"),
            "apply",
            ":material/check:",
            lambda r: request_changes(r, changes),
            run,
            disabled=not changes,
        )
        st.caption(
            _(
                "Its schedule has beta at {beta:.2f}. A change holds from the next update on; it "
                "is marked in every curve, kept with the run, and made again at the same update "
                "by a resume.",
                beta=beta_at(min(at.step, at.total), max(1, at.total), settings),
            )
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
        disabled=disabled or guests.is_guest(),
        on_click=_try,
        args=(act, run),
    )


@controls.telling("asked_problem")
def _try(act: Callable[[RunDirectory], object], run: RunDirectory) -> None:
    guests.check()
    act(run)


def _ask(command: str) -> Callable[[RunDirectory], object]:
    return lambda run: request_command(run, command)
