"""What lies over a cloud: own sentences, a way, a direction, what was found."""

from __future__ import annotations

from collections.abc import Sequence

from pages.common.components import point_map
from pages.explore._map import data, on_map
from pages.explore._map.picture import Floats, Picture, put
from pages.explore._map.space import Seen
from vae.explorer import Explorer
from vae.figures import map as maps


def laid_over(
    explorer: Explorer,
    seen: Seen,
    shown: Picture,
    own: Sequence[str],
    hits: maps.Rows | None,
    chosen: on_map.OnMap,
) -> point_map.Over:
    """All that lies over the cloud of a run but the circle.

    Args:
        own: sentences that its model can read.
        hits: rows that a search found.
        chosen: with the direction of this run, if any.
    """
    way = data.path(explorer, shown, seen.atlas) if on_map.PATH in chosen else None
    marks = data.marks(explorer, shown, seen.atlas, way)
    if on_map.POINT in chosen:
        marks += on_map.turned(explorer, shown, seen)
    arrow = on_map.arrow(explorer, shown, seen, chosen)
    return point_map.Over(_own(explorer, seen, shown, own), way, marks, arrow, hits=hits)


def _own(
    explorer: Explorer, seen: Seen, shown: Picture, own: Sequence[str]
) -> list[tuple[Floats, str, Floats | None]]:
    if not own or not shown.places:
        return []
    posterior = data.own_posterior(explorer, tuple(own))
    spread: list[Floats | None] = [None] * len(own)
    if shown.plane is not None and not posterior.is_point:
        spread = list(shown.plane.covariance(posterior.logvar.exp().numpy()))
    return list(zip(put(shown, seen.atlas, posterior.mean.numpy()), own, spread, strict=True))
