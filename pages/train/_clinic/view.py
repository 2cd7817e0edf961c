"""An experiment of the clinic as it stands: two runs side by side, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.common import controls, prose, state
from pages.common.components import curves
from pages.train import _experiment_form
from pages.train._compare import data
from pages.train._compare.data import Side
from vae.diagnostics.clinic import ClinicVerdict, clinic_verdict
from vae.errors import UserError
from vae.figures import training
from vae.figures.curves import Run
from vae.latent.changes import shortened
from vae.runs.experiments import Experiment, Member
from vae.runs.history import column
from vae.training.cures import CURES

QUESTIONS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "plain": (
        "The rate of the plain run will",
        {"collapses": "fall to almost nothing", "keeps": "stay above half a nat"},
    ),
    "cured": (
        "The cured run will",
        {"cured": "carry nats that its decoder reads", "not cured": "collapse all the same"},
    ),
    "likelihood": (
        "The cured run's likelihood (NLL) will be",
        {"better": "better than the plain one's", "same": "the same", "worse": "worse"},
    ),
}
ICONS = {"cured": "healing", "not cured": "do_not_disturb_on", "no collapse": "help"}
SENTENCES = 3


def introduce(experiment: Experiment) -> None:
    """What this experiment is."""
    cure = CURES.get(str(experiment.details.get("cure")))
    if cure is None:
        return
    with st.expander(f"The cure: {cure.title} ({cure.paper})", icon=":material/healing:"):
        st.markdown(f"{cure.what}\n\n**What it costs.** {cure.costs}")


def show(experiment: Experiment) -> None:
    """Verdict, both runs, and their curves."""
    sides = [side_of(member) for member in experiment.members]
    if len(sides) != 2:
        raise UserError("This experiment does not hold two runs. Begin a new one.")
    verdict(experiment, sides)
    _experiment_form.steer_buttons(experiment, "clinic")
    for place, member, side in zip(
        st.columns(2, gap="large"), experiment.members, sides, strict=True
    ):
        with place:
            run_card(member, side)
    short = ("plain", str(experiment.details.get("cure", "cured")))
    drawn = [
        Run(name, s.recorded, s.latent_dim)
        for name, s in zip(short, sides, strict=True)
        if s and s.recorded.steps
    ]
    if drawn:
        curves.card(training.losses(drawn), f"clinic:{experiment.name}")
        curves.hint()
    compare_button(experiment)


def side_of(member: Member) -> Side | None:
    """What a run of the pair has written; None where it is gone."""
    run = member.directory
    return None if run is None else data.side(member.label, run)


def verdict(experiment: Experiment, sides: list[Side | None]) -> None:
    """The judgement, once both are measured."""
    plain, cured = sides
    if not (plain and cured and plain.evaluation and cured.evaluation):
        return
    found = clinic_verdict(plain.evaluation, cured.evaluation, seconds_of(plain, cured))
    with st.container(border=True):
        st.badge(
            found.outcome,
            icon=f":material/{ICONS[found.outcome]}:",
            color="green" if found.outcome == "cured" else "orange",
        )
        st.markdown(f"# {found.sentence}")
        st.markdown("\n".join(f"- {controls.plain_markdown(f)}" for f in found.findings))
        predicted(experiment, found)


def seconds_of(plain: Side, cured: Side) -> tuple[float, float] | None:
    """Seconds of training of each, as its status states."""
    found = [column(s.recorded.validations[-1:], "seconds") for s in (plain, cured)]
    if any(len(f) != 1 or not f[0] > 0 for f in found):
        return None
    return float(found[0][0]), float(found[1][0])


def predicted(experiment: Experiment, found: ClinicVerdict) -> None:
    """What was predicted, beside what came."""
    asked = experiment.details.get("predictions")
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
        if true is None:
            st.markdown(
                f":material/help: {text} … you predicted: *{said}*. From these measurements it "
                "cannot be told."
            )
            continue
        right = said == true
        st.markdown(
            f":material/{'check' if right else 'close'}: {text} … you predicted: *{said}*. "
            + ("So it came." if right else f"It came otherwise: *{true}*.")
        )


def run_card(member: Member, side: Side | None) -> None:
    """One run: how far it is, its rate in large, what it makes of fixed sentences."""
    with st.container(border=True):
        st.subheader(member.label, anchor=False)
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
        st.progress(0.0, text="Waits for its turn")
    elif side.state == "finished":
        st.progress(1.0, text=f"Ended after {done:,} updates" if done else "Ended")
    elif side.state in ("running", "paused", "stopping"):
        share = min(done / total, 1.0) if total else 0.0
        where = f"update {done:,} of {total:,}" if total else "reading its sentences"
        words_of = {"evaluating": "Trained; it is measured now", "starting": "Starts"}
        st.progress(share, text=words_of.get(phase, f"Training: {where}"))


def status_of(side: Side) -> dict[str, Any]:
    try:
        return side.run.read_json("status.json")
    except UserError:
        return {}


def figures(side: Side) -> None:
    """The rate, as far as it is known, with active units and mutual information."""
    measured = side.evaluation or (side.recorded.validations or (None,))[-1]
    if measured is None:
        st.markdown("# … nats")
        st.caption("Its rate stands here after the first validation.")
        return
    rate = controls.plain_markdown(f"{float(measured.get('rate', float('nan'))):.2f}")
    st.markdown(f"# Rate {rate} nats")
    information = float(measured.get("mutual_information") or 0.0)
    st.caption(
        f"{measured.get('active_units', '?')} of {side.latent_dim} units active, mutual "
        f"information {information:.2f} nats; "
        + (
            f"{measured.get('n_sentences', 0):,} test sentences, at the end"
            if side.evaluation
            else f"validation at update {int(measured['step']):,}"
        )
    )


def reconstructions(side: Side) -> None:
    """The same sentences in both columns, and what comes back."""
    corpus = (side.facts or {}).get("corpus")
    examples = corpus.get("examples") if isinstance(corpus, dict) else None
    if not side.recorded.snapshots or not isinstance(examples, list):
        return
    last = side.recorded.snapshots[-1]
    pairs = list(zip(examples, last["reconstructions"], strict=False))[:SENTENCES]
    for original, said in pairs:
        with st.container(gap=None):
            st.caption(controls.plain_markdown(str(original)))
            prose.show(shortened(str(said)), before=str(original), size="normal")
    st.caption(f"Grey: what goes in. Below: what comes back at update {int(last['step']):,}.")


def compare_button(experiment: Experiment) -> None:
    """A way to everything else that can be compared."""
    names = [m.run for m in experiment.members if m.directory and m.directory.exists()]
    if len(names) == 2 and st.button(
        "Compare both in full", icon=":material/compare_arrows:", key="clinic_compare"
    ):
        state.put("runs", names)
        st.switch_page("pages/train/compare.py")
