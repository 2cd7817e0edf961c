"""What is laid over and under a cloud: names of regions, lines of density, an arrow."""

import numpy as np
import pytest
from playwright.sync_api import Page

from tests.browser.map_page import MapPage

N = 200


@pytest.fixture
def shown(page: Page) -> MapPage:
    xy = np.random.default_rng(0).normal(size=(N, 2)).astype(np.float32)
    return MapPage(page, xy, np.zeros(N, dtype=int))


REGIONS = [
    {"x": 0, "y": 0, "level": 0, "words": "whole"},
    {"x": 0.01, "y": 0, "level": 1, "words": "behind the whole"},
    {"x": -1, "y": 1, "level": 1, "words": "part"},
    {"x": 1, "y": -1, "level": 1, "words": ""},
    {"x": -1, "y": 1, "level": 2, "words": "part of a part"},
]


def named(shown: MapPage) -> list[str]:
    found: list[str] = shown.asked("(map.draw(), map.named.map((region) => region.words))")
    return found


def test_names_suit_the_zoom_and_none_covers_another(shown):
    shown.asked("(map.setGround({ regions: given.regions, contours: null }), 1)", regions=REGIONS)
    assert named(shown) == ["whole", "part"]
    shown.asked("(map.camera.zoom(2, ...map.camera.screen(-1, 1)), 1)")
    shown.asked("(map.camera.pan(150, 100), 1)")
    assert "part" in named(shown)
    assert "whole" not in named(shown)
    # Closer than the deepest level it is that level which stays.
    shown.asked("(map.camera.zoom(64, ...map.camera.screen(-1, 1)), 1)")
    assert named(shown) == ["part of a part"]
    shown.asked("(map.setGround(null), 1)")
    assert named(shown) == []


def ink(shown: MapPage, x: float, y: float) -> int:
    """How many pixels around a place of the plane have something over the cloud."""
    script = """(() => {
        map.draw();
        const r = devicePixelRatio;
        const [x, y] = map.camera.screen(given.x, given.y).map((v) => Math.round(v * r));
        const { data } = map.over.getContext("2d").getImageData(x - 4, y - 4, 9, 9);
        return data.filter((v, i) => i % 4 === 3 && v > 60).length;
    })()"""
    found: int = shown.asked(script, x=x, y=y)
    return found


def test_a_line_of_density_is_drawn_where_it_runs(shown):
    assert ink(shown, 1, 0) == 0
    line = [1, -1, 1, 1, -1, 1]
    shown.asked(
        "(map.setGround({ regions: null, contours: [{ name: '50%', lines: [given.line] }] }), 1)",
        line=line,
    )
    assert ink(shown, 1, 0) > 8
    assert ink(shown, 0, 0) == 0


def test_an_arrow_reaches_its_end_and_has_its_head_there(shown):
    arrow = {"places": [[-1.5, -1], [1.5, -1]], "name": "tense: past"}
    shown.asked("(map.update({ ...map.data, arrow: given.arrow }), 1)", arrow=arrow)
    assert ink(shown, 0, -1) > 8
    assert ink(shown, 1.4, -1) > ink(shown, 0, -1)
    assert ink(shown, 1.5, 0.5) == 0
