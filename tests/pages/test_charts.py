"""Figures say what they are drawn from: colours with meanings, rows that can be looked up."""

import tomllib

import numpy as np
import plotly.graph_objects as go
import pytest

from pages.diagnose._collapse import charts
from tests.pages.support import ROOT
from vae import colours
from vae.diagnostics.usage import LatentUsage
from vae.figures import frame
from vae.figures import map as map_figure

PAPER, NIGHT = "#FBF8F1", "#0E141D"


def usage(rates: list[float], variances: list[float]) -> LatentUsage:
    return LatentUsage(
        n_sentences=100,
        sentences_are="test sentences",
        rate=sum(rates),
        rate_error=0.1,
        rate_per_dimension=np.array(rates),
        variances=np.array(variances),
        information=1.0,
        information_error=0.1,
        information_ceiling=4.6,
    )


@pytest.mark.parametrize("meaning", colours.MEANINGS)
@pytest.mark.parametrize("page", [PAPER, NIGHT])
def test_a_colour_of_a_meaning_is_seen_on_both_pages(meaning, page):
    assert colours.contrast(colours.MEANINGS[meaning], page) >= 3


def test_every_meaning_has_a_colour_of_its_own():
    assert len(set(colours.MEANINGS.values())) == len(colours.MEANINGS)


def test_contrast_of_black_on_white_is_21():
    assert colours.contrast("#000000", "#FFFFFF") == pytest.approx(21)


def test_groups_are_ordered_by_how_often_they_occur_and_never_more_than_colours():
    values = [str(i) for i in range(20) for _ in range(i + 1)] + [""] * 30
    found = map_figure.groups(values)
    assert found[0][0] == "none"
    assert found[1][0] == "19"
    assert found[-1][0].startswith(map_figure.OTHER)
    assert len(found) == map_figure.MOST_GROUPS
    assert sorted(np.concatenate([rows for _, rows in found])) == list(range(len(values)))


def cloud(values) -> go.Figure:
    n = len(values)
    xy = np.random.default_rng(0).normal(size=(n, 2))
    return map_figure.cloud(map_figure.Cloud(xy, [f"s{i}" for i in range(n)], values, "v", True))


def test_every_point_of_the_cloud_carries_its_row_and_its_sentence():
    figure = cloud(["a", "b", "a", "c"])
    rows = {int(r): t for d in figure.data for r, t in zip(d.customdata, d.hovertext, strict=True)}
    assert rows == {i: f"s{i}" for i in range(4)}


def test_groups_of_the_cloud_differ_in_shape_as_well_as_in_colour():
    figure = cloud(["a", "b", "c", "d", "a"])
    shapes = [(d.marker.color, d.marker.symbol) for d in figure.data]
    assert len({c for c, _ in shapes}) == len({s for _, s in shapes}) == 4


def test_numbers_are_coloured_by_a_scale_that_outliers_do_not_stretch():
    values = np.r_[np.linspace(0, 1, 999), 1e6]
    assert cloud(values).data[0].marker.cmax < 2


def test_what_is_laid_over_the_cloud_leaves_the_shared_figure_alone():
    figure = cloud(["a", "b"])
    before = figure.to_json()
    xy = np.zeros((1, 2))
    own = map_figure.with_own(map_figure.with_hits(figure, xy, "1 found"), xy, ["mine"])
    assert len(own.data) == len(figure.data) + 2
    assert own.data[-1].customdata[0] == -1
    assert figure.to_json() == before


def test_rate_bars_are_sorted_and_inactive_ones_hatched():
    figure = charts.rate_bars(usage([0.1, 2.0, 1.0], [0.001, 0.5, 0.1]), 0.01, 4.0)
    bars = figure.data[0]
    assert list(bars.x) == ["1", "2", "0"]
    assert list(bars.marker.pattern.shape) == ["", "", "/"]
    assert figure.layout.yaxis.range[1] > 4


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_text_of_a_chart_is_the_text_of_the_page(theme):
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    page = config["theme"][theme]
    assert colours.INK[theme] == page["textColor"]
    assert colours.contrast(colours.INK[theme], page["backgroundColor"]) >= 4.5
    fig = frame.figure(200)
    frame.ink(fig, theme)
    assert fig.layout.xaxis.tickfont.color == fig.layout.font.color == colours.INK[theme]
