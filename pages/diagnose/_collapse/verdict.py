"""The verdict on a run; on request what it rests on, and what would help."""

from __future__ import annotations

import streamlit as st

from pages.common import controls, figure_card, job_panel
from pages.diagnose._collapse.side import Side, pairs
from vae import figures
from vae.diagnostics.bootstrap import Interval
from vae.diagnostics.collapse import QUESTIONS, Diagnosis
from vae.diagnostics.evidence import Evidence
from vae.diagnostics.fitness import Grade
from vae.diagnostics.information import ACTIVE_UNIT_THRESHOLD, lower_bound
from vae.figures.rate_split import finding
from vae.i18n import _, ngettext, sentences
from vae.i18n.numbers import plus_minus
from vae.models.point import KEEPS_A_POINT
from vae.training.cures import CURES

ICONS = {
    "healthy": "check_circle",
    "flawed": "error",
    "partial": "contrast",
    "collapsed": "do_not_disturb_on",
    "untrained": "hourglass_empty",
    "diverged": "trending_up",
    "falling": "trending_down",
    "memorises": "menu_book",
    "forgets": "psychology_alt",
    "undecided": "help",
}
BADGES = {"healthy": "green"}
GRADES = {"good": "check_circle", "fair": "contrast", "poor": "error"}


def show(side: Side) -> None:
    """The verdict in words, with what leaves it in doubt; what is missing is offered."""
    _verdict(side)
    if not side.studied and side.explorer.latent_dim and side.explorer.has_posterior:
        job_panel.study(side.explorer, "diagnosis")


def _verdict(side: Side) -> None:
    with st.container(border=True, key=f"verdict_{side.name}"):
        evidence = side.evidence
        if not side.explorer.has_posterior:
            st.badge(side.name, icon=":material/circle:", color="gray")
            said = _("No verdict: there is no posterior that could collapse.")
            st.header(said, anchor=False)
            st.caption(str(KEEPS_A_POINT))
            return
        if evidence is None:
            st.markdown(f"**{controls.plain_markdown(side.name)}**")
            st.info(
                _(
                    "This run has been neither evaluated nor mapped, so nothing is known of its "
                    "latent space yet. Run `{command}`.",
                    command=f"python -m vae evaluate {side.explorer.run.path}",
                ),
                icon=":material/hourglass_empty:",
            )
            return
        diagnosis = evidence.diagnosis
        icon, colour = ICONS[diagnosis.verdict], BADGES.get(diagnosis.verdict, "orange")
        st.badge(side.name, icon=f":material/{icon}:", color=colour)
        decides, *more = diagnosis.sayings
        st.header(decides, anchor=False)
        if more:
            st.markdown(sentences(*more))
        if side.explorer.latent_dim:
            for doubt in diagnosis.borderline:
                st.caption(f":material/balance: {doubt}")


def grades(side: Side) -> str:
    """How many of the questions that the verdict answers are answered well, in a sentence."""
    if side.evidence is None:
        return ""
    parts = side.evidence.diagnosis.parts
    return ngettext(
        "Good on {good} of {n} question.",
        "Good on {good} of {n} questions.",
        len(parts),
        good=sum(grade == "good" for _question, grade, _said in parts),
    )


def evidence(sides: list[Side]) -> None:
    """The figures that each verdict rests on, question by question, and the cures that fit."""
    for side, column in pairs(sides):
        if found := side.evidence:
            with column:
                st.subheader(controls.plain_markdown(side.name), anchor=False)
                _measured(found)
                _parts(found.diagnosis)
                _cures(found.diagnosis)


def _parts(diagnosis: Diagnosis) -> None:
    """The questions that the verdict answers, each with its figures and thresholds."""
    lines = [
        f"- :material/{GRADES[grade]}: **{QUESTIONS[asked]}** {_grade(grade)} {said}"
        for asked, grade, said in diagnosis.parts
    ]
    st.markdown("\n".join(lines))


def _grade(grade: Grade) -> str:
    return {"good": _("Good."), "fair": _("Fair."), "poor": _("Poor.")}[grade]


def _measured(evidence: Evidence) -> None:
    """The figures that the verdict rests on."""
    split, curve = evidence.split, evidence.principal or evidence.units
    units = curve.at(ACTIVE_UNIT_THRESHOLD)
    heard = evidence.listening
    _metrics(
        rate=split.rate,
        counted=_("Active units") if evidence.principal is None else _("Principal units"),
        units=_units(units, evidence.latent_dim),
        information=split.information,
        ceiling=split.ceiling,
        heard=_("not available") if heard is None else plus_minus(heard.over_another),
    )
    st.caption(
        _(
            "Measured on {which}, seed {seed}; ± the longer half of a 95% interval (bootstrap over "
            "sentences). Principal units: directions, active units: dimensions, along which the "
            "posterior mean has a variance above {threshold:g}; turning the latent space changes "
            "the second and not the first. Mutual information after Hoffman and Johnson (2016), "
            "one mixture of all these posteriors. "
            "The last figure is what log p(x|z) gains from a sentence's own z over another "
            "sentence's.",
            which=evidence.which,
            seed=str(evidence.seed),
            threshold=ACTIVE_UNIT_THRESHOLD,
        )
    )
    for reason in evidence.lacking:
        st.caption(f":material/block: {controls.plain_markdown(str(reason))}")


def _units(found: Interval, of: int) -> str:
    """Active units, with their interval where it is more than one number."""
    if found.low == found.high:
        return _("{n:.0f} of {of}", n=found.value, of=of)
    ends = {"low": found.low, "high": found.high}
    return _("{n:.0f} of {of} ({low:.0f} to {high:.0f})", n=found.value, of=of, **ends)


def _metrics(
    *,
    rate: Interval,
    counted: str,
    units: str,
    information: Interval,
    ceiling: float,
    heard: str | None,
) -> None:
    with st.container(horizontal=True):
        st.metric(_("Rate, nats a sentence"), plus_minus(rate))
        st.metric(counted, units)
        st.metric(
            _("Mutual information, nats (ceiling {ceiling:.2f})", ceiling=ceiling),
            lower_bound(plus_minus(information), information.value, ceiling),
        )
        if heard is not None:
            st.metric(_("Its own z gains, nats"), heard)


def _cures(diagnosis: Diagnosis) -> None:
    """What would help, and where to try it."""
    if not diagnosis.cures:
        return
    said = [
        _(
            "- **{cure}** ({paper}). {reason}",
            cure=CURES[a.cure].title,
            paper=CURES[a.cure].paper,
            reason=a.reason,
        )
        for a in diagnosis.cures
    ]
    healthy = diagnosis.verdict == "healthy"
    title = _("Where it could still gain") if healthy else _("What would help")
    st.markdown(f"**{title}**\n\n" + "\n".join(said))
    with st.container(horizontal=True):
        st.page_link(
            "pages/train/clinic.py", label=_("Try a cure in the clinic"), icon=":material/healing:"
        )
        st.page_link("pages/train/lab.py", label=_("Train with it"), icon=":material/science:")


def split(side: Side) -> str:
    """How much of the rate is information, in a sentence."""
    return finding(side.evidence.split) if side.evidence else ""


def rate_split(sides: list[Side]) -> None:
    """Information and mismatch in the rate of each run."""
    splits = [side.evidence.split for side in sides if side.evidence]
    top = max(split.rate.high for split in splits)
    for side, column in pairs(sides):
        if side.evidence:
            with column:
                figure_card.show(
                    figures.rate_split(side.evidence.split, top=top),
                    key=f"split_{side.name}",
                    of=side.name,
                )
