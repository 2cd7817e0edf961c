"""Figures of runs set against each other."""

import numpy as np
import pytest

from pages.train._compare import charts
from vae.diagnostics.comparison import RatePoint


def point(name, rate, distortion, error=None):
    return RatePoint(name, rate, distortion, error, error, 500, "test sentences")


def test_every_run_is_named_and_has_its_own_shape():
    fig = charts.rate_distortion([point("a", 0.1, 16.0, 0.1), point("b", 5.0, 12.0)])
    marks = [t for t in fig.data if t.mode == "markers+text"]
    assert [t.text[0].strip() for t in marks] == ["a", "b"]
    assert len({t.marker.symbol for t in marks}) == 2
    assert [t.error_x.visible for t in marks] == [True, False]
    assert "ELBO" in fig.layout.annotations[0].text


def test_a_sweep_is_joined_in_its_order():
    points = [point("a", 1.0, 16.0), point("b", 5.0, 12.0), point("c", 3.0, 13.0)]
    fig = charts.rate_distortion(points, [[0, 2, 1]])
    assert any(tuple(t.x) == (1.0, 3.0, 5.0) for t in fig.data)


@pytest.mark.parametrize("lowest", [None, 0.0])
def test_cells_not_measured_yet_stay_empty(lowest):
    fig = charts.grid(np.array([[1.0, np.nan]]), ["a"], ["b", "c"], "nats", lowest)
    assert fig.data[0].text[0] == ("1.00", "") or list(fig.data[0].text[0]) == ["1.00", ""]
    assert fig.data[0].zmax > fig.data[0].zmin
