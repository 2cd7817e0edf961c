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


PANELS = [{"from": i, "to": i, "name": f"group {i}", "n": 2} for i in range(3)]
PANELS.append({"from": 0, "to": 2, "name": "all", "n": 6})


def test_each_small_map_shows_its_group_on_the_axes_of_the_large_one(page):
    xy = np.array([[-2, -1], [0, 0], [2, 1], [-2, 1], [0, 1], [2, -1]], dtype=np.float32)
    shown = MapPage(page, xy, np.arange(6) % 3, panels=PANELS)

    def bright(panel: int, row: int) -> bool:
        script = """(() => {
            map.draw();
            const canvas = map.panels.each[given.panel].canvas;
            const k = Math.min(canvas.width / map.camera.width, canvas.height / map.camera.height);
            const [x, y] = [0, 1].map((axis) => map.xy[2 * given.row + axis]);
            const at = [canvas.width / 2 + (x - map.camera.x) * map.camera.k * k,
                canvas.height / 2 - (y - map.camera.y) * map.camera.k * k];
            const { data } = canvas.getContext("2d").getImageData(at[0] - 1, at[1] - 1, 3, 3);
            return Math.max(...data.filter((_, i) => i % 4 === 3)) > 200;
        })()"""
        found: bool = shown.asked(script, panel=panel, row=row)
        return found

    def seen(panel: int) -> list[bool]:
        return [bright(panel, row) for row in range(6)]

    assert seen(1) == [False, True, False, False, True, False]
    assert seen(3) == [True] * 6
    # A closer look at the large map is one at the small ones, and what is selected stays bright.
    shown.asked("(map.camera.zoom(1.1), 1)")
    shown.asked("(map.setHits(Uint8Array.from([1, 1, 1, 0, 0, 0])), 1)")
    assert seen(1) == [False, True, False, False, False, False]
    button = page.get_by_role("button", name="group 1 2")
    button.click()
    shown.asked("(map.draw(), 1)")
    assert shown.asked("map.only") == 1
    assert button.get_attribute("aria-pressed") == "true"
    shown.asked("(map.update({ ...map.data, panels: null }), 1)")
    assert page.locator(".panels").is_hidden()
