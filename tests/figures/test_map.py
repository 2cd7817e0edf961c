"""The map: rows that can be looked up, groups that are told apart, one wording in any language."""

import base64
import gzip
import json
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import fakes
from vae import colours
from vae.corpora import factors
from vae.explorer import Explorer
from vae.figures.cloud import cloud, with_texts
from vae.figures.date_ticks import date_ticks
from vae.figures.groups import MOST_GROUPS, Scale, groups
from vae.figures.map import colourings, points, sentence_cloud, sentence_map
from vae.figures.map_words import hover_texts, packed, point_text
from vae.latent.atlas import Atlas
from vae.latent.projection import Projection


def test_groups_are_ordered_by_how_often_they_occur_and_never_more_than_colours():
    values = [str(i) for i in range(20) for _ in range(i + 1)] + [""] * 30
    found = groups(values)
    assert found[0].name == "19"
    assert [group.others for group in found] == [0] * 6 + [14, 0]
    assert found[-2].name == "other (14 values)"
    assert (found[-1].name, found[-1].kind) == ("— no value", "missing")
    assert len(found) == MOST_GROUPS + 1
    assert sorted(np.concatenate([group.rows for group in found])) == list(range(len(values)))


def drawn(values) -> go.Figure:
    n = len(values.values) if isinstance(values, Scale) else len(values)
    xy = np.random.default_rng(0).normal(size=(n, 2))
    figure = cloud(xy, values, "v")
    with_texts(figure, [f"s{i}" for i in range(n)])
    return figure


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
    assert drawn(Scale(values)).data[0].marker.cmax < 2


def test_grey_is_decided_by_kind_and_never_by_the_words_of_a_value():
    values = ["other (please say)", "other (3 values)", "none", "None", "NA", "— no value", ""]
    figure = drawn([*values, *values[:3]])
    grey = {d.name for d in figure.data if d.marker.color == colours.NEUTRAL}
    assert grey == {"— no value (1)"}
    assert {*values} - {""} <= {d.name for d in figure.data}
    assert figure.data[-1].marker.symbol == "circle-open"


@given(st.lists(st.sampled_from(["", "a", "b", "none", "nan", "other (2 values)"]), min_size=1))
def test_every_sentence_is_in_one_group_with_its_own_value(values):
    found = groups(values)
    assert sorted(np.concatenate([g.rows for g in found]).tolist()) == list(range(len(values)))
    for group in found:
        assert {values[i] for i in group.rows} == {group.value}
        assert (group.kind == "missing") == (group.value == "")


@pytest.mark.parametrize("kind", ["number", "date"])
def test_a_scale_has_a_bar_and_shows_what_is_missing_apart_from_it(kind):
    values = np.array([0.0, np.nan, 86_400.0 * 500, 86_400.0 * 900, np.nan])
    on, without = drawn(Scale(values, kind)).data
    assert on.customdata.tolist() == [0, 2, 3]
    assert without.customdata.tolist() == [1, 4]
    assert without.name == "— no value (2)"
    assert without.marker.color == colours.NEUTRAL
    bar = on.marker.colorbar
    assert bar.title.text == "v"
    if kind == "date":
        assert all(text.startswith("197") for text in bar.ticktext)
        assert sorted(bar.tickvals) == list(bar.tickvals)


def test_a_bar_of_times_has_as_many_marks_as_fit():
    hours = np.arange(40.0) * 3_600 + 18_750 * 86_400
    texts = drawn(Scale(hours, "date")).data[0].marker.colorbar.ticktext
    assert 1 <= len(texts) <= 2
    assert all(text.startswith("2021-05-0") for text in texts)
    years = np.arange(40.0) * 86_400 * 36
    assert len(drawn(Scale(years, "date")).data[0].marker.colorbar.ticktext) >= 3


def test_points_are_as_large_as_there_are_places():
    many = cloud(np.repeat(np.eye(2), 500, axis=0), ["a"] * 1_000, "v")
    few = cloud(np.eye(2), ["a"] * 2, "v")
    assert many.data[0].marker.size == few.data[0].marker.size


def test_a_scale_without_a_single_value_is_all_grey():
    on, without = drawn(Scale(np.full(3, np.nan))).data
    assert (len(on.x), len(without.x)) == (0, 3)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_ends_of_the_scale_are_seen_on_the_ground_of_either_theme(theme):
    ground = {"light": "#FBF8F1", "dark": "#0E141D"}[theme]
    assert all(colours.contrast(colour, ground) > 1.9 for colour in colours.POINTS[theme])
    without = drawn(Scale(np.array([0.0, 1.0, np.nan]))).data[1]
    assert without.marker.color == colours.NEUTRAL


@given(st.floats(-6e10, 2e11), st.floats(1.0, 1e11))
def test_marks_of_time_lie_within_the_scale_and_rise(low, width):
    at, texts = date_ticks(low, low + width)
    assert len(at) == len(texts) == len(set(texts)) <= 6
    assert at == sorted(at)
    assert all(low - 1 <= t <= low + width for t in at)


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [
        ("2019-03-01", "2022-06-01", ["2020", "2021", "2022"]),
        ("2021-01-10", "2021-06-20", ["2021-03", "2021-05"]),
        ("2021-01-10", "2021-01-13", ["2021-01-10", "2021-01-11", "2021-01-12", "2021-01-13"]),
        ("1970-01-01T08:00", "1970-01-01T20:00", ["09:00", "12:00", "15:00", "18:00"]),
    ],
)
def test_time_is_marked_at_whole_units_of_it(low, high, texts):
    ends = [float(np.datetime64(t, "s").astype(int)) for t in (low, high)]
    assert date_ticks(*ends)[1] == texts


@given(st.floats(-6e10, 2e11), st.floats(2.0, 1e10))
def test_a_bar_of_dates_has_two_marks_at_least(low, width):
    bar = drawn(Scale(np.array([low, low + width]), "date")).data[0].marker.colorbar
    assert len(bar.tickvals) == len(bar.ticktext) >= 2


def test_hover_text_escapes_what_the_corpus_says():
    text = point_text("<s>x", {"<a": "<i>", "b": "<u>", "split": "train"}, "1 word", "<a")
    assert text == "<b>&lt;s&gt;x</b><br>&lt;a <b>&lt;i&gt;</b>, &lt;u&gt;<br>1 word"


def test_hover_text_tells_a_missing_value_from_the_word_none():
    assert "a — no value, none<br>" in point_text("x", {"a": "", "b": "none"}, "1 word", "a")
    assert "a <b>none</b><br>" in point_text("x", {"a": "none", "b": ""}, "1 word", "a")


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


@pytest.fixture(scope="module")
def typed(atlas):
    """The same atlas with a label of each type, each without a value in every seventh sentence."""
    n = len(atlas)

    def column(said):
        return tuple("" if i % 7 == 0 else said(i) for i in range(n))

    labels = {
        "stars": column(lambda i: f" {i / 4}"),
        "day": column(lambda i: f"2021-0{i % 9 + 1}-11"),
        "paid": column(lambda i: ("yes", "no", "No", "no")[i % 4]),
        "mood": column(lambda i: ("none", "good")[i % 2]),
        "split": atlas.labels["split"],
    }
    return replace(atlas, labels=labels, stated={"paid": "yes-no"})


@pytest.mark.parametrize("projection", ["umap", "pca"])
def test_a_label_of_every_type_is_drawn_as_what_it_is(typed, projection):
    without = len(range(0, len(typed), 7))
    for colour in ("stars", "day", "paid", "mood"):
        figure = sentence_map(typed, projection, colour)
        rows = np.concatenate([trace.customdata for trace in figure.plot.data])
        assert sorted(rows) == list(range(len(typed)))
        assert f"{without} sentences have no value" in figure.look_for
        assert figure.plot.data[-1].name == f"— no value ({without})"
        assert ("gradually" in figure.look_for) == (colour in ("stars", "day"))
    assert [t.name for t in sentence_map(typed, projection, "paid").plot.data[:-1]] == ["no", "yes"]
    on = sentence_map(typed, projection, "day").plot.data[0]
    assert on.marker.color[1] - on.marker.color[0] == 28 * 86_400.0  # February


def test_a_label_that_is_called_as_a_measure_of_ours_hides_nothing(typed):
    labels = {"length": typed.labels["mood"], "rate": typed.labels["stars"]}
    both = replace(typed, labels={**labels, "split": typed.labels["split"]})
    assert {"length", "rate", "length (label)", "rate (label)"} <= set(colourings(both))
    assert len(set(colourings(both))) == len(colourings(both))
    ours, theirs = (sentence_map(both, "pca", c).plot.data for c in ("length", "length (label)"))
    assert len(ours) == 1
    assert {t.name for t in theirs} >= {"none", "good"}
    assert "length <b>none</b>" in "".join(theirs[0].hovertext) + "".join(theirs[1].hovertext)


def test_types_are_as_the_run_states_them(typed):
    asked = replace(typed, stated={"stars": "category"})
    assert asked.types["stars"] == "category"
    assert len(sentence_map(asked, "pca", "stars").plot.data) == MOST_GROUPS + 1


def test_chosen_rows_of_the_table_are_those_of_the_whole(atlas):
    whole, chosen = points(atlas), points(atlas, [3, 1])
    assert chosen["sentence"].tolist() == [atlas.sentences[3], atlas.sentences[1]]
    assert chosen["rate"].tolist() == whole["rate"].iloc[[3, 1]].tolist()
    assert {"UMAP x", "UMAP y", "PCA x", "PCA y", "length", "split"} <= set(whole)


def test_copies_are_counted_beside_the_pointer_and_under_the_figure(atlas):
    assert "distinct" not in sentence_map(atlas, "pca", "length").estimator
    n = len(atlas)
    twice = replace(atlas, sentences=(*atlas.sentences[: n // 2], *atlas.sentences[: n // 2]))
    figure = sentence_map(twice, "pca", "length")
    assert f"**{n // 2}** of them are distinct" in figure.estimator
    assert all(", 1 copy" in text for text in figure.plot.data[0].hovertext)


def unpacked(words: bytes) -> dict:
    """What a browser reads of the words of a map: its columns row by row."""
    found = json.loads(gzip.decompress(words))

    def column(packed):
        kinds = {1: "<u1", 2: "<u2", 4: "<u4"}
        codes = np.frombuffer(base64.b64decode(packed["of"]), kinds[packed["width"]])
        return tuple(packed["values"][code] for code in codes)

    labels = {name: column(packed) for name, packed in found["labels"].items()}
    return {**found, "labels": labels, "measures": column(found["measures"])}


def test_words_that_are_packed_are_those_beside_the_pointer(typed):
    found = unpacked(packed(typed))
    assert tuple(found["sentences"]) == typed.sentences
    assert found["labels"] == {k: v for k, v in typed.labels.items() if k != "split"}
    for text, measure in zip(hover_texts(typed, "day"), found["measures"], strict=True):
        assert text.endswith(f"<br>{measure}")


def test_the_same_words_have_the_same_digest(typed):
    assert packed(typed) == packed(replace(typed))


@pytest.fixture(scope="module")
def large():
    """An atlas of 10,000 sentences of the toy grammar, with all their labels."""
    corpus, n, rng = factors.generate(10_000, seed=0), 10_000, np.random.default_rng(0)
    mean = rng.normal(size=(n, 8)).astype(np.float32)
    picture = Projection(mean[:, :2], mean[:, 2:4], np.eye(2, 8), mean[0], np.ones(2), 0.9, 0.9, n)
    labels = {**corpus.labels, "split": ("train",) * n}
    return Atlas(corpus.sentences, labels, mean, mean, picture)


@pytest.mark.parametrize("different", [2, 300, 10_000])
def test_labels_of_few_values_and_of_many_are_packed_as_they_are(large, different):
    codes = tuple(f"value {i % different}" for i in range(len(large)))
    found = unpacked(packed(replace(large, labels={"code": codes})))
    assert found["labels"]["code"] == codes


def test_a_map_of_ten_thousand_sentences_takes_few_bytes_for_each_colouring_and_its_words_once(
    large,
):
    assert len(packed(large)) < 250_000
    for colour in ("tense", "length", "rate"):
        figure = sentence_cloud(large, "umap", colour).plot
        assert len(figure.to_json()) < 240_000


def test_a_table_sorts_numbers_and_dates_by_their_values(typed):
    n = len(typed)
    labels = {
        "stars": tuple(("10", "9", " 1.5", "", "nan")[i % 5] for i in range(n)),
        "votes": tuple(("1,000", "200", "30", "")[i % 4] for i in range(n)),
        "day": tuple(("2. 1. 2021", "15. 12. 2020", "3. 4. 1999", "")[i % 4] for i in range(n)),
        "long": tuple(str(10**17 + i) for i in range(n)),
        "split": typed.labels["split"],
    }
    table = points(replace(typed, labels=labels, stated={"long": "number"}))
    assert table["stars"].dropna().sort_values().unique().tolist() == [1.5, 9, 10]
    assert table["votes"].dropna().sort_values().unique().tolist() == [30, 200, 1000]
    assert sorted(set(table["day"])) == ["", "1999-04-03", "2020-12-15", "2021-01-02"]
    assert table["long"].tolist() == list(labels["long"])
    assert str(table["votes"].iloc[0]) == "1000"
