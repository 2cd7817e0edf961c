"""What a map is a picture of: UMAP, or a plane, whose every place has one latent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pages.common import resources, state
from pages.common.components import point_map
from pages.common.served import served
from pages.explore._map.space import Seen
from vae.explorer import Explorer
from vae.figures import map as maps
from vae.i18n import Message, _, message
from vae.latent.atlas import Atlas
from vae.latent.large_atlas import PCA, UMAP, LargeAtlas
from vae.latent.places import FEW, latents_at
from vae.latent.planes import (
    Plane,
    dimension_plane,
    drawn_latent,
    pca_plane,
    plane_around,
    plane_through,
)
from vae.latent.projection import NEIGHBOURS, different_rows, trust
from vae.latent.spaces import MODEL

Floats = npt.NDArray[np.floating]

DIMENSIONS, AROUND, THREE = "dimensions", "around", "three"
PICTURES: Mapping[str, str | Message] = {
    **maps.PROJECTIONS,
    DIMENSIONS: message("dimensions"),
    AROUND: message("around A"),
    THREE: message("plane ABC"),
}
WITH_REST = ("pca", DIMENSIONS)
BY_SENTENCES = (AROUND, THREE)
_TRUST_SAMPLE, _SHARE_SAMPLE = 1_000, 50_000
NEAR = 100
"""Sentences that the plane around one is made of."""

At = tuple[int | str, ...]
"""Two dimensions, or the sentences that a plane is laid by."""


@dataclass(frozen=True)
class Picture:
    """A picture of a run's latents.

    Attributes:
        kind: of `PICTURES`.
        at: what it is laid by, if anything.
        coordinates: (N, 2).
        plane: where each place has one latent; None of UMAP, and of spaces that are not the
            model's.
        places: whether a place has a latent at all.
        rest: of a plane whose other directions are a choice, which of `links.RESTS`.
        drawn: as a browser draws it.
    """

    kind: str
    at: At
    coordinates: Floats
    plane: Plane | None
    places: bool
    drawn: point_map.Picture
    rest: str = ""

    @property
    def name(self) -> str:
        """As a person reads it."""
        return str(PICTURES[self.kind])


def picture(explorer: Explorer, seen: Seen, kind: str, at: At, rest: str = "mean") -> Picture:
    """A picture of an atlas as a space shows it; its words are those of the language in force.

    Args:
        rest: of `links.RESTS`: where all lies that PCA or two dimensions do not show.

    Raises:
        UserError: a sentence cannot be read, or three lie on one line.
    """
    coordinates, plane, points, size = _placed(explorer, seen.version, kind, at, seen)
    if isinstance(seen.atlas, LargeAtlas) and kind in maps.PROJECTIONS:
        points = served(seen.atlas.folder, UMAP if kind == "umap" else PCA)
    free = kind in WITH_REST and plane is not None
    if free and rest != "mean":
        assert plane is not None
        plane = plane.through(_rest(explorer, seen.atlas, rest))
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
    name = "-".join((explorer.name, seen.version, kind, *map(str, at)))
    drawn = point_map.Picture(name, points, size, _axes(explorer, seen.atlas, kind, at), prior, how)
    return Picture(kind, at, coordinates, plane, places, drawn, rest if free else "")


def _rest(explorer: Explorer, atlas: Atlas, rest: str) -> Floats:
    """(Z,) what a plane passes through."""
    if rest == "drawn":
        return drawn_latent(atlas.mean, atlas.logvar, state.get("seed"))
    a = state.sentence("a", list(resources.starters(explorer)))
    found: Floats = explorer.encode([a]).mean[0].numpy()
    return found


@resources.shared(max_entries=16)
def _placed(
    explorer: Explorer, version: str, kind: str, at: At, _seen: Seen
) -> tuple[Floats, Plane | None, bytes, float]:
    projection, means, plane = _seen.atlas.projection, _seen.atlas.mean, None
    if isinstance(_seen.atlas, LargeAtlas) and kind in maps.PROJECTIONS:
        plane = pca_plane(projection) if kind == "pca" else None
        return getattr(projection, kind), plane, b"", point_map.size_of(len(_seen.atlas))
    if kind in maps.PROJECTIONS:
        coordinates = getattr(projection, kind)
        if kind == "pca" and _seen.space == MODEL:
            plane = pca_plane(projection)
    else:
        plane = _plane(explorer, kind, at, means)
        coordinates = plane.place(means)
    points = np.ascontiguousarray(coordinates, dtype="<f4")
    size = point_map.size_of(len(different_rows(points)[0]))
    return points, plane, points.tobytes(), size


def _plane(explorer: Explorer, kind: str, at: At, means: Floats) -> Plane:
    if kind == DIMENSIONS:
        first, second = (int(d) for d in at)
        return dimension_plane(first, second, means.mean(0))
    ends = explorer.encode([str(sentence) for sentence in at]).mean.numpy()
    return plane_around(ends[0], means, NEAR) if kind == AROUND else plane_through(*ends)


def _axes(explorer: Explorer, atlas: Atlas, kind: str, at: At) -> tuple[str, str]:
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
            for d in (int(d) for d in at)
        )
        return right, up
    if kind == AROUND:
        return _("widest direction of the neighbourhood"), _("second widest")
    if kind == THREE:
        return _("from A to B"), _("toward the third sentence")
    return "", ""


def laid_by_sentences(shown: Picture) -> bool:
    """Whether a picture is another one as soon as sentence A or B is."""
    return shown.kind in BY_SENTENCES or shown.rest == "sentence"


def quality(explorer: Explorer, seen: Seen, shown: Picture) -> str:
    """How far a picture can be trusted, in a sentence."""
    if shown.kind in maps.PROJECTIONS:
        return maps.trust(seen.atlas, shown.kind)
    share, value, n = _quality(explorer, seen.version, shown.drawn.name, seen.atlas, shown)
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
    explorer: Explorer, version: str, name: str, _atlas: Atlas, _shown: Picture
) -> tuple[float, float, int]:
    assert _shown.plane is not None
    some = np.random.default_rng(0).permutation(len(_atlas))[:_SHARE_SAMPLE]
    share = _shown.plane.share(_atlas.mean[np.sort(some)])
    first = some if _atlas.version else different_rows(_atlas.mean)[0]
    rows = np.random.default_rng(0).permutation(first)[:_TRUST_SAMPLE]
    return share, trust(_atlas.mean[rows], _shown.coordinates[rows]), len(rows)


def said_of_places(explorer: Explorer, seen: Seen, shown: Picture) -> str:
    """How a place of the picture becomes a sentence, in a sentence or two."""
    if not shown.places:
        return ""
    if shown.kind in BY_SENTENCES:
        return _(
            "Point anywhere and the model says what lies there: exactly at that place of the plane."
        )
    if shown.rest == "sentence":
        return _(
            "Point anywhere and the model says what lies there: exactly at that place, everything "
            "that this picture does not show as in sentence A."
        )
    if shown.rest == "drawn":
        return _(
            "Point anywhere and the model says what lies there: exactly at that place, everything "
            "that this picture does not show as in one draw from the sentences' posteriors (seed "
            "{seed}). Draw again: what stays the same is what the picture shows.",
            seed=state.get("seed"),
        )
    if shown.plane is not None:
        return _(
            "Point anywhere and the model says what lies there: exactly at that place, everything "
            "that this picture does not show at its mean."
        )
    return _(
        "Point anywhere and the model says about what lies there: UMAP has no way back, so a place "
        "stands for a mixture of its {k} nearest sentences. Put back on the map, it comes to lie "
        "{share:.1%} of the map's width from where you pointed (median of places between "
        "sentences).",
        k=FEW,
        share=_inverse(explorer, seen.version, seen.atlas),
    )


@resources.shared(max_entries=16)
def _inverse(explorer: Explorer, version: str, _atlas: Atlas) -> float:
    return _atlas.inverse_share()


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
