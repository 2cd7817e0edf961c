"""What does a single dimension change?"""

from dataclasses import replace

import streamlit as st
import torch

from pages.common import controls, dials, fields, job_panel, resources, seeds, state
from pages.common.components import decoder, sentence_slider
from vae.corpora.label_types import NO_VALUE
from vae.explorer import Explorer
from vae.i18n import _, message, sentences
from vae.latent.changes import marked

FIRST = 8
# Of a label with more values, the two at the ends say little of those between.
MOST_END_VALUES = 6
STARTS = {
    "sentence": message("my sentence"),
    "prior": message("a random draw"),
    "zero": message("zero"),
}


def start_point(explorer: Explorer) -> torch.Tensor:
    """(Z,) where the dials stand before one is turned."""
    z = explorer.latent_dim
    match state.get("from"):
        case "prior":
            generator = torch.Generator().manual_seed(state.get("seed"))
            return explorer.sample_prior(1, generator)[0]
        case "zero":
            return torch.zeros(z)
        case _:
            return explorer.encode([state.sentence("a", explorer.examples())]).mean[0]


def dial(
    explorer: Explorer,
    d: int,
    z: torch.Tensor,
    now: str,
    sweep: tuple[str, ...],
    ranking: resources.Informative,
    decoder_name: str,
) -> sentence_slider.Line:
    """The slider of dimension d, with what is known of it above.

    An empty sweep is left to the browser.
    """
    line = dials.line(explorer, d, z, now, sweep, decoder_name)
    name, title = ranking.names[d], ranking.title(d)
    if title:
        line = replace(line, label=_("Dimension {d}, {title}", d=d, title=title))
    if name is not None and name.values <= MOST_END_VALUES:
        low, high = f" {name.low or NO_VALUE}", f" {name.high or NO_VALUE}"
        line = replace(
            line,
            low=replace(line.low, tag=line.low.tag + low),
            high=replace(line.high, tag=line.high.tag + high),
        )
    return replace(
        line,
        name=_("dim {d}", d=d),
        what=what_it_tells(d, ranking),
        note=_("{nats:.2f} nats", nats=ranking.weight[d])
        if explorer.has_posterior
        else _("sd {deviation:.2g}", deviation=ranking.weight[d]),
    )


def what_it_tells(d: int, ranking: resources.Informative) -> str:
    """The name that a person gave dimension d, and the label it tells of; nothing without."""
    given, name = ranking.given.get(d, ""), ranking.names[d]
    if name is None:
        return given
    if given:
        return _("{title} · tells of {label}", title=given, label=name.said)
    return _("tells of {label}", label=name.said)


@st.fragment
@controls.page_error_boundary()
def turning(run_name: str, explorer: Explorer, start: torch.Tensor, decoder_name: str) -> None:
    """The sentence and its dials; turning one reruns this much only.

    Where they start stays the same meanwhile.
    """
    ranking = resources.informative(run_name)
    turned = state.point("z", explorer.latent_dim)
    z = start if turned is None else turned
    shown = ranking.order if st.session_state.get("all_dimensions") else ranking.order[:FIRST]
    # A browser that has told that it decodes finds by itself what the dials lead to.
    dims = () if sentence_slider.decodes(decoder_name) else shown
    now, sweeps = resources.sweeps(run_name, z, dims)

    def moved(line: str, index: float) -> None:
        state.set_point("z", dials.turned(explorer, int(line), z, index))

    distance = float((z - start).norm())
    if distance < 1e-3:
        readout = _("at the start: {start}", start=STARTS[state.get("from")])
    else:
        readout = _(
            "{distance:.2f} from the start ({start})",
            distance=distance,
            start=STARTS[state.get("from")],
        )
    sentence_slider.show(
        sentence_slider.Point(marked(now, None), readout, ""),
        [
            dial(explorer, d, z, now, sweep, ranking, decoder_name)
            for d, sweep in zip(shown, sweeps or [()] * len(shown), strict=True)
        ],
        moved,
        key="dimensions_slider",
        decoder=decoder_name,
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("Reset the dials"),
            icon=":material/restart_alt:",
            disabled=state.get("z") is None,
            on_click=state.clear_point,
            args=("z",),
        )
        for end in ("a", "b"):
            if st.button(
                _("Use this point as {end}", end=end.upper()),
                key=f"use_as_{end}",
                icon=":material/add_location:",
            ):
                state.set_point(end, z)
                st.toast(_("This point is now {end} of Interpolate.", end=end.upper()))
        st.page_link(
            "pages/explore/interpolate.py",
            label=_("Walk from A to B"),
            icon=":material/linear_scale:",
        )
        st.toggle(
            _("All {z} dimensions", z=explorer.latent_dim),
            key="all_dimensions",
            persist_state="session",
            disabled=explorer.latent_dim <= FIRST,
        )
    caption = by_kl(ranking) if explorer.has_posterior else by_spread(ranking)
    if any(ranking.names[d] for d in shown):
        named = _(
            "“Tells of” names the label of which a dimension tells the largest part (mutual "
            "information of a draw; Meaning has its interval, and takes names of your own)."
        )
        caption = sentences(caption, named)
    st.caption(caption)


def by_kl(ranking: resources.Informative) -> str:
    """What the dials are."""
    return _(
        "Sorted by KL to the prior in nats (mean over {sample}). A dial runs from −3 to +3 "
        "standard deviations of the prior; left and right of it is what the sentence becomes at "
        "its ends; a mark below it is where the sentence changes. Good: one dial, one kind of "
        "change. Bad: a dial that changes nothing, which the decoder does not read.",
        sample=ranking.sample,
    )


def by_spread(ranking: resources.Informative) -> str:
    """What the dials of a model that keeps a point are."""
    return _(
        "This model keeps a point, so dimensions have no KL: they are sorted by the standard "
        "deviation (sd) of the code ({sample}). A dial runs from 3 of them below the mean code to "
        "3 above; left and right of it is what the sentence becomes at its ends; a mark below it "
        "is where the sentence changes. Good: one dial, one kind of change. Bad: a dial that "
        "changes nothing.",
        sample=ranking.sample,
    )


with controls.page_error_boundary():
    st.title(_("What does a single dimension change?"), anchor=False)
    run_name = state.chosen_run()
    explorer = job_panel.required_explorer(run_name)
    controls.require_latents(explorer)

    starts = [s for s in STARTS if s != "prior" or explorer.has_posterior]
    if state.get("from") not in starts:
        state.put("from", "sentence")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.segmented_control(
            _("Start from"),
            starts,
            format_func=lambda start: str(STARTS[start]),
            required=True,
            width="content",
            **state.widget("from", "z"),
        )
        if state.get("from") == "sentence":
            fields.sentence_input(_("My sentence"), "a", explorer, "z")
        elif state.get("from") == "prior":
            seeds.field("z", width=170)
            seeds.draw_again("z")
    turning(run_name, explorer, start_point(explorer), decoder.name(explorer))
    decoder.mount(explorer)
