"""Does the decoder listen? Over the held-out sentences, and on one of a person's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import streamlit as st

from pages.common import controls, fields, figure_card, prose, seeds
from pages.diagnose._collapse import data
from pages.diagnose._collapse.side import Side, pairs
from vae import figures
from vae.diagnostics.evidence import Evidence
from vae.diagnostics.gains import Gain, length_finding, opening_finding
from vae.diagnostics.latent_swap import finding
from vae.diagnostics.sentence_scores import SentenceScores, dark_end
from vae.figures import likelihood_curve
from vae.figures.gains import By
from vae.i18n import _, sentences

DRAWS = 3


def heard(side: Side) -> str:
    """What a foreign z costs, in a sentence."""
    if (found := side.heard) is None:
        return ""
    return finding(found.own.value, found.another.value, found.prior.value)


def swapped(sides: list[Side]) -> None:
    """What the decoder loses under a foreign z."""
    known = [side.heard for side in sides if side.heard]
    ends = (
        min(min(h.another.low, h.prior.low) for h in known),
        max(h.own.high for h in known),
    )
    for side, column in pairs(sides):
        if side.heard:
            with column:
                figure_card.show(
                    figures.listening(side.heard, ends=ends),
                    key=f"listening_{side.name}",
                    of=side.name,
                )


def opening(side: Side) -> str:
    """Whether z holds the opening alone, in a sentence."""
    return opening_finding(side.heard) if side.heard else ""


def gains(sides: list[Side]) -> None:
    """What its own z gains the decoder, group by group of words."""
    named = {
        "position": _("position"),
        "part": _("part of the sentence"),
        "frequency": _("how frequent a word is"),
        "factor": _("factor"),
    }
    by: By = st.segmented_control(
        _("Gains by"),
        get_args(By),
        default="position",
        required=True,
        key="collapse_by",
        persist_state="session",
        format_func=lambda b: named[b],
    )
    groups = [_groups(s.evidence, by) for s in sides]
    top = max((g.over_another.high for found in groups for g in found), default=0.0)
    for (side, column), found in zip(pairs(sides), groups, strict=True):
        with column:
            gains_of(side, by, found, top)


def _groups(evidence: Evidence | None, by: By) -> Sequence[Gain]:
    if evidence is None or evidence.listening is None:
        return ()
    return figures.gain_groups(evidence)[by]


def gains_of(side: Side, by: By, found: Sequence[Gain], top: float) -> None:
    """What one run's decoder gains, group by group, on a scale up to `top`."""
    known = side.heard
    name = controls.plain_markdown(side.name)
    if known is None:
        st.caption(_("Not measured of {name}.", name=name))
        return
    if not found:
        st.caption(_not_available(by, name))
        return
    st.markdown(sentences(opening_finding(known), length_finding(known)))
    figure_card.show(
        figures.gains(found, by, known, top=top), key=f"gains_{by}_{side.name}", of=side.name
    )


def _not_available(by: By, name: str) -> str:
    if by == "factor":
        return _("Not available for {name}: its sentences have no known factors.", name=name)
    return _("Not available for {name}: too few words, or its training text is gone.", name=name)


def bound(side: Side) -> str:
    """How likely the sentences are at least, in a sentence."""
    curve = side.evidence.likelihood if side.evidence else None
    return likelihood_curve.finding(curve) if curve else ""


def likelihood(sides: list[Side]) -> None:
    """The importance-weighted bound over K."""
    curves = [s.evidence.likelihood for s in sides if s.evidence and s.evidence.likelihood]
    spans = [curve.span for curve in curves] or [(0.0, 1.0)]
    ends = (min(low for low, _high in spans), max(high for _low, high in spans))
    for side, column in pairs(sides):
        curve = side.evidence.likelihood if side.evidence else None
        if curve is None:
            name = controls.plain_markdown(side.name)
            column.caption(_("Not available for {name}.", name=name))
            continue
        with column:
            figure_card.show(
                figures.likelihood(curve, ends=ends), key=f"nll_{side.name}", of=side.name
            )


def sentence(sides: list[Side]) -> None:
    """One sentence decoded and scored under several z."""
    explorers = [side.explorer for side in sides]
    left, right, last = st.columns([5, 5, 2])
    with left:
        asked = fields.sentence_for_many(_("The sentence"), "a", explorers)
    with right:
        other = fields.sentence_for_many(_("Another sentence"), "b", explorers)
    with last:
        seed = seeds.field()
    if not (asked.strip() and other.strip()):
        st.info(_("Type both sentences to see what each z says."), icon=":material/edit:")
        return
    found: list[tuple[Side, SentenceScores | None]] = []
    places = pairs(sides)
    for side, column in places:
        scored = None
        with column, controls.page_error_boundary():
            for sentence in (asked, other):
                fields.unknown_words(sentence, side.explorer)
            scored = data.scores(side.explorer, asked, other, DRAWS, seed)
        found.append((side, scored))
    low = dark_end([scored for _side, scored in found if scored is not None])
    for (side, column), (_side, scored) in zip(places, found, strict=True):
        if scored is not None:
            with column:
                scores_of(side, scored, asked, low)


def scores_of(side: Side, found: SentenceScores, sentence: str, low: float) -> None:
    """What one run says, and how likely it finds the sentence."""
    if found.scored:
        st.markdown(f"**{found.finding}**")
    names = [
        _("its own z"),
        _("the other's z"),
        *(_("a prior z, draw {i}", i=i) for i in range(1, len(found.sources) - 1)),
    ]
    for name, said, total in zip(names, found.said, found.totals, strict=True):
        with st.container(gap=None):
            st.caption(
                _(
                    "Decoded from {z} · log p(sentence | z) `{total:.1f}` nats",
                    z=name,
                    total=float(total),
                )
                if found.scored
                else _("Decoded from {z}", z=name)
            )
            prose.show(said, before=sentence, size="normal")
    if not found.scored:
        st.caption(
            _(
                "Marked: differs from the sentence asked about. Look for a sentence that comes "
                "back from its own z only. How likely the decoder finds it is not available: this "
                "model scores no words."
            )
        )
        return
    st.caption(
        _(
            "Marked: differs from the sentence asked about. Look for a sentence that comes back "
            "from its own z only. Words may differ where nothing is heard, since a small push "
            "decides between two that are as likely: what counts is log p, the same under every z "
            "where the decoder does not listen."
        )
    )
    figure_card.show(
        figures.token_scores(found.tokens, names, found.scores, low=low),
        key=f"scores_{side.name}",
        of=side.name,
    )
