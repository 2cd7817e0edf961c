"""An experiment of the clinic as it stands: two runs side by side, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.common import controls, state
from pages.common.components import curves
from pages.train import _experiment_form, _queue_line
from pages.train._compare import data
from pages.train._compare.data import Side
from pages.train._training.snapshot_view import originals_of, show_pairs
from vae.diagnostics.clinic import ClinicVerdict, clinic_verdict
from vae.diagnostics.information import lower_bound
from vae.errors import UserError
from vae.figures import training
from vae.figures.curves import Run
from vae.i18n import Message, _, message, ngettext, pgettext
from vae.i18n.numbers import PLUS_MINUS, number
from vae.runs.experiments import Experiment, Member
from vae.runs.history import column
from vae.training.cures import CURES, Cure

QUESTIONS: Mapping[str, tuple[Message, Mapping[str, Message]]] = {
    "plain": (
        message("The rate of the plain run will"),
        {
            "collapses": message("fall to almost nothing"),
            "keeps": message("stay above half a nat"),
        },
    ),
    "cured": (
        message("The cured run will"),
        {
            "cured": message("use z, and its decoder will read it"),
            "not cured": message("collapse all the same"),
        },
    ),
    "likelihood": (
        message("The cured run's likelihood (NLL) will be"),
        {
            "better": message("better than the plain one's"),
            "same": message("the same"),
            "worse": message("worse"),
        },
    ),
}
OUTCOMES: Mapping[str, Message] = {
    "cured": message("cured"),
    "not cured": message("not cured"),
    "no collapse": message("no collapse"),
}
ICONS = {"cured": "healing", "not cured": "do_not_disturb_on", "no collapse": "help"}
SENTENCES = 3


def introduce(experiment: Experiment) -> None:
    """What this experiment is."""
    cure = CURES.get(str(experiment.details.get("cure")))
    if cure is None:
        return
    title = _("The cure: {title} ({paper})", title=cure.title, paper=cure.paper)
    with st.expander(title, icon=":material/healing:"):
        what_it_costs(cure)


def what_it_costs(cure: Cure) -> None:
    """How a cure works, and its price."""
    st.markdown(_("{what}\n\n**What it costs.** {costs}", what=cure.what, costs=cure.costs))


def show(experiment: Experiment) -> None:
    """Verdict, both runs, and their curves."""
    cure = CURES.get(str(experiment.details.get("cure")))
    names = (_("No cure"), str(cure.title) if cure else _("With the cure"))
    sides = [side_of(*each) for each in zip(names, experiment.members, strict=False)]
    if len(sides) != 2:
        raise UserError("This experiment does not hold two runs. Begin a new one.")
    verdict(experiment, sides)
    _experiment_form.queue_buttons(experiment, "clinic")
    for place, name, member, side in zip(
        st.columns(2, gap="large"), names, experiment.members, sides, strict=True
    ):
        with place:
            run_card(name, member, side)
    short = (pgettext("run", "plain"), str(experiment.details.get("cure", "cured")))
    drawn = [
        Run(name, s.recorded, s.latent_dim)
        for name, s in zip(short, sides, strict=True)
        if s and s.recorded.steps
    ]
    if drawn:
        curves.card(training.losses(drawn), f"clinic:{experiment.name}")
        curves.hint()
    compare_button(experiment)


def side_of(name: str, member: Member) -> Side | None:
    """What a run of the pair has written; None where it is gone."""
    run = member.directory
    return None if run is None else data.side(name, run)


def verdict(experiment: Experiment, sides: list[Side | None]) -> None:
    """The judgement, once both are measured."""
    plain, cured = sides
    for side in (plain, cured):
        for problem in side.problems if side else ():
            st.warning(problem, icon=":material/error:")
    if not (plain and cured and plain.evaluation and cured.evaluation):
        return
    found = clinic_verdict(plain.evaluation, cured.evaluation, seconds_of(plain, cured))
    with st.container(border=True):
        st.badge(
            str(OUTCOMES[found.outcome]),
            icon=f":material/{ICONS[found.outcome]}:",
            color="green" if found.outcome == "cured" else "orange",
        )
        st.markdown(f"# {found.sentence}")
        st.markdown("\n".join(f"- {controls.plain_markdown(str(f))}" for f in found.findings))
        st.caption(str(PLUS_MINUS))
        predicted(experiment, found)


def seconds_of(plain: Side, cured: Side) -> tuple[float, float] | None:
    """Seconds of training of each, as its status states."""
    found = [column(s.recorded.validations[-1:], "seconds") for s in (plain, cured)]
    if any(len(f) != 1 or not f[0] > 0 for f in found):
        return None
    return float(found[0][0]), float(found[1][0])


def shared_key(experiment: Experiment) -> str:
    """Where a session keeps what it predicted of an experiment that it shares."""
    return f"clinic:predicted:{experiment.name}"


def predicted(experiment: Experiment, found: ClinicVerdict) -> None:
    """What was predicted, beside what came."""
    # Of a clinic that a class shares each has predicted for oneself.
    asked = st.session_state.get(shared_key(experiment)) or experiment.details.get("predictions")
    if not isinstance(asked, Mapping):
        return
    came = {
        "plain": "collapses" if found.plain_collapsed else "keeps",
        "cured": "cured" if found.cured_reads else "not cured",
        "likelihood": found.likelihood,
    }
    for question, (text, answers) in QUESTIONS.items():
        said, true = answers.get(str(asked.get(question))), answers.get(came[question])
        if said is None:
            continue
        words = {"question": text, "answer": said, "true": true}
        if true is None:
            st.markdown(
                _(
                    ":material/help: {question} … you predicted: *{answer}*. From these "
                    "measurements it cannot be told.",
                    **words,
                )
            )
            continue
        st.markdown(
            _(":material/check: {question} … you predicted: *{answer}*. So it came.", **words)
            if said == true
            else _(
                ":material/close: {question} … you predicted: *{answer}*. It came otherwise: "
                "*{true}*.",
                **words,
            )
        )


def run_card(name: str, member: Member, side: Side | None) -> None:
    """One run: how far it is, its rate in large, what it makes of fixed sentences."""
    with st.container(border=True):
        st.subheader(name, anchor=False)
        if problem := _experiment_form.problem_of(member):
            st.warning(controls.plain_markdown(problem), icon=":material/error:")
        if side is None:
            return
        progress(side)
        figures(side)
        reconstructions(side)


def progress(side: Side) -> None:
    status = status_of(side)
    done, total = int(status.get("step") or 0), int(status.get("total_steps") or 0)
    phase = str(status.get("phase") or "")
    if side.state == "queued":
        st.progress(0.0, text=_queue_line.waits(side.run))
    elif side.state == "finished":
        st.progress(
            1.0,
            text=ngettext("Ended after {n:,} update", "Ended after {n:,} updates", done)
            if done
            else _("Ended"),
        )
    elif side.state in ("running", "paused", "stopping"):
        share = min(done / total, 1.0) if total else 0.0
        st.progress(share, text=_under_way(phase, done, total))


def _under_way(phase: str, done: int, total: int) -> str:
    if phase == "evaluating":
        return _("Trained; it is measured now")
    if phase == "starting":
        return _("Starts")
    if not total:
        return _("Training: reading its sentences")
    return _("Training: update {done:,} of {total:,}", done=done, total=total)


def status_of(side: Side) -> dict[str, Any]:
    try:
        return side.run.read_json("status.json")
    except UserError:
        return {}


def figures(side: Side) -> None:
    """The rate, as far as it is known, with active units and mutual information."""
    measured = side.evaluation or (side.recorded.validations or (None,))[-1]
    if measured is None:
        st.markdown(_("# … nats"))
        st.caption(_("Its rate stands here after the first validation."))
        return
    st.markdown(_("# Rate {rate:.2f} nats", rate=float(measured.get("rate", float("nan")))))
    information = float(measured.get("mutual_information") or 0.0)
    ceiling = float(measured.get("mutual_information_ceiling") or 0.0)
    said = {
        "active": measured.get("active_units", "?"),
        "units": side.latent_dim,
        "information": lower_bound(number(information, ".2f"), information, ceiling),
        "ceiling": ceiling,
    }
    st.caption(
        _(
            "{active} of {units} units active, mutual information {information} nats (ceiling "
            "{ceiling:.2f}); {n:,} test sentences, at the end",
            n=int(measured.get("n_sentences", 0)),
            **said,
        )
        if side.evaluation
        else _(
            "{active} of {units} units active, mutual information {information} nats (ceiling "
            "{ceiling:.2f}); validation at update {step:,}",
            step=int(measured["step"]),
            **said,
        )
    )


def reconstructions(side: Side) -> None:
    """The same sentences in both columns, and what comes back."""
    originals = originals_of(side.facts or {})
    if not side.recorded.snapshots or not originals:
        return
    last = side.recorded.snapshots[-1]
    said = map(str, last["reconstructions"])
    show_pairs(list(zip(originals, said, strict=False))[:SENTENCES])
    st.caption(
        _(
            "Grey: what goes in. Below: what comes back at update {step:,}.",
            step=int(last["step"]),
        )
    )


def compare_button(experiment: Experiment) -> None:
    """A way to everything else that can be compared."""
    names = [m.run for m in experiment.members if m.directory and m.directory.exists()]
    if len(names) == 2 and st.button(
        _("Compare both in full"), icon=":material/compare_arrows:", key="clinic_compare"
    ):
        state.put("runs", names)
        st.switch_page("pages/train/compare.py")
