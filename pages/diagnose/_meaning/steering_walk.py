"""A sentence of one's own over a slider, from the one side of a direction to the other."""

from __future__ import annotations

import streamlit as st

from pages.common import direction_choice, fields, label_words, state
from pages.common.components import decoder, sentence_slider
from pages.diagnose._meaning import steering_data as data
from vae.diagnostics.label_reader import GRAMMAR
from vae.explorer import Explorer
from vae.i18n import _
from vae.i18n.numbers import number
from vae.latent.changes import marked
from vae.latent.steering import SteeringStep


def show(explorer: Explorer, chosen: data.Chosen) -> None:
    """The person's sentence over a slider from the one side to the other."""
    sentence = fields.sentence_input(_("My sentence"), "a", explorer)
    steps = data.steps_along(explorer, chosen.direction, sentence)
    read_as = data.reads_as(explorer, chosen, steps)
    start, decoder_name = len(steps) // 2, decoder.name(explorer)
    at = sentence_slider.place(state.get("strength"), data.GRID, decoder_name)
    unmoved = steps[start].sentence
    points = [
        _point(explorer, step, read, unmoved if step.strength else None, chosen)
        for step, read in zip(steps, read_as, strict=True)
    ]
    here = points[int(at)]
    if at != int(at):
        step = data.step_at(explorer, chosen.direction, sentence, state.get("strength"))
        here = _point(explorer, step, data.reads_as(explorer, chosen, (step,))[0], unmoved, chosen)
    way = _way(explorer, chosen, sentence, unmoved) if decoder_name else None
    sentence_slider.show(
        here,
        [_line(explorer, chosen, points, at, read_as, way)],
        lambda _line, index: state.put(
            "strength", round(sentence_slider.value(index, data.GRID), 4)
        ),
        "meaning_steer_walk",
        decoder_name,
    )
    if len({step.sentence for step in steps}) == 1:
        st.warning(
            _(
                "No step changes a word: the decoder does not listen in this direction. The page "
                "Collapse shows whether it listens to z at all."
            ),
            icon=":material/hearing_disabled:",
        )
    flips = next(
        (
            step.strength
            for step, read in zip(steps, read_as, strict=True)
            if read and step.strength > 0 and read != read_as[start]
        ),
        None,
    )
    st.caption(
        _("It reads the same at every positive strength: it may be there already.")
        if flips is None
        else _("It first reads otherwise at strength {strength}.", strength=number(flips, "+.2f"))
    )
    st.caption(_read_how(chosen))


def _point(
    explorer: Explorer, step: SteeringStep, read: str, unmoved: str | None, chosen: data.Chosen
) -> sentence_slider.Point:
    label = chosen.label
    if label and read:
        read = direction_choice.value_of(explorer, label, read)
        label = label_words.names(explorer)(label)
    return sentence_slider.Point(
        marked(step.sentence, unmoved),
        _at(step.strength, read, label),
        _short(step.strength),
    )


def _short(strength: float | sentence_slider.Gap) -> str:
    said = format(strength, "+.2f") if isinstance(strength, sentence_slider.Gap) else None
    return _("strength {strength}", strength=said or number(strength, "+.2f"))


def _way(
    explorer: Explorer, chosen: data.Chosen, sentence: str, unmoved: str
) -> sentence_slider.Way:
    """Where the slider leads; what is said between its points is read when it is let go."""
    low, high = data.ends(explorer, chosen.direction, sentence)
    short = _short(sentence_slider.Gap("value"))
    ends = data.GRID[0], data.GRID[-1]
    return sentence_slider.Way(low, high, "lerp", ends, short, short, len(data.GRID), unmoved)


def _at(strength: float, read: str, label: str | None) -> str:
    """Where the slider stands, and what the sentence there is read as."""
    said = number(strength, "+.2f")
    if not read:
        return _("strength {strength} · cannot be read", strength=said)
    if label is None:
        return _("strength {strength} · nearer to {side}", strength=said, side=read)
    return _("strength {strength} · {label}: {value}", strength=said, label=label, value=read)


def _line(
    explorer: Explorer,
    chosen: data.Chosen,
    points: list[sentence_slider.Point],
    at: float,
    read_as: list[str],
    way: sentence_slider.Way | None,
) -> sentence_slider.Line:
    source, target = (
        direction_choice.value_of(explorer, chosen.label or "", value)
        for value in (chosen.source, chosen.target)
    )
    return sentence_slider.Line(
        id="strength",
        label=_("Strength, from {source} to {target}", source=source, target=target),
        points=points,
        at=at,
        low=sentence_slider.End(_("more {value}", value=source), points[0].pieces),
        high=sentence_slider.End(_("more {value}", value=target), points[-1].pieces),
        ticks=[i for i in range(1, len(points)) if read_as[i] != read_as[i - 1]],
        way=way,
    )


def _read_how(chosen: data.Chosen) -> str:
    if chosen.label and chosen.reads == GRAMMAR:
        return _(
            "Read by the corpus's own grammar; a mark under the slider is where that changes. At "
            "strength 0 stands what comes back of your sentence unmoved; words that differ from it "
            "are underlined."
        )
    return _(
        "Read by encoding what was said again: on which side of the middle it lies; a mark under "
        "the slider is where that changes. At strength 0 stands what comes back of your sentence "
        "unmoved; words that differ from it are underlined."
    )
