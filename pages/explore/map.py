"""Where do sentences live in the latent space?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from pages.common import controls, figure_card, job_panel, label_words, state
from pages.common.components import decoder, point_map
from pages.explore._map import (
    beside,
    choice,
    data,
    downloads,
    large,
    listing,
    on_map,
    overlay,
    own_sentences,
    picture,
    place,
    point,
    radius,
    selection,
    space,
)
from vae.explorer import Explorer
from vae.figures import map as maps
from vae.i18n import _, ngettext, sentences
from vae.latent import large_atlas
from vae.latent.atlas import Atlas
from vae.latent.large_atlas import LargeAtlas
from vae.latent.spaces import MODEL

MOST_BESIDE_A_PLANE = 2_000_000
CHART = "map_cloud"


@dataclass(frozen=True)
class Look:
    """What is looked at: pictures, the name of a colouring, a search, and what lies over it."""

    seen: space.Seen
    shown: picture.Picture
    second: beside.Beside | None
    colour: str
    query: str
    chosen: on_map.OnMap


def main() -> None:
    st.title(_("Where do sentences live in the latent space?"), anchor=False)
    explorer = job_panel.explorer(state.chosen_run())
    if explorer is None:
        return
    facts = st.empty()
    atlas = large.shown(explorer) or job_panel.atlas(explorer)
    if atlas is None:
        return
    if not explorer.latent_dim:
        st.info(
            _(
                "This run is a plain language model: it has no latent space, so there is no map. "
                "Choose another run in the sidebar."
            ),
            icon=":material/info:",
        )
        return
    chosen_space, kind, colour, query, chosen = choose(explorer, atlas)
    seen = space.seen(explorer, atlas, chosen_space)
    if seen is None:
        return
    shown = None
    with controls.page_error_boundary():
        shown = choice.picture(explorer, seen, kind)
    if shown is None:
        return
    trust = picture.quality(explorer, seen, shown)
    second = beside.beside(explorer, atlas, shown)
    read = _(
        "Every point is a sentence; close together lie those that {by} finds alike.", by=seen.by
    )
    facts.markdown(sentences(read, how_many(atlas), maps.distinct(atlas), trust, seen.note))
    large.notes(atlas)
    look(explorer, atlas, Look(seen, shown, second, colour, query, chosen), ends())
    if len(atlas) <= large_atlas.MOST_IN_TABLE:
        figure_card.data(
            lambda: maps.points(seen.atlas),
            key="map",
            file_name=f"{explorer.name}-map",
            label=_("All {n:,} points as a table", n=len(atlas)),
        )
    else:
        st.caption(
            _(
                "Tables hold up to {most:,} points: select some of the {n:,} to read and download "
                "them.",
                most=large_atlas.MOST_IN_TABLE,
                n=len(atlas),
            )
        )
    downloads.show(explorer, atlas)
    large.offer(explorer)
    if shown.places:
        decoder.mount(explorer)
        decoder.mount_server(explorer)


@st.fragment
@controls.page_error_boundary()
def look(explorer: Explorer, atlas: Atlas, at: Look, laid_by: tuple[str, str]) -> None:
    """The map, the card of what is chosen on it, and the table of what is selected.

    They run again by themselves, so that a selection waits for nothing else on the page.

    Args:
        laid_by: A and B as they were when the picture was made.
    """
    if picture.laid_by_sentences(at.shown) and ends() != laid_by:
        st.rerun()
    seen, shown, second, query = at.seen, at.shown, at.second, at.query
    wide = st.container()
    left, right = st.columns([2, 1], gap="medium")
    # The text area stands below the map, and the map shows what is in it.
    with left:
        above, below = st.container(), st.container()
    with below:
        own, posterior = own_sentences.ask(explorer)
    if seen.space != MODEL and own:
        below.caption(_("Own sentences are placed in the model's space only."))
    hits = data.found(explorer, atlas, query)
    with above:
        if query.strip():
            listing.say_found(len(hits), len(atlas), query)
        chart = (wide if second else st).container(key=CHART)
    # The card is chosen by what the map was last told; the map shows which it is.
    before = selection.last(cloud_of(explorer, atlas), len(atlas), len(own))
    shown_now = point.choose(before, query, hits, own)
    found = hits if query.strip() else selection.by_link(cloud_of(explorer, atlas), before)
    over = overlay.laid_over(explorer, seen, shown, own, found, at.chosen)
    over = replace(over, circle=circle(shown, shown_now, over))
    with chart:
        first, other = st.columns(2, gap="medium") if second else (st.container(), None)
    with first:
        if second:
            st.markdown(f"**{controls.plain_markdown(explorer.name)}**")
        show_cloud(explorer, seen, shown, at.colour, over, shown_now, at.chosen)
    if second and other:
        row = None if shown_now.place else shown_now.row
        with other, controls.page_error_boundary():
            first_map = beside.First(cloud_of(explorer, atlas), explorer, row, own)
            beside.show(second, first_map, at.colour, query, at.chosen)
    with right, controls.page_error_boundary():
        if shown_now.place:
            place.show(explorer, atlas, shown, shown_now.place)
        else:
            point.show(explorer, atlas, shown_now, own, posterior.mean if posterior else None)
    with above:
        rows = [r for r in before.rows if r >= 0]
        if rows and not shown_now.found:
            title = ngettext("Selected: {n:,} sentence", "Selected: {n:,} sentences", len(rows))
            listing.show(seen.atlas, rows, title, "selection")
        elif len(hits):
            title = ngettext("Found: {n:,} sentence", "Found: {n:,} sentences", len(hits))
            listing.show(seen.atlas, hits, title, "found")


def ends() -> tuple[str, str]:
    """Sentences A and B as they were chosen."""
    return str(state.get("a") or ""), str(state.get("b") or "")


def choose(explorer: Explorer, atlas: Atlas) -> tuple[str, str, str, str, on_map.OnMap]:
    """Space, picture, colour, search text, and what lies over the cloud."""
    options, named = maps.colourings(atlas), label_words.names(explorer)
    state.keep_among("map_colour", options)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        colour = st.selectbox(
            _("Colour by"),
            options,
            index=options.index("tense") if "tense" in options else 0,
            key="map_colour",
            placeholder=_("Choose"),
            format_func=lambda colour: named(maps.colouring_name(colour)),
            persist_state="session",
            width=130,
        )
        large.choose(explorer)
        shown = space.choose(atlas)
        kind = choice.kind(explorer, shown)
        query = st.text_input(
            _("Search"),
            key="map_search",
            placeholder=_("words in it"),
            icon=":material/search:",
            max_chars=200,
            persist_state="session",
            width=180,
        )
        with st.popover(_("On the map"), icon=":material/layers:", width="content"):
            chosen = on_map.choose(explorer)
            beside.choose(explorer, atlas, shown)
    return shown, kind, colour, query, chosen


def how_many(atlas: Atlas) -> str:
    """How many sentences are shown, in a sentence."""
    if isinstance(atlas, LargeAtlas):
        total = int(atlas.facts["total"])
        return _("**{n:,}** of {total:,} different sentences shown.", n=len(atlas), total=total)
    numbers = {"n": len(atlas), "total": len(atlas) + atlas.missing}
    if atlas.fresh:
        return _("**{n:,}** of {total:,} sentences shown, encoded on this machine.", **numbers)
    return _("**{n:,}** of {total:,} sentences shown.", **numbers)


def cloud_of(explorer: Explorer, atlas: Atlas) -> str:
    """The key of a run's map: what is chosen and how near it is looked at belong to the run."""
    return f"map_points_{explorer.name}{atlas.version}"


def circle(
    shown: picture.Picture, card: point.Shown, over: point_map.Over
) -> tuple[picture.Floats, float] | None:
    """The place of the card, and how far the draws around it reach in a plane (one standard
    deviation); None where none are asked for, and in UMAP, which keeps no distances."""
    reach = radius.chosen()
    if reach is None or shown.plane is None:
        return None
    if card.place:
        return np.array(card.place), reach
    if card.row >= 0:
        return shown.coordinates[card.row], reach
    return (over.own[-1 - card.row][0], reach) if over.own else None


def show_cloud(
    explorer: Explorer,
    seen: space.Seen,
    shown: picture.Picture,
    colour: str,
    over: point_map.Over,
    card: point.Shown,
    chosen: on_map.OnMap,
) -> None:
    """The map, with a ring around the sentence of the card."""
    with st.spinner(_("Drawing the map")):
        coloured, atlas = data.coloured(explorer, seen, colour), seen.atlas
    alt = maps.alternative(atlas, shown.name, colour, seen.by)
    point_map.show(
        shown.drawn,
        coloured,
        over,
        key=cloud_of(explorer, atlas),
        chosen=None if card.place else card.row,
        title=label_words.names(explorer)(maps.colouring_name(colour)),
        first=maps.label_of(atlas, colour),
        words=data.words(explorer, atlas),
        ground=on_map.ground(explorer, seen, shown, chosen),
        latents=data.latents(explorer, atlas) if needs_latents(shown, atlas) else None,
        decoder=decoder.name_anywhere(explorer) if shown.places else "",
        in_parts=chosen.maps == on_map.GROUPS,
        alt=_(
            "{what} Arrow keys go from point to point, Enter chooses one, plus and minus zoom. The "
            "table below the map has every point.",
            what=alt,
        ),
    )
    st.caption(
        sentences(
            picture.said_of_places(explorer, seen, shown),
            maps.look_for(maps.values_of(atlas, colour), shown.kind, seen.by),
            _(
                "Click a point or a place to read it; choose box or lasso above the map and drag "
                "to select many."
            ),
        )
    )
    for said in on_map.captions(shown, chosen, len(atlas)):
        st.caption(said)


def needs_latents(shown: picture.Picture, atlas: Atlas) -> bool:
    """Whether a browser has a use for the latents: without them UMAP has no places. Of a plane they
    only say how far it can be trusted at the pointer, so many are left out."""
    return shown.places and (shown.plane is None or atlas.mean.size <= MOST_BESIDE_A_PLANE)


with controls.page_error_boundary():
    main()
