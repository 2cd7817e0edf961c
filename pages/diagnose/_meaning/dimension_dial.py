"""What a sentence of one's own becomes along one dimension."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from pages.common import controls, dials, fields, resources
from pages.common.components import decoder, sentence_slider
from vae.explorer import Explorer
from vae.i18n import _, ngettext
from vae.i18n.numbers import number
from vae.latent.changes import marked


@st.fragment
@controls.page_error_boundary()
def along(explorer: Explorer, d: int) -> None:
    """A dial under the person's own sentence; turning it reruns this much only."""
    sentence = fields.sentence_input(_("My sentence"), "a", explorer)
    z = explorer.encode([sentence]).mean[0]
    now, (sweep,) = resources.sweeps(explorer.name, z, (d,))
    key = f"meaning_at_{d}"
    decoder_name = decoder.name(explorer)
    line = dials.line(explorer, d, z, now, sweep, decoder_name)
    chosen = st.session_state.get(key)
    # A place that was chosen for another sentence is none for this one.
    at = chosen[1] if chosen and chosen[0] == (explorer.name, sentence) else None

    def moved(_: str, index: float) -> None:
        st.session_state[key] = ((explorer.name, sentence), index)

    if at is None:
        said = _("as it is: {at}", at=number(float(z[d]), "+.2f"))
        shown = sentence_slider.Point(marked(now, None), said, "")
    elif at == int(at):
        shown = line.points[int(at)]
    else:
        turned = dials.turned(explorer, d, z, at)
        pieces = marked(explorer.decode(turned[None])[0], now)
        shown = sentence_slider.Point(pieces, dials.said_at(d, float(turned[d])), "")
    line = line if at is None else replace(line, at=at)
    sentence_slider.show(shown, [line], moved, f"meaning_walk_{d}", decoder_name)
    st.caption(times(len(line.ticks)) if explorer.has_posterior else times_of_code(len(line.ticks)))


def times_of_code(n: int) -> str:
    """As `times`, where the model keeps a point and has no prior."""
    if n == 0:
        return _(
            "From 3 standard deviations of the codes below their mean to 3 above it, all else as "
            "in your sentence: it changes nowhere. Decoded greedily."
        )
    return ngettext(
        "From 3 standard deviations of the codes below their mean to 3 above it, all else as in "
        "your sentence: it changes once, at the mark. Decoded greedily.",
        "From 3 standard deviations of the codes below their mean to 3 above it, all else as in "
        "your sentence: it changes {n} times, at the marks. Decoded greedily.",
        n,
    )


def times(n: int) -> str:
    """How often the sentence changes along the dial."""
    if n == 0:
        return _(
            "From −3 to +3 standard deviations of the prior, all else as in your sentence: it "
            "changes nowhere. Decoded greedily."
        )
    return ngettext(
        "From −3 to +3 standard deviations of the prior, all else as in your sentence: it changes "
        "once, at the mark. Decoded greedily.",
        "From −3 to +3 standard deviations of the prior, all else as in your sentence: it changes "
        "{n} times, at the marks. Decoded greedily.",
        n,
    )
