"""The evidence of a diagnosis, drawn as it was measured."""

import numpy as np
import pytest

from vae import colours, figures
from vae.diagnostics.aggregated_posterior import normal_density
from vae.diagnostics.bootstrap import Interval
from vae.diagnostics.gains import Gain, Listening
from vae.diagnostics.likelihood import LikelihoodCurve
from vae.diagnostics.prior_match import PriorMatch, SpaceMatch, Validity
from vae.diagnostics.rate_split import RateSplit
from vae.diagnostics.units import THRESHOLDS, UnitCurve

GRID = np.linspace(-4, 4, 81)


def figure(value: float, reach: float = 0.1) -> Interval:
    return Interval(value, value - reach, value + 2 * reach, 0.95, 100)


def split(information: float, upper: float, rate: float) -> RateSplit:
    mismatch = figure(rate - information)
    zero = figure(0.0)
    return RateSplit(figure(rate), figure(information), 4.6, figure(upper), mismatch, zero, 1)


def test_the_parts_of_the_rate_add_up_to_it():
    bars = figures.rate_split(split(2.0, 3.0, 5.0), top=5.0).plot.data
    assert [float(b.x[0]) for b in bars] == pytest.approx([2.0, 3.0])


def test_what_the_ceiling_hides_is_a_part_of_its_own():
    bars = figures.rate_split(split(4.6, 7.0, 9.0), top=9.0).plot.data
    assert [float(b.x[0]) for b in bars] == pytest.approx([4.6, 2.4, 2.0])
    assert bars[0].name == "information, at least"
    assert len({b.marker.pattern.shape for b in bars}) == 3  # told apart without colour


def test_error_bars_reach_both_ends_of_the_interval():
    curve = LikelihoodCurve((1, 10), (figure(25), figure(20)), figure(5), figure(4), 900)
    bars = figures.likelihood(curve, ends=(19, 26)).plot.data[0].error_y
    assert list(bars.array) == pytest.approx([0.2, 0.2])
    assert list(bars.arrayminus) == pytest.approx([0.1, 0.1])


@pytest.mark.parametrize("threshold", [0.01, 0.5])
def test_the_thresholds_of_the_papers_and_the_chosen_one_are_marked(threshold):
    counts = tuple(figure(float(8 - i // 2)) for i in range(len(THRESHOLDS)))
    curve = UnitCurve(THRESHOLDS, counts)
    fig = figures.active_units(curve, 8, "100 sentences", threshold=threshold).plot
    marks = {t.x[0]: t.text[1] for t in fig.data if t.mode == "lines+text"}
    assert marks[0.01] == " Burda 0.01 "
    assert marks[0.2] == " DELLA 0.2 "
    assert threshold in marks


def test_a_density_says_how_often_it_is_the_priors():
    density = np.where(GRID < 0, 0.0, 2 * normal_density(GRID))
    ours, prior = figures.dimension_density(GRID, density, 3, 1.0, "100 sentences").plot.data
    assert list(np.unique(np.round(ours.customdata, 6))) == [0, 2]
    assert prior.y == pytest.approx(normal_density(GRID))
    pair = figures.pair_density(GRID, np.outer(density, density), (3, 5), "100 sentences")
    assert set(np.unique(np.round(pair.plot.data[0].customdata, 6))) == {0, 4}


def space(dimensions: int, kl: float, accuracy: float) -> SpaceMatch:
    return SpaceMatch(dimensions, figure(kl), figure(accuracy, 0.01), figure(kl / 2))


def test_live_and_dead_directions_stand_under_the_whole_where_there_are_both():
    whole, live, dead = space(48, 5.0, 0.95), space(26, 1.2, 0.8), space(22, 3.8, 0.94)
    drawn = figures.prior_match(PriorMatch(2_000, whole, live, dead), top=9.0)
    moments, bounds, shares = drawn.plot.data
    assert list(moments.y) == ["all 48 dimensions", "26 live", "22 dead"]
    assert list(moments.x) == [5.0, 1.2, 3.8]
    assert list(bounds.x) == [2.5, 0.6, 1.9]
    assert list(shares.x) == [0.95, 0.8, 0.94]
    assert drawn.plot.layout.xaxis.range[1] > 9
    lines = [line.x0 for line in drawn.plot.layout.shapes]
    assert lines == [1.0, 0.5, 0.6]
    assert len(drawn.table()) == 9
    assert "5.00 nats" in drawn.question
    assert "95.0%" in drawn.question
    all_live = figures.prior_match(PriorMatch(2_000, whole, whole, None))
    assert list(all_live.plot.data[0].y) == ["all 48 dimensions"]


def test_a_scale_of_shares_holds_both_draws():
    shares = Validity(figure(0.3, 0.01), figure(0.9, 0.01))
    drawn = figures.prior_validity(shares)
    assert [t.x[0] for t in drawn.plot.data] == [0.3, 0.9]
    assert drawn.plot.layout.xaxis.range[0] < 0.29
    assert drawn.question.startswith("30.0% of prior draws")


def gain(name: str, value: float) -> Gain:
    return Gain(name, 50, -1.0, -2.0, -2.0, figure(value), figure(value / 2), figure(0.5))


def test_positions_run_to_the_right_and_groups_down():
    found = [gain("1", 2.0), gain("2", 1.0)]
    heard = Listening(*[figure(-20.0)] * 3, figure(5.0), figure(6.0), None, None, None, ())
    along = figures.gains(found, "position", heard, top=3.0).plot.data[0]
    assert (list(along.x), list(along.y)) == (["1", "2"], [2.0, 1.0])
    down = figures.gains(found, "factor", heard, top=3.0).plot.data[0]
    assert (list(down.x), list(down.y)) == ([2.0, 1.0], ["1", "2"])
    assert down.error_x.color == colours.POSTERIOR


def test_another_sentences_z_has_one_colour_wherever_it_stands():
    found = [gain("1", 2.0), gain("2", 1.0)]
    heard = Listening(*[figure(-20.0)] * 3, figure(5.0), figure(6.0), None, None, None, ())
    own, another, prior = (t.marker.color for t in figures.listening(heard).plot.data)
    over = [t.marker.color for t in figures.gains(found, "factor", heard).plot.data]
    assert over == [another, prior]
    assert len({own, another, prior}) == 3


def test_rate_bars_are_sorted_and_inactive_ones_hatched():
    kl, spread = np.array([0.1, 2.0, 1.0]), np.array([0.001, 0.5, 0.1])
    drawn = figures.rates(kl, spread, figure(3.1), "100 sentences", top=4.0)
    bars = drawn.plot.data[0]
    assert list(bars.x) == ["1", "2", "0"]
    assert list(bars.marker.pattern.shape) == ["", "", "/"]
    assert drawn.plot.layout.yaxis.range[1] > 4
    assert drawn.question == "2 of 3 dimensions are active"


def test_words_of_a_corpus_are_no_markup_in_a_figure():
    scores = np.array([[-1.0, -2.0]])
    drawn = figures.token_scores(["<b>x</b>", "."], ["its own z"], scores)
    assert drawn.plot.layout.xaxis.ticktext[0] == "&lt;b&gt;x&lt;/b&gt;"


def test_numbers_in_the_cells_are_those_of_the_bar_of_colours_and_two_models_can_share_it():
    scores = np.array([[-1.0, -6.0], [0.0, -2.0]])
    cells = figures.token_scores(["a", "b"], ["own", "prior"], scores).plot.data[0]
    assert np.array(cells.text).astype(float).tolist() == cells.z.tolist() == (-scores).tolist()
    assert (cells.zmin, cells.zmax) == (0, 6)
    assert cells.reversescale  # bright is cheap
    assert figures.token_scores(["a", "b"], ["o", "p"], scores, low=-9.0).plot.data[0].zmax == 9


def test_every_figure_of_a_diagnosis_has_a_table_and_says_how_it_was_measured():
    heard = Listening(*[figure(-20.0)] * 3, figure(5.0), figure(6.0), None, None, None, ())
    curve = LikelihoodCurve((1, 10), (figure(25), figure(20)), figure(5), figure(4), 900)
    kl, density = np.array([0.1, 2.0]), normal_density(GRID)
    units = UnitCurve(THRESHOLDS, tuple(figure(2.0) for _ in THRESHOLDS))
    made = [
        figures.rate_split(split(2.0, 3.0, 5.0)),
        figures.rates(kl, kl, figure(2.1), "100 sentences"),
        figures.variances(kl, kl, "100 sentences"),
        figures.active_units(units, 2, "100 sentences"),
        figures.likelihood(curve),
        figures.listening(heard),
        figures.gains([gain("1", 2.0)], "position", heard),
        figures.token_scores(["a"], ["its own z"], np.array([[-1.0]])),
        figures.dimension_density(GRID, density, 0, 2.0, "100 sentences"),
        figures.pair_density(GRID, np.outer(density, density), (0, 1), "100 sentences"),
        figures.prior_match(PriorMatch(100, space(2, 0.3, 0.6), None, space(2, 0.3, 0.6))),
        figures.prior_validity(Validity(figure(0.3), figure(0.9))),
    ]
    assert len({drawn.name for drawn in made}) == len(made)
    for drawn in made:
        assert len(drawn.table())
        assert drawn.alt.endswith(".")
        assert drawn.look_for
        assert drawn.estimator
        drawn.plot.to_json()


def test_no_variance_lies_off_its_chart_unsaid():
    kl = np.array([3.0, 1.0, 0.1])
    drawn = figures.variances(kl, np.array([1e5, 1e-9, 0.5]), "100 sentences")
    low, high = drawn.plot.layout.yaxis.range
    assert low < -6
    assert high > 5
    assert "1 below 10⁻⁶ stand at 10⁻⁶" in drawn.estimator
    assert "10⁻⁶" not in figures.variances(kl, kl, "100 sentences").estimator


@pytest.mark.parametrize(
    ("kl", "floor", "at"),
    [
        ([0.45] * 4, 0.45, True),
        ([0.48, 0.47, 0.44, 3.0], 0.45, True),  # most dimensions
        ([1.2, 0.4, 0.1, 0.1], 0.45, True),  # all together
        ([3.0, 2.0, 0.45, 0.1], 0.45, False),
        ([0.01] * 4, 0.45, False),
        ([0.45] * 4, 0.0, False),
    ],
)
def test_the_floor_of_free_bits_is_drawn_and_a_rate_that_stands_at_it_is_told(kl, floor, at):
    spread = np.ones(4)
    drawn = figures.rates(kl, spread, figure(sum(kl)), "100 sentences", floor=floor)
    lines = [line.y0 for line in drawn.plot.layout.shapes]
    assert lines == ([floor] if floor else [])
    assert ("no sign of information" in drawn.look_for) is at
    assert drawn.plot.layout.yaxis.range[1] > floor
