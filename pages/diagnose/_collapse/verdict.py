"""The verdict on a run, what it rests on, and what would help."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.common import controls, figure_card, prose, studying
from pages.diagnose._collapse import evidence_charts
from pages.diagnose._collapse.side import Side, pairs
from vae.diagnostics.bootstrap import Interval
from vae.diagnostics.collapse import Diagnosis
from vae.diagnostics.evidence import Evidence, too_few
from vae.diagnostics.information import ACTIVE_UNIT_THRESHOLD, falls_short
from vae.diagnostics.usage import LatentUsage
from vae.training.cures import CURES

ICONS = {"healthy": "check_circle", "partial": "contrast", "collapsed": "do_not_disturb_on"}
BADGES = {"healthy": "green", "partial": "orange", "collapsed": "orange"}


def show(side: Side) -> None:
    """The verdict in words, its figures, and the cures that fit; what is missing is offered."""
    _verdict(side)
    if side.evidence is None and side.explorer.latent_dim:
        studying.result(side.explorer, "diagnosis")


def _verdict(side: Side) -> None:
    with st.container(border=True):
        diagnosis = side.diagnosis
        if diagnosis is None:
            st.markdown(f"**{controls.plain_markdown(side.name)}**")
            st.info(
                "This run has been neither evaluated nor mapped, so nothing is known of its "
                f"latent space yet. Run `python -m vae evaluate {side.explorer.run.path}`.",
                icon=":material/hourglass_empty:",
            )
            return
        icon, colour = ICONS[diagnosis.verdict], BADGES[diagnosis.verdict]
        st.badge(side.name, icon=f":material/{icon}:", color=colour)
        st.markdown(f"# {diagnosis.sentence}")
        if not side.explorer.latent_dim:
            return
        if side.evidence is not None:
            _measured(side.evidence)
        elif side.usage is not None:
            _estimated(side.usage)
        for doubt in diagnosis.borderline:
            st.caption(f":material/balance: {doubt}")
        _cures(diagnosis)


def _measured(evidence: Evidence) -> None:
    """The figures of the study."""
    split, units = evidence.split, evidence.units.at(ACTIVE_UNIT_THRESHOLD)
    with st.container(horizontal=True):
        st.metric("Rate, nats a sentence", plus_minus(split.rate))
        span = "" if units.low == units.high else f" ({units.low:.0f} to {units.high:.0f})"
        st.metric("Active units", f"{units.value:.0f} of {evidence.latent_dim}{span}")
        least = "at least " if split.falls_short else ""
        st.metric(
            f"Mutual information, nats (ceiling {split.ceiling:.2f})",
            f"{least}{plus_minus(split.information)}",
        )
        heard = evidence.listening
        st.metric(
            "Another's z costs, nats",
            "not available" if heard is None else plus_minus(heard.over_another),
        )
    st.caption(
        f"Measured on {evidence.which}, seed {evidence.seed}; ± the longer half of a 95% interval "
        "(bootstrap over sentences). Active: variance of the posterior mean above "
        f"{ACTIVE_UNIT_THRESHOLD:g}. Mutual information after Hoffman and Johnson (2016), one "
        "mixture of all these posteriors. The last figure is what log p(x|z) loses when the "
        "decoder is given another sentence's z."
    )
    for reason in evidence.missing:
        st.caption(f":material/block: {controls.plain_markdown(str(reason))}")


def _estimated(usage: LatentUsage) -> None:
    """The figures of the evaluation, or of the map's posteriors."""
    short = falls_short(usage.information, usage.information_ceiling)
    with st.container(horizontal=True):
        st.metric("Rate, nats a sentence", prose.with_reach(usage.rate, usage.rate_error))
        st.metric("Active units", f"{usage.active_units()} of {usage.latent_dim}")
        st.metric(
            f"Mutual information, nats (ceiling {usage.information_ceiling:.2f})",
            ("at least " if short else "")
            + prose.with_reach(usage.information, usage.information_error),
        )
        if usage.heard is not None:
            st.metric("Another's z costs, nats", prose.number(usage.heard, ".2f"))
    st.caption(
        f"Measured on {usage.n_sentences:,} {usage.sentences_are}; ± one standard error. "
        f"Active: variance of the posterior mean above {ACTIVE_UNIT_THRESHOLD:g}. "
        "Mutual information after Hoffman and Johnson (2016)"
        + (
            ": over half of its ceiling ln n it falls short, so the true value is this or more."
            if short
            else ", which cannot exceed ln n."
        )
    )
    if caution := too_few(usage.n_sentences):
        st.caption(f":material/warning: {caution}")


def _cures(diagnosis: Diagnosis) -> None:
    """What would help, and where to try it."""
    if not diagnosis.cures:
        return
    healthy = diagnosis.verdict == "healthy"
    said = [
        f"- **{CURES[a.cure].title}** ({CURES[a.cure].paper}). {a.reason}" for a in diagnosis.cures
    ]
    st.markdown(
        ("**Where it could still gain**" if healthy else "**What would help**")
        + "\n\n"
        + "\n".join(said)
    )
    with st.container(horizontal=True):
        st.page_link(
            "pages/train/clinic.py", label="Try a cure in the clinic", icon=":material/healing:"
        )
        st.page_link("pages/train/lab.py", label="Train with it", icon=":material/science:")


def plus_minus(found: Interval) -> str:
    """A figure and the longer half of its interval, with as many decimals as that has."""
    return prose.with_reach(found.value, max(found.high - found.value, found.value - found.low))


def span(found: Interval, digits: int = 2) -> str:
    """The ends of an interval, in words."""
    low, high = (f"{v:.{digits}f}".replace("-", "−") for v in (found.low, found.high))
    return f"{low} to {high}"


def rate_split(sides: list[Side]) -> None:
    """Information and mismatch, for the runs that were studied."""
    studied = [s for s in sides if s.evidence is not None]
    if not studied:
        return
    st.header("How much of the rate is information?", anchor=False, divider="gray")
    top = max(s.evidence.split.rate.high for s in studied if s.evidence)
    for side, column in pairs(sides):
        if side.evidence is None:
            column.caption(f"Not measured of {controls.plain_markdown(side.name)} yet.")
            continue
        split = side.evidence.split
        with column:
            figure_card.chart(
                f"{side.name}: {_split_words(side.evidence)}",
                evidence_charts.rate_split(split, top),
                key=f"split_{side.name}",
                alt=f"The rate of {side.name}, {split.rate.value:.2f} nats, in its parts: "
                f"{_split_words(side.evidence)}.",
                look_for="Look for a long first part: z tells sentences apart. The last part is "
                "KL(q(z) || p(z)): rate that tells nothing, since the posteriors together stray "
                "from the prior. "
                + (
                    f"With {split.rate.n:,} sentences no more than ln n = {split.ceiling:.2f} nats "
                    "of information can be seen, and from half of that on the estimate falls "
                    "short, so the middle may be either."
                    if split.falls_short
                    else "No bar at all is collapse."
                ),
                table=lambda e=side.evidence: split_table(e),
                file_name=f"{side.name}-rate-split",
            )


def _split_words(evidence: Evidence) -> str:
    split = evidence.split
    if split.falls_short:
        return (
            f"{split.information.value:.1f} nats of information or more, of {split.rate.value:.1f}"
        )
    return (
        f"{split.information.value:.2f} nats of information, {split.mismatch.value:.2f} of mismatch"
    )


def split_table(evidence: Evidence) -> pd.DataFrame:
    """The split with its intervals and its check."""
    split = evidence.split
    rows = {
        "rate: mean KL(q(z|x) || p(z))": split.rate,
        "mutual information of sentence and z": split.information,
        "upper bound of the information": split.upper,
        "mismatch KL(q(z) || p(z)): rate less information": split.mismatch,
        "check: both parts at draws, less the rate (0 but for chance)": split.residual,
    }
    return pd.DataFrame(
        [
            {"figure": name, "nats a sentence": i.value, "low": i.low, "high": i.high}
            for name, i in rows.items()
        ]
    ).assign(level=split.rate.level, n=split.rate.n, ceiling=split.ceiling, draws=split.draws)
