"""What does a single dimension change?"""

from collections.abc import Callable
from functools import cache, partial

import streamlit as st
import torch

from pages.common import controls, job_panel, links, resources, state
from pages.common.components import decoder, sentence_slider
from vae.corpora.label_types import NO_VALUE
from vae.explorer import Explorer
from vae.i18n import _, message, sentences
from vae.i18n.numbers import number
from vae.latent.changes import Piece, marked

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


def values_said(explorer: Explorer, d: int) -> list[tuple[str, str]]:
    """What is said of each place of the dial of dimension d, and its value in short."""
    return [
        (_("dimension {d} = {value:+.2f}", d=d, value=x), number(x, "+.2f"))
        for x in resources.dial(explorer, d)
    ]


def dial(
    explorer: Explorer,
    d: int,
    z: torch.Tensor,
    now: str,
    sweep: tuple[str, ...],
    pieces_of: Callable[[str], list[Piece]],
    said: list[tuple[str, str]],
    ranking: resources.Informative,
    decoder_name: str,
) -> sentence_slider.Line:
    """The slider of dimension d, with what the sentence becomes along it and `values_said`.

    An empty sweep is left to the browser.
    """
    grid, form = resources.dial(explorer, d), resources.end_form(explorer)
    at = sentence_slider.place(float(z[d]), grid, decoder_name)
    name, title = ranking.names[d], ranking.title(d)
    points = [
        sentence_slider.Point(pieces_of(text), *value)
        for text, value in zip(sweep, said, strict=bool(sweep))
    ]
    first, last = (points[0].pieces, points[-1].pieces) if points else ((), ())
    ends = ("", "")
    if name is not None and name.values <= MOST_END_VALUES:
        ends = (f" {name.low or NO_VALUE}", f" {name.high or NO_VALUE}")
    return sentence_slider.Line(
        id=str(d),
        label=_("Dimension {d}, {title}", d=d, title=title) if title else _("Dimension {d}", d=d),
        points=points,
        at=at,
        low=sentence_slider.End(f"{number(grid[0], form)}{ends[0]}", first),
        high=sentence_slider.End(f"{number(grid[-1], form)}{ends[1]}", last),
        name=_("dim {d}", d=d),
        what=what_it_tells(d, ranking),
        note=_("{nats:.2f} nats", nats=ranking.weight[d])
        if explorer.has_posterior
        else _("sd {deviation:.2g}", deviation=ranking.weight[d]),
        ticks=[i for i in range(1, len(sweep)) if sweep[i] != sweep[i - 1]],
        way=sentence_slider.dial(d, z, grid, now) if decoder_name else None,
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
def dials(
    run_name: str,
    explorer: Explorer,
    start: torch.Tensor,
    said_of: Callable[[int], list[tuple[str, str]]],
    decoder_name: str,
) -> None:
    """The sentence and its dials; turning one reruns this much only.

    Where they start, and what is said of the places of each, stays the same meanwhile.
    """
    ranking = resources.informative(run_name)
    turned = state.point("z", explorer.latent_dim)
    z = start if turned is None else turned
    shown = ranking.order if st.session_state.get("all_dimensions") else ranking.order[:FIRST]
    # A browser that has told that it decodes finds by itself what the dials lead to.
    dims = () if sentence_slider.decodes(decoder_name) else shown
    now, sweeps = resources.sweeps(run_name, z, dims)

    def moved(line: str, index: float) -> None:
        turned, grid = z.clone(), resources.dial(explorer, int(line))
        turned[int(line)] = sentence_slider.value(index, grid)
        state.set_point("z", turned)

    distance = float((z - start).norm())
    if distance < 1e-3:
        readout = _("at the start: {start}", start=STARTS[state.get("from")])
    else:
        readout = _(
            "{distance:.2f} from the start ({start})",
            distance=distance,
            start=STARTS[state.get("from")],
        )
    # Along a dial the sentence changes a few times only.
    pieces_of = cache(partial(marked, before=now))
    sentence_slider.show(
        sentence_slider.Point(marked(now, None), readout, ""),
        [
            dial(explorer, d, z, now, sweep, pieces_of, said_of(d), ranking, decoder_name)
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


def another_draw() -> None:
    """The next seed, and the dials where it draws them."""
    state.put("seed", (state.get("seed") + 1) % links.MOST_SEED)
    state.clear_point("z")


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
            controls.sentence_input(_("My sentence"), "a", explorer, "z")
        elif state.get("from") == "prior":
            st.number_input(
                _("Seed"), 0, links.MOST_SEED, step=1, width=170, **state.widget("seed", "z")
            )
            st.button(_("Draw again"), icon=":material/casino:", on_click=another_draw)
    said_of = cache(partial(values_said, explorer))
    dials(run_name, explorer, start_point(explorer), said_of, decoder.name(explorer))
    decoder.mount(explorer)
