"""The evidence of a diagnosis, drawn as it was measured."""

import numpy as np
import pytest

from pages.diagnose._collapse import evidence_charts
from vae import colours
from vae.diagnostics.bootstrap import Interval
from vae.diagnostics.gains import Gain
from vae.diagnostics.likelihood import LikelihoodCurve
from vae.diagnostics.rate_split import RateSplit
from vae.diagnostics.units import THRESHOLDS, UnitCurve
from vae.diagnostics.usage import normal_density

GRID = np.linspace(-4, 4, 81)


def figure(value: float, reach: float = 0.1) -> Interval:
    return Interval(value, value - reach, value + 2 * reach, 0.95, 100)


def split(information: float, upper: float, rate: float) -> RateSplit:
    mismatch = figure(rate - information)
    zero = figure(0.0)
    return RateSplit(figure(rate), figure(information), 4.6, figure(upper), mismatch, zero, 1)


def test_the_parts_of_the_rate_add_up_to_it():
    bars = evidence_charts.rate_split(split(2.0, 3.0, 5.0), 5.0).data
    assert [float(b.x[0]) for b in bars] == pytest.approx([2.0, 3.0])


def test_what_the_ceiling_hides_is_a_part_of_its_own():
    bars = evidence_charts.rate_split(split(4.6, 7.0, 9.0), 9.0).data
    assert [float(b.x[0]) for b in bars] == pytest.approx([4.6, 2.4, 2.0])
    assert bars[0].name == "information, at least"
    assert len({b.marker.pattern.shape for b in bars}) == 3  # told apart without colour


def test_error_bars_reach_both_ends_of_the_interval():
    curve = LikelihoodCurve((1, 10), (figure(25), figure(20)), figure(5), figure(4), 900)
    bars = evidence_charts.likelihood(curve, (19, 26)).data[0].error_y
    assert list(bars.array) == pytest.approx([0.2, 0.2])
    assert list(bars.arrayminus) == pytest.approx([0.1, 0.1])


@pytest.mark.parametrize("threshold", [0.01, 0.5])
def test_the_thresholds_of_the_papers_and_the_chosen_one_are_marked(threshold):
    counts = tuple(figure(float(8 - i // 2)) for i in range(len(THRESHOLDS)))
    fig = evidence_charts.units(UnitCurve(THRESHOLDS, counts), 8, threshold)
    marks = {t.x[0]: t.text[1] for t in fig.data if t.mode == "lines+text"}
    assert marks[0.01] == " Burda 0.01"
    assert marks[0.2] == " DELLA 0.2"
    assert threshold in marks


def test_a_hole_is_filled_where_the_posterior_is_thin():
    density = np.where(GRID < 0, 0.0, 2 * normal_density(GRID))
    hole = evidence_charts.dimension(GRID, density).data[0]
    assert hole.name == "hole"
    assert np.isnan(hole.y[GRID >= 0]).all()
    assert not np.isnan(hole.y[GRID < 0]).any()


def test_holes_of_a_pair_lie_within_the_priors_outer_circle():
    density = np.zeros((81, 81))
    hole = evidence_charts.pair(GRID, density, (3, 5)).data[1].z
    radius = np.hypot(GRID[:, None], GRID[None])
    assert np.isnan(hole[radius > 3.04]).all()
    assert (hole[radius < 3.03] == 1).all()


def gain(name: str, value: float) -> Gain:
    return Gain(name, 50, -1.0, -2.0, -2.0, figure(value), figure(value / 2), figure(0.5))


def test_positions_run_to_the_right_and_groups_down():
    found = [gain("1", 2.0), gain("2", 1.0)]
    along = evidence_charts.gains(found, "position", 3.0).data[0]
    assert (list(along.x), list(along.y)) == (["1", "2"], [2.0, 1.0])
    down = evidence_charts.gains(found, "factor", 3.0).data[0]
    assert (list(down.x), list(down.y)) == ([2.0, 1.0], ["1", "2"])
    assert down.error_x.color == colours.OWN_SENTENCE
