"""A path: its place on the map, and as many panels as there are answers."""

from dataclasses import replace

import numpy as np
import pytest

from tests import fakes
from vae.explorer import Explorer
from vae.figures.path import on_map, path_on_map
from vae.figures.waypoints import waypoints
from vae.latent.waypoints import prior_log_density
from vae.latent.waypoints import waypoints as measured


@pytest.fixture(scope="module")
def explorer(tmp_path_factory):
    return Explorer.load(fakes.store_run(tmp_path_factory.mktemp("path") / "mapped", atlas=40))


@pytest.fixture(scope="module")
def path(explorer):
    return tuple(explorer.interpolate(*explorer.examples()[:2], 5))


@pytest.mark.parametrize("projection", ["umap", "pca"])
def test_the_path_on_the_map_is_that_of_its_points(explorer, path, projection):
    figure = path_on_map(explorer.atlas, path, projection)
    cloud, line = figure.plot.data
    every, placed = on_map(explorer.atlas, path, projection)
    assert len(cloud.x) == len(every) == len(explorer.atlas)
    assert np.allclose(np.column_stack([line.x, line.y]), placed)
    assert (line.text[0], line.text[-1]) == ("A", "B")
    assert figure.table()["sentence"].tolist() == [point.sentence for point in path]


def test_what_was_not_measured_has_no_panel_and_no_column_and_is_said_not_to_be(explorer, path):
    found = measured(explorer, path, lambda: explorer.atlas)
    whole = waypoints(found)
    assert {"distance to training", "distance to re-encoded"} <= set(whole.table())
    alone = waypoints(replace(found, around=None, nearest=(), back=None))
    assert not {"distance to training", "distance to re-encoded"} & set(alone.table())
    assert alone.look_for.count("not available") == 2
    panels = [figure.plot.layout.height for figure in (whole, alone)]
    assert panels[0] - panels[1] == 2 * 130


def test_the_density_of_the_prior_at_its_own_draws():
    draws = np.random.default_rng(0).normal(size=(20_000, 6))
    log_p = -0.5 * (np.square(draws).sum(1) + 6 * np.log(2 * np.pi))
    mean, deviation = prior_log_density(6)
    assert mean == pytest.approx(log_p.mean(), abs=0.05)
    assert deviation == pytest.approx(log_p.std(), abs=0.05)
