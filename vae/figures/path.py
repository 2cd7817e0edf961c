"""What lies between two sentences? The path over the map."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from vae import colours
from vae.figures import frame
from vae.figures.figure import Figure
from vae.figures.map import PROJECTIONS
from vae.i18n import _, pgettext
from vae.latent.atlas import Atlas
from vae.latent.findings import PathPoint
from vae.latent.projection import NEIGHBOURS

Floats = npt.NDArray[np.floating]


def path_on_map(atlas: Atlas, path: Sequence[PathPoint], projection: str) -> Figure:
    """A path of S points over the cloud of the corpus, "pca" or "umap"."""
    cloud, placed = on_map(atlas, path, projection)
    plot = frame.figure(420, showlegend=False)
    plot.add_scattergl(
        x=cloud[:, 0],
        y=cloud[:, 1],
        mode="markers",
        marker={"size": 3, "color": colours.NEUTRAL, "opacity": 0.3},
        hoverinfo="skip",
    )
    plot.add_scattergl(
        x=placed[:, 0],
        y=placed[:, 1],
        mode="lines+markers+text",
        line={"color": colours.OWN_SENTENCE, "width": 3},
        marker={"size": 5, "color": colours.OWN_SENTENCE},
        text=["A", *[""] * (len(placed) - 2), "B"],
        textposition="top right",
        hovertext=[point.sentence for point in path],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    for axes in (plot.update_xaxes, plot.update_yaxes):
        axes(showgrid=False, showticklabels=False)
    return Figure(
        name="path-on-map",
        question=_("Where does the path run on the map?"),
        plot=plot,
        alt=_(
            "{n:,} sentences as a cloud in {projection} coordinates, with the path from A to B "
            "drawn as a line and the current position as a dot.",
            n=len(cloud),
            projection=PROJECTIONS[projection],
        ),
        look_for=_(
            "Look for a path through the cloud. A bad sign: long ways through empty land, where "
            "the model has seen nothing alike."
        ),
        estimator=_(
            "PCA: two directions that hold {share:.0%} of the variance of {n:,} posterior means; "
            "the path's shadow is exact.",
            share=float(atlas.projection.pca_explained.sum()),
            n=len(cloud),
        )
        if projection == "pca"
        else _(
            "UMAP is not linear: a point of the path is put among its {k} nearest sentences, so "
            "the path may jump where the map is torn. Only neighbourhoods mean something here.",
            k=NEIGHBOURS,
        ),
        table=lambda: _path_table(path, placed),
    )


def on_map(atlas: Atlas, path: Sequence[PathPoint], projection: str) -> tuple[Floats, Floats]:
    """(M, 2) where the sentences of a map lie on it, and (S, 2) where the points of a path do."""
    z = np.stack([point.z.numpy() for point in path])
    placed = atlas.projection.place(z, atlas.mean, projection)
    return getattr(atlas.projection, projection), placed


def _path_table(path: Sequence[PathPoint], placed: Floats) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "t": [round(point.t, 4) for point in path],
            pgettext("column", "sentence"): [point.sentence for point in path],
            "x": placed[:, 0].round(4),
            "y": placed[:, 1].round(4),
        }
    )
