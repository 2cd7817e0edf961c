"""What lies between two sentences?"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial

import streamlit as st

from pages.common import (
    controls,
    depth,
    fields,
    figure_card,
    job_panel,
    links,
    prose,
    resources,
    seeds,
    state,
    way_choice,
)
from pages.common.components import decoder, path_map, sentence_slider
from pages.explore._interpolate import data, film
from vae.explorer import Explorer, PathPoint
from vae.figures import path as figures
from vae.figures.map import PROJECTIONS
from vae.i18n import _, ngettext, sentences
from vae.latent.changes import marked
from vae.latent.waypoints import prior_log_density


def end_input(label: str, end: state.End, explorer: Explorer) -> None:
    """A sentence to type, or the point that another page chose."""
    point = state.point(end, explorer.latent_dim)
    if point is None:
        fields.sentence_input(label, end, explorer)
        return
    st.caption(_("{end}: a point chosen on the page Dimensions. The model says there:", end=label))
    prose.show(explorer.decode(point[None])[0])
    st.button(
        _("Type a sentence instead"),
        key=f"type_{end}",
        icon=":material/edit:",
        on_click=state.clear_point,
        args=(end,),
    )


def journey_end(end: state.End, explorer: Explorer):  # a sentence or a point (Z,)
    """What the path starts from or leads to."""
    point = state.point(end, explorer.latent_dim)
    return state.sentence(end, explorer.examples()) if point is None else point


def said_of(t: float | sentence_slider.Gap, log_prior: float | sentence_slider.Gap | None) -> str:
    """What stands under the sentence of a point."""
    if log_prior is None:
        return short(t)
    return _("t = {t:.2f} · log p(z) = {nats:.1f} nats", t=t, nats=log_prior)


def short(t: float | sentence_slider.Gap) -> str:
    """A place on the path, in short."""
    return _("t = {t:.2f}", t=t)


def stop(point: PathPoint, before: str | None) -> sentence_slider.Point:
    """A point for the slider; words that the sentence before it does not have are marked."""
    said = said_of(point.t, point.log_prior)
    return sentence_slider.Point(marked(point.sentence, before), said, short(point.t))


def stops(path: tuple[PathPoint, ...]) -> list[sentence_slider.Point]:
    """The path for the slider; words that changed since the last different sentence are marked."""
    out, different, last = [], None, None
    for point in path:
        if last is not None and point.sentence != last:
            different = last
        last = point.sentence
        out.append(stop(point, different))
    return out


def way(path: tuple[PathPoint, ...], method: str) -> sentence_slider.Way:
    """Where the slider leads, for the browser."""
    t, nats = sentence_slider.Gap("value"), sentence_slider.Gap("nats")
    readout = said_of(t, None if path[0].log_prior is None else nats)
    return sentence_slider.Way(
        path[0].z, path[-1].z, method, (0.0, 1.0), readout, short(t), len(path)
    )


def decoder_name(decoder: str) -> str:
    """How the words of a sentence are chosen, in words."""
    return {"greedy": _("greedy"), "sampled": _("sampled")}.get(decoder, decoder)


@st.fragment
@controls.page_error_boundary()
def journey(
    explorer: Explorer,
    path: tuple[PathPoint, ...],
    points: list[sentence_slider.Point],
    method: str,
    decoder_name: str,
    map_of: Callable,
) -> None:
    """The slider, the film strip and the map; a move of the slider reruns this much only.

    What is given does not depend on the slider, and is made once for all its moves. Between the
    points the slider stands only where the browser decodes.
    """
    at = round(state.get("t") * (len(path) - 1), 2 if decoder_name else None)
    changes = [i for i in range(1, len(path)) if path[i].sentence != path[i - 1].sentence]
    line = sentence_slider.Line(
        id="t",
        label=_("Position between sentence A and sentence B"),
        points=points,
        at=at,
        low=sentence_slider.End("A", [(path[0].sentence, False)]),
        high=sentence_slider.End("B", [(path[-1].sentence, False)]),
        ticks=changes,
        way=way(path, method) if decoder_name else None,
    )
    here = points[int(at)]
    if at != int(at):
        point = data.between(explorer, path, method, at)
        # Where the words are those of a neighbour, the same are new.
        beside = path[int(at)], path[int(at) + 1]
        same = [i for i, p in enumerate(beside) if p.sentence == point.sentence]
        here = stop(point, path[int(at)].sentence)
        if same:
            here = replace(here, pieces=points[int(at) + same[0]].pieces)
    sentence_slider.show(
        here,
        [line],
        lambda _, index: state.put("t", round(index / (len(path) - 1), 4)),
        key="interpolate_slider",
        decoder=decoder_name,
    )
    usual = prior_log_density(explorer.latent_dim)
    st.caption(
        sentences(
            ngettext(
                "The sentence changes {n} time on the way (a mark under the slider).",
                "The sentence changes {n} times on the way (a mark under the slider for each).",
                len(changes),
            ),
            _("Words that are new are underlined. This model has no prior, so no density is said.")
            if not explorer.has_posterior
            else _(
                "Words that are new are underlined. log p(z) is the density of the prior "
                "N(0, I) at the point: random draws have {mean:.1f} nats on average, with a "
                "standard deviation of {deviation:.1f} ({z} dimensions).",
                mean=usual[0],
                deviation=usual[1],
                z=explorer.latent_dim,
            ),
        )
    )
    strip, chart = st.columns([3, 2], gap="large")
    with strip:
        st.header(_("Which words change, and when?"), anchor=False)
        steps = st.segmented_control(
            _("Steps"),
            links.FILM_STEPS,
            required=True,
            width="content",
            **state.widget("film"),
        )
        frames = film.frames_of(path, steps)
        film.show(frames, at / (len(path) - 1))
        st.caption(
            _(
                "Good: each step reads as English and changes little. Bad: broken sentences in the "
                "middle, or one jump from A to B."
            )
        )
        figure_card.download(
            film.table(frames),
            key="film",
            file_name=f"interpolation-{explorer.name}",
            label=_("Download the film strip (CSV)"),
        )
        depth.section(
            "trusted",
            _("Can these points be trusted?"),
            _("How far each lies from the prior, the training sentences and its own way back."),
            partial(film.show_waypoints, explorer, frames),
        )
    with chart:
        show_map(explorer, map_of, at)


def on_map(explorer: Explorer, path: tuple[PathPoint, ...], kind: str) -> tuple:
    """(figure, cloud (N, 2), path (S, 2)): the path over the cloud of the corpus."""
    atlas = explorer.atlas
    return figures.path_on_map(atlas, path, kind), *figures.on_map(atlas, path, kind)


def show_map(explorer: Explorer, map_of: Callable, at: float) -> None:
    """The path over the cloud of the corpus, and where the slider stands."""
    st.header(_("Where does the path run on the map?"), anchor=False)
    if job_panel.atlas(explorer) is None:
        return
    kind = st.segmented_control(
        _("Map"),
        list(PROJECTIONS),
        format_func=PROJECTIONS.__getitem__,
        default="pca",
        key="path_map_kind",
        required=True,
        width="content",
    )
    figure, cloud, placed = map_of(kind or "pca")
    path_map.show(cloud, placed, at, "t", figure.alt, key="path_map")
    st.caption(figure.caption)
    figure_card.data(figure.table, key="path", file_name=f"{figure.name}-{explorer.name}")


with controls.page_error_boundary():
    st.title(_("What lies between two sentences?"), anchor=False)
    explorer_name = state.chosen_run()
    explorer = job_panel.required_explorer(explorer_name)
    controls.require_latents(explorer)

    left, right = st.columns(2, gap="medium")
    with left:
        end_input(_("Sentence A"), "a", explorer)
    with right:
        end_input(_("Sentence B"), "b", explorer)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        method = way_choice.choose(explorer.usual_path, has_prior=explorer.has_posterior)
        st.segmented_control(
            _("Words"),
            links.DECODERS,
            format_func=decoder_name,
            required=True,
            width="content",
            help=_("greedy: the likeliest word each time. sampled: drawn; same seed, same words."),
            **state.widget("decode"),
        )
        if state.get("decode") == "sampled":
            seeds.field(width=160)
        st.button(
            _("Swap A and B"),
            icon=":material/swap_horiz:",
            on_click=state.swap_ends,
            args=(explorer.examples(),),
        )
    words = state.get("decode")
    path = resources.path(
        explorer_name,
        journey_end("a", explorer),
        journey_end("b", explorer),
        method,
        words,
        state.get("seed"),
    )
    # Words that are drawn hang on the last digit of a weight: those of the server are shown.
    decoded_by = decoder.name(explorer) if words == "greedy" else ""
    on_its_map = cache(partial(on_map, explorer, path))
    journey(explorer, path, stops(path), method, decoded_by, on_its_map)
    decoder.mount(explorer)
