"""What lies over the cloud beside own sentences: chosen in one place, kept in the link."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st
import torch

from pages.common import controls, direction_choice, label_words, links, resources, state
from pages.explore._map import data
from pages.explore._map.picture import Picture, put
from pages.explore._map.space import Seen
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import _, listed, message
from vae.i18n.numbers import percent
from vae.latent.density import SHARES, contours
from vae.latent.directions import REST
from vae.latent.regions import SAMPLE, named_regions
from vae.studies import directions_read
from vae.studies.direction_names import value_name
from vae.studies.directions_read import LabelDirections

NAMES, DENSITY, PATH, POINT, DIRECTION = links.ON_THE_MAP
GROUPS = "groups"
OVERLAYS = {
    NAMES: message("names of regions"),
    DENSITY: message("lines of density"),
    PATH: message("path from A to B"),
    POINT: message("point of Dimensions"),
    DIRECTION: message("direction of Meaning"),
}
MAPS = {"one": message("one"), GROUPS: message("and one of each colour")}

Floats = npt.NDArray[np.floating]


@dataclass(frozen=True)
class Chosen:
    """A direction of Meaning: its step (Z,), the mean (Z,) of what it leads away from, its name.

    Attributes:
        of: the label, the value that it leads to, and the one that it leads away from.
    """

    step: Floats
    mean: Floats
    name: str
    of: tuple[str, str, str] = ("", "", "")


@dataclass(frozen=True)
class OnMap:
    """What was chosen to lie over the cloud.

    Attributes:
        overlays: of `OVERLAYS`.
        direction: None where none was chosen, or none is there.
        maps: of `MAPS`.
    """

    overlays: tuple[str, ...]
    direction: Chosen | None = None
    maps: str = "one"

    def __contains__(self, overlay: str) -> bool:
        return overlay in self.overlays


def choose(explorer: Explorer) -> OnMap:
    """The controls of all of them; the link keeps what is chosen."""
    st.pills(
        _("Over the cloud"),
        list(OVERLAYS),
        selection_mode="multi",
        format_func=lambda name: str(OVERLAYS[name]),
        **state.widget("on"),
    )
    overlays = tuple(state.get("on"))
    direction = _direction(explorer) if DIRECTION in overlays else None
    st.segmented_control(
        _("Maps"),
        links.MAPS,
        format_func=lambda name: str(MAPS[name]),
        required=True,
        **state.widget("maps"),
    )
    return OnMap(overlays, direction, state.get("maps"))


def _direction(explorer: Explorer) -> Chosen | None:
    with controls.page_error_boundary():
        result = resources.study_result(explorer.run, "directions")
        study = None if result is None else directions_read.read(result)
        if study is None or not study.labels:
            st.caption(_("This run has no directions yet. The page Meaning measures them."))
            return None
        label, source, target = direction_choice.values(explorer, study)
        found = study.of(label)
        assert found is not None
        starts = {"mean": value_name(source), "sentence": _("sentence A")}
        st.segmented_control(
            _("Begins at"),
            links.ARROWS,
            format_func=starts.__getitem__,
            required=True,
            **state.widget("arrow"),
        )
        return _led(explorer, found, target, source)
    return None


def _led(explorer: Explorer, found: LabelDirections, target: str, source: str) -> Chosen:
    direction = found.direction(target, source, direction_choice.how())
    named = label_words.names(explorer)(found.label)
    value = direction_choice.value_of(explorer, found.label, target)
    name = _("{label}: {value}", label=named, value=value)
    start = found.space.ends(direction)[0]
    return Chosen(direction.step, start, name, (found.label, target, source))


def of_another(explorer: Explorer, chosen: OnMap) -> OnMap:
    """The same over the cloud of another run: with its own direction of the same name, where it has
    one, and without the point of Dimensions, which is of the first run's space."""
    overlays = tuple(name for name in chosen.overlays if name != POINT)
    direction = None
    if chosen.direction is not None:
        label, target, source = chosen.direction.of
        with contextlib.suppress(UserError):
            result = resources.study_result(explorer.run, "directions")
            found = result and directions_read.read(result).of(label)
            if found and {target, source} - {REST} <= set(found.values):
                direction = _led(explorer, found, target, source)
    return OnMap(overlays, direction, chosen.maps)


def arrow(
    explorer: Explorer, shown: Picture, seen: Seen, chosen: OnMap
) -> tuple[Floats, str] | None:
    """((2, 2) where a direction begins and where a step of it leads, its name), where one was
    chosen."""
    if chosen.direction is None or not shown.places:
        return None
    start, step = chosen.direction.mean, chosen.direction.step
    if state.get("arrow") == "sentence":
        try:
            a = state.sentence("a", list(resources.starters(explorer)))
            start = data.own_posterior(explorer, (a,)).mean[0].numpy()
        except UserError:  # Meaning says what is wrong with it
            return None
    # In UMAP, which has no straight lines, its ends are placed.
    return put(shown, seen.atlas, np.stack([start, start + step])), chosen.direction.name


def turned(explorer: Explorer, shown: Picture, seen: Seen) -> list[tuple[Floats, str]]:
    """The point at which the dials of Dimensions were left, if they were turned."""
    z: torch.Tensor | None = state.point("z", explorer.latent_dim)
    if z is None or not shown.places:
        return []
    return [(put(shown, seen.atlas, z[None].numpy())[0], _("Dimensions"))]


def ground(explorer: Explorer, seen: Seen, shown: Picture, chosen: OnMap) -> bytes | None:
    """Names of regions and lines of density for the browser; None where neither was chosen."""
    if NAMES not in chosen and DENSITY not in chosen:
        return None
    name = shown.drawn.name
    with st.spinner(_("Naming the regions of the map")):
        regions = _regions(explorer, name, seen, shown) if NAMES in chosen else None
    drawn = None
    if DENSITY in chosen:
        drawn = [
            {"name": percent(share, 0), "lines": lines}
            for share, lines in _contours(explorer, name, shown)
        ]
    return json.dumps({"regions": regions, "contours": drawn}, ensure_ascii=False).encode()


@resources.shared(max_entries=16)
def _regions(
    explorer: Explorer, name: str, _seen: Seen, _shown: Picture
) -> list[dict[str, object]]:
    found = named_regions(_shown.coordinates, _seen.atlas.sentences)
    return [
        {"x": r.x, "y": r.y, "level": r.level, "words": " · ".join(r.words)}
        for r in found
        if r.words
    ]


@resources.shared(max_entries=16)
def _contours(
    explorer: Explorer, name: str, _shown: Picture
) -> list[tuple[float, list[list[float]]]]:
    size = float(np.ptp(_shown.coordinates, axis=0).max()) or 1.0
    digits = max(0, 4 - int(np.floor(np.log10(size))))
    return [
        (contour.share, [np.round(line.ravel(), digits).tolist() for line in contour.lines])
        for contour in contours(_shown.coordinates)
    ]


def captions(shown: Picture, chosen: OnMap, n: int) -> list[str]:
    """What to look for in what was laid over the cloud, and what would be a bad sign."""
    said = []
    if NAMES in chosen:
        said.append(
            _(
                "A region is named by the words that are most its own (class-based TF-IDF); zoom "
                "in for the names of its parts. Good: names that make sense together, the same "
                "when you look closer. Bad: names of common words only, since nothing sets the "
                "region apart."
            )
        )
        if n > SAMPLE:
            said.append(
                _("Regions are named from {n:,} of {total:,} sentences.", n=SAMPLE, total=n)
            )
    if DENSITY in chosen:
        said.append(
            _(
                "Each line encloses the smallest area that holds {shares} of the sentences. Good: "
                "one broad hill. Bad: islands with nothing between, where a path crosses places "
                "that no sentence taught.",
                shares=listed([percent(share, 0) for share in SHARES], "unit"),
            )
        )
    if chosen.direction is not None and shown.places:
        said.append(
            _(
                "The arrow goes one step of the direction, from where it begins to where it leads. "
                "Good: it leads from one colour to another, coloured by its label. Bad: a short "
                "arrow, since the picture does not show that direction."
            )
        )
    if chosen.maps == GROUPS:
        said.append(
            _(
                "Each small map shows one group in colour over all the others in grey, on the axes "
                "of the large one, which they follow. Good: groups with places of their own. Bad: "
                "the same cloud in each, since this picture does not tell them apart."
            )
        )
    return said
