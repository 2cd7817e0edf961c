"""The map: rows that can be looked up, groups that are told apart, one wording in any language."""

import numpy as np
import plotly.graph_objects as go
import pytest

from tests import fakes
from vae.explorer import Explorer
from vae.figures.cloud import MOST_GROUPS, cloud, groups, with_hits, with_own
from vae.figures.map import colourings, point_text, points, sentence_map


def test_groups_are_ordered_by_how_often_they_occur_and_never_more_than_colours():
    values = [str(i) for i in range(20) for _ in range(i + 1)] + [""] * 30
    found = groups(values)
    assert found[0].name == "none"
    assert found[1].name == "19"
    assert [group.others for group in found] == [0] * 6 + [15]
    assert found[-1].name == "other (15 values)"
    assert len(found) == MOST_GROUPS
    assert sorted(np.concatenate([group.rows for group in found])) == list(range(len(values)))


def drawn(values) -> go.Figure:
    n = len(values)
    xy = np.random.default_rng(0).normal(size=(n, 2))
    return cloud(xy, values, [f"s{i}" for i in range(n)], "v")


def test_every_point_of_the_cloud_carries_its_row_and_its_sentence():
    figure = drawn(["a", "b", "a", "c"])
    rows = {int(r): t for d in figure.data for r, t in zip(d.customdata, d.hovertext, strict=True)}
    assert rows == {i: f"s{i}" for i in range(4)}


def test_groups_of_the_cloud_differ_in_shape_as_well_as_in_colour():
    figure = drawn(["a", "b", "c", "d", "a"])
    shapes = [(d.marker.color, d.marker.symbol) for d in figure.data]
    assert len({c for c, _ in shapes}) == len({s for _, s in shapes}) == 4


def test_numbers_are_coloured_by_a_scale_that_outliers_do_not_stretch():
    values = np.r_[np.linspace(0, 1, 999), 1e6]
    assert drawn(values).data[0].marker.cmax < 2


def test_what_is_laid_over_the_cloud_leaves_the_shared_figure_alone():
    figure = drawn(["a", "b"])
    before = figure.to_json()
    xy = np.zeros((1, 2))
    own = with_own(with_hits(figure, xy), xy, ["mine"])
    assert len(own.data) == len(figure.data) + 2
    assert own.data[-1].customdata[0] == -1
    assert figure.to_json() == before


def test_hover_text_escapes_what_the_corpus_says():
    text = point_text("<s>x", {"a": "<i>", "b": "<u>", "split": "train"}, "1 word", "a")
    assert text == "<b>&lt;s&gt;x</b><br>a <b>&lt;i&gt;</b>, &lt;u&gt;<br>1 word"


@pytest.fixture(scope="module")
def atlas(tmp_path_factory):
    return Explorer.load(fakes.store_run(tmp_path_factory.mktemp("map") / "mapped", atlas=40)).atlas


@pytest.mark.parametrize("projection", ["umap", "pca"])
def test_every_colouring_shows_every_sentence_with_all_that_belongs_to_it(atlas, projection):
    for colour in colourings(atlas):
        figure = sentence_map(atlas, projection, colour)
        rows = np.concatenate([trace.customdata for trace in figure.plot.data])
        assert sorted(rows) == list(range(len(atlas)))
        assert figure.question
        assert "bad sign" in figure.look_for
        assert "rustworthiness" in figure.estimator
        assert len(figure.table()) == len(atlas)


def test_the_picture_of_pca_is_true_to_scale_and_that_of_umap_fills_its_frame(atlas):
    umap, pca = (sentence_map(atlas, kind, "length").plot for kind in ("umap", "pca"))
    assert umap.layout.yaxis.scaleanchor is None
    assert pca.layout.yaxis.scaleanchor == "x"


def test_chosen_rows_of_the_table_are_those_of_the_whole(atlas):
    whole, chosen = points(atlas), points(atlas, [3, 1])
    assert chosen["sentence"].tolist() == [atlas.sentences[3], atlas.sentences[1]]
    assert chosen["rate"].tolist() == whole["rate"].iloc[[3, 1]].tolist()
    assert {"UMAP x", "UMAP y", "PCA x", "PCA y", "length", "split"} <= set(whole)
