"""A link carries all of the map, the steps of the film strip, and what is hidden."""

import numpy as np
import pytest

from pages.common.components.point_map import Picked
from pages.common.links import HIDDEN, KINDS, UnfitError
from pages.explore._map import selection
from tests.pages.support import assert_calm, open_app

MAP, INTERPOLATE = "pages/explore/map.py", "pages/explore/interpolate.py"


def link(app):
    return {k: v[0] if isinstance(v, list) else v for k, v in app.query_params.items()}


def test_what_is_chosen_on_the_map_is_in_the_link_and_comes_back_by_it():
    app = open_app(MAP)
    assert not set(link(app)) & {"projection", "colour", "space", "find"}
    app.selectbox(key="map_colour").select("sentiment").run()
    app.get_by_key("map_projection").set_value("pca").run()
    app.text_input(key="map_search").set_value("soup not").run().run()
    assert_calm(app)
    carried = {"projection": "pca", "colour": "sentiment", "find": "soup not"}
    assert carried.items() <= link(app).items()
    other = open_app(MAP, **link(app))
    assert_calm(other)
    assert other.get_by_key("map_projection").value == "pca"
    assert other.selectbox(key="map_colour").value == "sentiment"
    assert other.text_input(key="map_search").value == "soup not"


def test_the_search_is_let_go_of_in_the_link_too():
    app = open_app(MAP, find="soup")
    app.text_input(key="map_search").set_value("").run().run()
    assert "find" not in link(app)


def test_dimensions_of_the_picture_come_by_the_link():
    app = open_app(MAP, projection="dimensions", right="3", up="5")
    assert_calm(app)
    assert app.selectbox(key="map_dimension_0").value == 3
    assert app.selectbox(key="map_dimension_1").value == 5


def test_a_colour_that_the_run_has_not_is_let_go_of_calmly():
    app = open_app(MAP, colour="no such label")
    assert_calm(app)
    assert app.selectbox(key="map_colour").value == "tense"


def test_the_steps_of_the_film_strip_are_in_the_link():
    app = open_app(INTERPOLATE, film="31")
    assert_calm(app)
    assert app.get_by_key("film_interpolate").value == 31
    app.get_by_key("film_interpolate").set_value(7).run()
    assert link(app)["film"] == "7"


@pytest.mark.parametrize(
    "chosen",
    [
        Picked([17]),
        Picked([-2]),
        Picked(list(range(0, 9_000, 40))),
        Picked([3, 4, 9_999]),
        Picked(place=(0.25, -1.5)),
        Picked(place=(-0.000001, 12.0)),
    ],
)
def test_a_selection_is_written_and_read_back(chosen):
    text = selection._written(chosen)
    assert KINDS["selected"].read(text) == text
    found = selection.point_map.picked(selection._read(text), 10_000, 5)
    assert found == chosen


def test_nothing_is_no_selection_and_one_too_large_for_a_link_is_left_out():
    assert selection._written(Picked()) is None
    rows = np.flatnonzero(np.random.default_rng(0).integers(0, 2, 100_000)).tolist()
    assert selection._written(Picked(rows)) is None


@pytest.mark.parametrize("text", ["z", "zAAAA", "z====", "x", "1~", "1~2~3", "1e9~1", "9" * 20])
def test_a_selection_that_is_none_is_refused_or_chooses_nothing(text):
    try:
        KINDS["selected"].read(text)
    except UnfitError:
        return
    assert selection.point_map.picked(selection._read(text), 100, 0) == Picked()


def test_a_selection_by_link_is_listed_on_the_map():
    text = selection._written(Picked([5, 17, 800]))
    app = open_app(MAP, selected=text)
    assert_calm(app)
    assert any("Selected: 3 sentences" in s.value for s in app.subheader)


def style(app):
    return "".join(e.proto.body for e in app.get("html"))


@pytest.mark.parametrize("name", HIDDEN)
def test_every_control_that_can_be_hidden_is(name):
    plain, hidden = open_app(MAP), open_app(MAP, hide=name)
    assert_calm(hidden)
    assert "display: none !important" not in style(plain)
    assert "display: none !important" in style(hidden)


def test_presenter_mode_has_large_type_in_charts_and_is_left_by_its_button():
    import json

    app = open_app(present="1")
    assert_calm(app)
    assert "font-size: 22px" in style(app)
    layout = json.loads(app.get("plotly_chart")[0].proto.spec)["layout"]
    assert layout["xaxis"]["tickfont"]["size"] >= 16
    assert layout["yaxis"]["tickfont"]["size"] >= 16
    app.button(key="presenter_off").click().run()
    assert "present" not in link(app)
    assert "font-size: 22px" not in style(app)
    app.button(key="presenter_on").click().run()
    assert link(app)["present"] == "1"


def test_a_link_is_prepared_with_what_is_set_now():
    app = open_app("pages/learn/prepare.py", a="She loves the film.", seed="7")
    assert_calm(app)
    app.selectbox(key="prepare_lesson").select("distribution").run()
    app.get_by_key("prepare_hide").set_value(["pages", "run"]).run()
    app.toggle(key="prepare_present").set_value(True).run()
    app.text_input(key="prepare_code").set_value("abc-def").run()
    assert_calm(app)
    [code] = [c.value for c in app.code]
    for part in (
        "/lesson?",
        "lesson=distribution",
        "a=She+loves+the+film.",
        "seed=7",
        "hide=pages%2Crun",
        "present=1",
        "class=ABCDEF",
    ):
        assert part in code
