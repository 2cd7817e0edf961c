"""What a map is a picture of: UMAP, principal components, or two dimensions as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st

from pages.common import resources
from pages.common.components import point_map
from pages.explore._map.space import Seen
from vae.explorer import Explorer
from vae.figures import map as maps
from vae.i18n import Message, _, message
from vae.latent.atlas import Atlas
from vae.latent.places import FEW, between_sentences, inverse_error, latents_at
from vae.latent.planes import Plane, dimension_plane, pca_plane
from vae.latent.projection import NEIGHBOURS, different_rows
from vae.latent.spaces import MODEL

Floats = npt.NDArray[np.floating]

DIMENSIONS = "dimensions"
PICTURES: Mapping[str, str | Message] = {
    **maps.PROJECTIONS,
    DIMENSIONS: message("two dimensions"),
}
_TRUST_SAMPLE = 1_000


@dataclass(frozen=True)
class Picture:
    """A picture of a run's latents.

    Attributes:
        kind: "umap", "pca" or "dimensions".
        dims: the two dimensions of the last; else none.
        coordinates: (N, 2).
        plane: where each place has one latent; None of UMAP, and of spaces that are not the
            model's.
        places: whether a place has a latent at all.
        drawn: as a browser draws it.
    """

    kind: str
    dims: tuple[int, ...]
    coordinates: Floats
    plane: Plane | None
    places: bool
    drawn: point_map.Picture

    @property
    def name(self) -> str:
        """As a person reads it."""
        return str(PICTURES[self.kind])


def choose(explorer: Explorer, space: str) -> tuple[str, tuple[int, ...]]:
    """Which picture, and of which dimensions."""
    offered = [
        k for k in PICTURES if k != DIMENSIONS or (space == MODEL and explorer.latent_dim > 1)
    ]
    if st.session_state.get("map_projection") not in offered:
        st.session_state.pop("map_projection", None)
    kind = st.segmented_control(
        _("Projection"),
        offered,
        default="umap",
        required=True,
        format_func=lambda kind: str(PICTURES[kind]),
        key="map_projection",
        persist_state="session",
    )
    return (kind or "umap"), (_dimensions(explorer) if kind == DIMENSIONS else ())


def _dimensions(explorer: Explorer) -> tuple[int, int]:
    known = resources.informative(explorer.name)

    def titled(d: int) -> str:
        title = known.titles[d]
        return _("{d} · {title}", d=d, title=title) if title else str(d)

    first = _dimension(_("To the right"), known.order, 0, titled)
    rest = [d for d in known.order if d != first]
    return first, _dimension(_("Up"), rest, 1, titled)


def _dimension(label: str, order: Sequence[int], i: int, titled: Callable[[int], str]) -> int:
    key = f"map_dimension_{i}"
    if st.session_state.get(key) not in order:
        st.session_state.pop(key, None)
    chosen = st.selectbox(
        label, order, key=key, format_func=titled, persist_state="session", width=150
    )
    return int(order[0] if chosen is None else chosen)


def picture(explorer: Explorer, seen: Seen, kind: str, dims: tuple[int, ...]) -> Picture:
    """A picture of an atlas as a space shows it; its words are those of the language in force."""
    coordinates, plane, points, size = _placed(explorer, seen.version, kind, dims, seen)
    places = seen.space == MODEL
    prior = None
    if plane is not None and explorer.has_posterior and np.abs(plane.axes).sum(1).all():
        x, y = plane.place(np.zeros((1, len(plane.origin))))[0]
        prior = (float(x), float(y))
    how = None
    if plane is not None:
        how = {"origin": plane.origin.tolist(), "axes": plane.axes.tolist()}
    elif places:
        how = {"few": FEW}
    name = "-".join((explorer.name, seen.version, kind, *map(str, dims)))
    drawn = point_map.Picture(
        name, points, size, _axes(explorer, seen.atlas, kind, dims), prior, how
    )
    return Picture(kind, dims, coordinates, plane, places, drawn)


@resources.shared(max_entries=16)
def _placed(
    explorer: Explorer, version: str, kind: str, dims: tuple[int, ...], _seen: Seen
) -> tuple[Floats, Plane | None, bytes, float]:
    projection, plane = _seen.atlas.projection, None
    if kind == DIMENSIONS:
        plane = dimension_plane(*dims, _seen.atlas.mean.mean(0))
        coordinates = plane.place(_seen.atlas.mean)
    else:
        coordinates = getattr(projection, kind)
        if kind == "pca" and _seen.space == MODEL:
            plane = pca_plane(projection)
    points = np.ascontiguousarray(coordinates, dtype="<f4")
    size = point_map.size_of(len(different_rows(points)[0]))
    return points, plane, points.tobytes(), size


def _axes(explorer: Explorer, atlas: Atlas, kind: str, dims: tuple[int, ...]) -> tuple[str, str]:
    if kind == "pca":
        first, second = atlas.projection.pca_explained
        return (
            _("component {i}, {share:.0%} of the variance", i=1, share=float(first)),
            _("component {i}, {share:.0%} of the variance", i=2, share=float(second)),
        )
    if kind == DIMENSIONS:
        titles = resources.informative(explorer.name).titles
        right, up = (
            _("dimension {d}: {title}", d=d, title=titles[d])
            if titles[d]
            else _("dimension {d}", d=d)
            for d in dims
        )
        return right, up
    return "", ""


def quality(explorer: Explorer, seen: Seen, shown: Picture) -> str:
    """How far a picture can be trusted, in a sentence."""
    if shown.kind != DIMENSIONS:
        return maps.trust(seen.atlas, shown.kind)
    share, value, n = _quality(explorer, seen.version, shown.dims, seen.atlas, shown)
    if np.isnan(value):
        return _("These two dimensions show {share:.0%} of the variance.", share=share)
    return _(
        "The trustworthiness of this picture is **{value:.2f}** (k = {k}, n = {n:,}); it shows "
        "{share:.0%} of the variance.",
        value=value,
        k=NEIGHBOURS,
        n=n,
        share=share,
    )


@resources.shared(max_entries=40)
def _quality(
    explorer: Explorer, version: str, dims: tuple[int, ...], _atlas: Atlas, _shown: Picture
) -> tuple[float, float, int]:
    from sklearn.manifold import trustworthiness

    assert _shown.plane is not None
    rows = np.random.default_rng(0).permutation(different_rows(_atlas.mean)[0])[:_TRUST_SAMPLE]
    share = _shown.plane.share(_atlas.mean)
    if len(rows) <= 2 * NEIGHBOURS + 1:
        return share, float("nan"), len(rows)
    seen = _shown.coordinates[rows]
    value = trustworthiness(_atlas.mean[rows], seen, n_neighbors=NEIGHBOURS)
    return share, float(value), len(rows)


def said_of_places(explorer: Explorer, seen: Seen, shown: Picture) -> str:
    """How a place of the picture becomes a sentence, in a sentence or two."""
    if not shown.places:
        return ""
    if shown.plane is not None:
        return _(
            "Point anywhere and the model says what lies there: exactly at that place, everything "
            "that this picture does not show at its mean."
        )
    middle, width = _inverse(explorer, seen.version, seen.atlas)
    return _(
        "Point anywhere and the model says about what lies there: UMAP has no way back, so a place "
        "stands for a mixture of its {k} nearest sentences. Put back on the map, it comes to lie "
        "{share:.1%} of the map's width from where you pointed (median of places between "
        "sentences).",
        k=FEW,
        share=middle / width,
    )


@resources.shared(max_entries=16)
def _inverse(explorer: Explorer, version: str, _atlas: Atlas) -> tuple[float, float]:
    """(median error of the inverse, width of the map)."""
    between = between_sentences(_atlas.projection.umap)
    errors = inverse_error(between, _atlas.projection, _atlas.mean)
    return float(np.median(errors)), max(float(np.ptp(_atlas.projection.umap, axis=0)[0]), 1e-9)


def latent(shown: Picture, atlas: Atlas, place: tuple[float, float]) -> Floats:
    """(Z,) the latent of a place."""
    found: Floats = latents_at(np.array([place]), shown.plane or atlas.projection, atlas.mean)[
        0
    ].astype(np.float32)
    return found


def put(shown: Picture, atlas: Atlas, z: Floats) -> Floats:
    """(M, 2) where latents (M, Z) of the model's space lie on the picture."""
    if shown.plane is not None:
        return shown.plane.place(z)
    return atlas.projection.place(z, atlas.mean, shown.kind)
