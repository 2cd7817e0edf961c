"""The map in the browser: what is near, what is drawn, what pointer, wheel and keys do."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from scipy.spatial.distance import cdist

from tests.browser.map_page import COLOURS, MapPage, marked
from vae.latent.places import FEW, inverse_error, nearest_inverse, neighbours_kept
from vae.latent.planes import plane_through
from vae.latent.projection import Projection

N = 400


def points(n: int = N, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(n, 2)) * [3, 2] + rng.integers(0, 3, (n, 1)) * 5).astype(np.float32)


@pytest.fixture
def shown(page: Page) -> MapPage:
    return MapPage(page, points(), np.arange(N) % 3)


def lone(xy: np.ndarray) -> int:
    """A row that is far from all others."""
    apart = cdist(xy, xy) + 1e9 * np.eye(len(xy))
    return int(apart.min(1).argmax())


# -- what is near --------------------------------------------------------------------------------


def test_the_few_nearest_places_are_found_wherever_one_asks(shown):
    xy = points()
    rng = np.random.default_rng(1)
    asked = np.concatenate([xy[:20], rng.normal(size=(60, 2)) * 12, [[500, -300]]])
    found = shown.asked(
        "given.at.map(([x, y]) => map.grid.few(x, y, given.k))", at=asked.tolist(), k=7
    )
    apart = np.sort(cdist(asked.astype(np.float64), xy.astype(np.float64)), axis=1)[:, :7]
    np.testing.assert_allclose([f["distances"] for f in found], apart, rtol=1e-5, atol=1e-5)


def test_what_is_inside_a_lasso_is_what_is_inside_it(shown):
    polygon = [[-2, -3], [9, -1], [3, 2], [10, 9], [-3, 8]]
    rows = shown.asked("map.grid.inside(given.polygon)", polygon=polygon)
    # Seen from inside, the corners go once around.
    to = np.array(polygon) - points()[:, None]
    turn = np.diff(np.angle(to @ [1, 1j]), axis=1, append=np.angle(to[:, :1] @ [1, 1j]))
    around = np.abs(((turn + np.pi) % (2 * np.pi) - np.pi).sum(1)) / (2 * np.pi)
    assert sorted(rows) == np.flatnonzero(around.round() == 1).tolist()


@pytest.mark.parametrize("n", [0, 1, 5])
def test_a_cloud_of_next_to_nothing_is_no_fault(page, n):
    shown = MapPage(page, points(n), np.zeros(n, dtype=int))
    assert len(shown.asked("map.grid.few(0, 0, 6).rows")) == min(n, 6)
    shown.page.mouse.move(*shown.corner())
    shown.stage.focus()
    shown.page.keyboard.press("ArrowRight")
    shown.drag(shown.corner(), (100, 300), (400, 200))


def test_a_part_of_the_points_is_a_fair_part_of_each_region(page):
    xy = points(20_000)
    shown = MapPage(page, xy, np.zeros(20_000, dtype=int))
    found = shown.asked("map.tiles.ranges(map.camera.corners, 2000)")
    assert found["total"] == 20_000
    assert found["drawn"] == pytest.approx(2_000, abs=260)
    order = np.array(shown.asked("[...map.tiles.order]"))
    assert sorted(order) == list(range(20_000))
    drawn = np.concatenate([order[a : a + n] for a, n in found["ranges"]])
    assert len(set(drawn)) == found["drawn"]
    np.testing.assert_allclose(xy[drawn].mean(0), xy.mean(0), atol=0.25)
    np.testing.assert_allclose(xy[drawn].std(0), xy.std(0), atol=0.25)


# -- the latent of a place -----------------------------------------------------------------------


def test_a_place_of_a_plane_has_the_latent_that_python_gives_it(shown):
    plane = plane_through(*np.random.default_rng(0).normal(size=(3, 8)))
    xy = points(30)
    found = shown.asked(
        "given.at.map(([x, y]) => [...planePlaces(given.plane).latent(x, y)])",
        at=xy.tolist(),
        plane={"origin": plane.origin.tolist(), "axes": plane.axes.tolist()},
    )
    np.testing.assert_allclose(found, plane.latent(xy), rtol=1e-5, atol=1e-5)


def test_a_place_of_another_picture_has_the_latent_that_python_gives_it(page):
    xy = points()
    xy[40:60] = xy[3]  # copies
    means = np.random.default_rng(4).normal(size=(N, 6)).astype(np.float32)
    means[40:60] = means[3]
    shown = MapPage(page, xy, np.zeros(N, dtype=int))
    at = np.concatenate([xy[:10] + 0.01, points(40, seed=9), [[80, 80]]])
    found = shown.asked(
        """given.at.map(([x, y]) =>
            [...nearestPlaces({ few: given.few }, map.grid, new Float32Array(given.means))
                .latent(x, y)])""",
        at=at.tolist(),
        means=means.ravel().tolist(),
        few=FEW,
    )
    np.testing.assert_allclose(found, nearest_inverse(at, xy, means), rtol=1e-3, atol=1e-3)


def test_how_far_a_place_can_be_trusted_is_what_python_says(page):
    xy = points()
    means = np.random.default_rng(4).normal(size=(N, 6)).astype(np.float16).astype(np.float32)
    xy[40:60], means[40:60] = xy[3], means[3]  # copies
    shown = MapPage(page, xy, np.zeros(N, dtype=int))
    at = np.concatenate([xy[:5] + 0.01, xy[3:4], points(20, seed=9), [[40, 30]]])
    latents = nearest_inverse(at, xy, means)
    found = shown.asked(
        """given.at.map((place, i) => qualityAt(map.grid, new Float32Array(given.means),
            new Float32Array(given.latents[i]), place, false))""",
        at=at.tolist(),
        means=means.ravel().tolist(),
        latents=latents.tolist(),
    )
    flat = np.zeros(2, dtype=np.float32)
    projection = Projection(xy, xy, np.zeros((2, 6)), np.zeros(6), flat, 1.0, 1.0, N)
    expected = inverse_error(at, projection, means) / np.ptp(xy[:, 0])
    np.testing.assert_allclose([f["off"] for f in found], expected, rtol=1e-3, atol=1e-4)
    for place, z, one in zip(at, latents, found, strict=True):
        kept = neighbours_kept(place, xy, z.astype(np.float32), means)
        assert (one["kept"], one["of"]) == kept


def test_the_card_says_how_far_the_place_can_be_trusted_once_the_pointer_rests(shown):
    shown.asked(DECODER)
    shown.asked("(map.places.exact = true, map.setLatents(map.xy), 1)")
    left, top = shown.corner()
    shown.page.mouse.move(left + 300, top + 200)
    # The picture is the space itself.
    expect(shown.page.locator(".card .here .more")).to_have_text("15 of 15 kept")


def test_half_precision_is_read_as_it_was_written(shown):
    halves = np.arange(2**16, dtype=np.uint16)
    halves = halves[np.isfinite(halves.view(np.float16))]
    found = shown.asked(
        "[...fromHalf(Uint16Array.from(given.halves).buffer)]", halves=halves.tolist()
    )
    assert (np.array(found, dtype=np.float32) == halves.view(np.float16).astype(np.float32)).all()


# -- what is drawn -------------------------------------------------------------------------------

NO_WEBGL = """const get = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, options) {
    return kind === "webgl2" ? null : get.call(this, kind, options);
};"""


@pytest.mark.parametrize("before", ["", NO_WEBGL], ids=["webgl", "flat"])
def test_each_point_is_drawn_in_its_colour_and_in_grey_when_it_is_not_meant(page, before):
    xy = np.array([[0, 0], [4, 0], [0, 3], [4, 3]], dtype=np.float32)
    shown = MapPage(page, xy, np.array([0, 1, 2, 0]), before, size=20)

    def seen(row):
        return "#{:02X}{:02X}{:02X}".format(*shown.colour(row)[:3])

    assert [seen(row) for row in range(4)] == [*COLOURS, COLOURS[0]]
    shown.asked("map.setHits(Uint8Array.from([1, 0, 0, 0]))")
    assert seen(0) == COLOURS[0]
    assert all(0 < shown.colour(row)[3] < 120 for row in (1, 2, 3))
    shown.asked("map.setHits(null)")
    assert seen(3) == COLOURS[0]
    count = page.locator(".count")
    expect(count).to_have_text("Drawn without WebGL." if before else "")


def test_a_group_of_the_legend_is_looked_at_alone(shown):
    entry = shown.page.get_by_role("button", name="group 1")
    entry.click()
    expect(entry).to_have_attribute("aria-pressed", "true")
    assert shown.colour(1)[3] > 0
    assert shown.asked("[0, 1, 2].map((row) => map.bright(row))") == [False, True, False]
    entry.click()
    assert shown.asked("[0, 1, 2].map((row) => map.bright(row))") == [True, True, True]


def test_it_says_how_many_are_drawn_where_not_all_are(shown):
    count = shown.page.locator(".count")
    expect(count).to_have_text("")
    shown.asked("(map.most = 50, map.moves = true, map.draw(), 1)")
    expect(count).to_have_text(
        f"{shown.asked('map.tiles.ranges(map.camera.corners, 50).drawn')} of 400 drawn"
    )
    shown.asked("(map.moves = false, map.draw(), 1)")
    expect(count).to_have_text("")


# -- what pointer, wheel and keys do ---------------------------------------------------------------


def test_a_click_chooses_the_point_below_it_or_the_place(shown):
    row = lone(shown.xy)
    shown.page.mouse.click(*shown.spot(row))
    [picked] = shown.told()
    assert picked["row"] == row
    left, top = shown.corner()
    shown.page.mouse.click(left + 3, top + 3)
    [picked] = shown.told()
    assert picked["row"] is None
    x, y = shown.asked("map.camera.world(3, 3)")
    assert (picked["x"], picked["y"]) == pytest.approx((x, y), abs=0.1)


def test_the_card_beside_the_pointer_has_the_sentence_of_the_point(shown):
    row = lone(shown.xy)
    shown.page.mouse.move(*shown.spot(row))
    card = shown.page.locator(".card")
    expect(card).to_contain_text(f"sentence {row}")
    expect(card).to_contain_text(f"kind kind {row % 3} · 3 words")
    left, top = shown.corner()
    shown.page.mouse.move(left + 3, top + 3)
    expect(card).to_be_hidden()


def test_the_card_goes_when_the_page_scrolls_and_nothing_is_left_of_a_map_that_is_put_away(shown):
    shown.page.mouse.move(*shown.spot(lone(shown.xy)))
    card = shown.page.locator(".card")
    expect(card).to_be_visible()
    shown.page.evaluate("scrollBy(0, 40)")
    expect(card).to_be_hidden()
    shown.asked("map.destroy()")
    shown.page.evaluate("scrollBy(0, -40)")
    expect(shown.page.locator(".point-map")).to_be_empty()


def test_a_drag_moves_the_cloud_with_the_pointer_and_the_wheel_keeps_the_place_below_it(shown):
    row = lone(shown.xy)
    x, y = shown.spot(row)
    shown.drag((x, y), (x + 60, y - 40))
    assert shown.spot(row) == pytest.approx((x + 60, y - 40), abs=1)
    before = shown.asked("map.camera.k")
    shown.page.mouse.move(x + 60, y - 40)
    shown.page.keyboard.down("Control")
    shown.page.mouse.wheel(0, -300)
    shown.page.keyboard.up("Control")
    shown.page.wait_for_function("(before) => map.camera.k > 1.2 * before", arg=before)
    assert shown.spot(row) == pytest.approx((x + 60, y - 40), abs=1)
    assert not shown.told()
    shown.page.get_by_role("button", name="All").click()
    assert shown.spot(row) == pytest.approx((x, y), abs=1)


def test_a_wheel_scrolls_the_page_over_the_map_too_and_who_began_there_is_told_how_to_zoom(shown):
    before = shown.asked("map.camera.k")
    hint = shown.page.locator(".hint")
    shown.page.evaluate(
        """() => {
            window.turn = (element) => element.dispatchEvent(new WheelEvent("wheel",
                { deltaY: 100, bubbles: true, composed: true, cancelable: true }));
            turn(document.body);
            window.passed = turn(map.stage);
        }"""
    )
    assert shown.asked("passed")
    expect(hint).to_have_css("opacity", "0")
    shown.page.mouse.move(300, 200)
    shown.page.wait_for_timeout(450)  # what turned outside has come to rest
    shown.page.mouse.wheel(0, 120)
    expect(hint).to_have_class("hint on")
    expect(hint).to_have_text("Ctrl + wheel")
    shown.page.wait_for_function("() => scrollY > 60")
    assert shown.asked("map.camera.k") == before
    expect(hint).to_have_css("opacity", "0")


def test_one_finger_scrolls_the_page_and_is_told_of_the_second(browser):
    with browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True) as context:
        shown = MapPage(context.new_page(), points(), np.arange(N) % 3)
        devtools = context.new_cdp_session(shown.page)
        left, top = shown.corner()

        def finger(kind, *heights):
            at = [{"x": left + 190, "y": top + height, "id": 0} for height in heights]
            devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

        finger("touchStart", 250)
        for height in range(240, 80, -10):
            finger("touchMove", height)
        finger("touchEnd")
        shown.page.wait_for_function("() => scrollY > 60")
        expect(shown.page.locator(".hint")).to_have_text("Two fingers")
        assert not shown.told()


@pytest.mark.parametrize("tool", ["Box", "Lasso"])
def test_what_a_box_or_a_lasso_holds_is_told_and_stays_when_the_cloud_moves(shown, tool):
    shown.page.get_by_role("button", name=tool).click()
    left, top = shown.corner()
    corners = [(left + 150, top + 80), (left + 450, top + 80), (left + 450, top + 320)]
    if tool == "Lasso":
        shown.drag(corners[0], *corners[1:], (left + 150, top + 320))
    else:
        shown.drag(corners[0], corners[2])
    [picked] = shown.told()
    low, high = (
        shown.asked("map.camera.world(...given.at)", at=at) for at in ([150, 320], [450, 80])
    )
    inside = ((shown.xy > low) & (shown.xy < high)).all(1)
    rows = marked(picked["bits"], N)
    assert picked["n"] == len(rows) > 20
    assert len(set(rows) ^ set(np.flatnonzero(inside))) <= 2  # a pixel's width
    shown.asked("(map.nearer(2), map.update(map.data), 1)")
    assert shown.asked("map.selected.reduce((a, b) => a + b)") == len(rows)
    shown.stage.focus()
    shown.page.keyboard.press("Escape")
    assert shown.told() == [None]
    assert shown.asked("map.selected") is None


def test_keys_walk_to_the_nearest_point_in_their_direction_and_enter_takes_it(shown):
    shown.stage.focus()
    shown.page.keyboard.press("ArrowRight")
    first = shown.asked("map.focus")
    assert first >= 0
    expect(shown.page.get_by_role("status")).to_have_text(f"sentence {first}")
    for key, way in (("ArrowRight", (1, 0)), ("ArrowUp", (0, 1)), ("ArrowLeft", (-1, 0))):
        before = shown.asked("map.focus")
        shown.page.keyboard.press(key)
        row = shown.asked("map.focus")
        assert (shown.xy[row] - shown.xy[before]) @ np.array(way) > 0
    shown.page.keyboard.press("Enter")
    [picked] = shown.told()
    assert picked["row"] == row
    k = shown.asked("map.camera.k")
    shown.page.keyboard.press("+")
    assert shown.asked("map.camera.k") > k
    shown.page.keyboard.press("0")
    assert shown.asked("map.camera.k") == pytest.approx(k)


def test_each_picture_keeps_its_camera_and_another_colouring_keeps_it_too(shown):
    shown.asked("(map.nearer(3), 1)")
    k = shown.asked("map.camera.k")
    shown.asked("(map.setPoints('first', map.xy, Uint8Array.from(map.codes, (c) => 2 - c)), 1)")
    assert shown.asked("map.camera.k") == k
    shown.asked("(map.setPoints('second', Float32Array.from([0, 0, 9, 9]), new Uint8Array(2)), 1)")
    assert shown.asked("map.camera.k") != k
    shown.asked(
        "(map.setPoints('first', Float32Array.from(given.xy), new Uint8Array(400)), 1)",
        xy=points().ravel().tolist(),
    )
    assert shown.asked("map.camera.k") == k


def test_two_fingers_zoom_and_a_tap_chooses(browser):
    with browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True) as context:
        shown = MapPage(context.new_page(), points(), np.arange(N) % 3)
        row = lone(shown.xy)
        shown.page.touchscreen.tap(*shown.spot(row))
        assert [picked["row"] for picked in shown.told()] == [row]
        before = shown.asked("map.camera.k")
        devtools = context.new_cdp_session(shown.page)
        left, top = shown.corner()

        def fingers(kind, *apart):
            at = [{"x": left + 190 + a, "y": top + 150, "id": i} for i, a in enumerate(apart)]
            devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

        fingers("touchStart", -20, 20)
        for far in range(20, 62, 4):
            fingers("touchMove", -far, far)
        fingers("touchEnd")
        assert shown.asked("map.camera.k") == pytest.approx(3 * before, rel=0.15)
        assert not shown.told()


# -- the place answers -----------------------------------------------------------------------------

DECODER = """(() => {
    window.asked = [];
    map.setPlaces({ latent: (x, y) => Float32Array.from([x, y]) },
        { latest: async (z) => (window.asked.push([...z]), { text: `at ${z[0].toFixed(1)}` }) });
    return 1;
})()"""


def test_every_place_answers_over_a_point_and_over_none(shown):
    shown.asked(DECODER)
    left, top = shown.corner()
    shown.page.mouse.move(left + 5, top + 5)
    x, y = shown.asked("map.camera.world(5, 5)")
    card = shown.page.locator(".card")
    expect(card).to_have_text(f"The model says hereat {x:.1f}")
    [said] = shown.told("place")
    assert said["text"] == f"at {x:.1f}"
    assert (said["latent"]["0"], said["latent"]["1"]) == pytest.approx((x, y), abs=0.1)
    row = lone(shown.xy)
    shown.page.mouse.move(*shown.spot(row))
    expect(card).to_contain_text(f"sentence {row}")
    expect(card).to_contain_text(f"at {shown.xy[row, 0]:.1f}"[:-2])


def test_what_comes_back_as_it_was_is_said_once(shown):
    row = lone(shown.xy)
    shown.asked(
        """(map.setPlaces({ latent: (x, y) => Float32Array.from([x, y]) },
            { latest: async () => ({ text: `sentence ${given.row}` }) }), 1)""",
        row=row,
    )
    shown.page.mouse.move(*shown.spot(row))
    card = shown.page.locator(".card")
    expect(card).to_contain_text("The same")
    expect(card.get_by_text(f"sentence {row}").locator("visible=true")).to_have_count(1)


def test_an_answer_that_comes_late_is_not_shown_for_another_place(shown):
    shown.asked(
        """(() => {
            map.setPlaces({ latent: () => new Float32Array(2) },
                { latest: () => new Promise((done) => { window.reply = done; }) });
            map.point([50, 50]);
            window.late = reply;
            map.leave();
            late({ text: "late" });
            return 1;
        })()"""
    )
    expect(shown.page.locator(".card")).to_be_hidden()
    assert not shown.told("place")


def test_a_lattice_says_the_sentences_of_evenly_spaced_places_of_what_is_in_sight(shown):
    button = shown.page.get_by_role("button", name="Lattice")
    expect(button).to_be_hidden()
    shown.asked(
        """(map.setPlaces({ latent: (x, y) => Float32Array.from([x, y]) }, { greedy: async (z) =>
            Array.from({ length: z.length / 2 },
                (_, i) => ({ text: `${z[2 * i]} ${z[2 * i + 1]}` }))
        }), 1)"""
    )
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    done = "() => map.lattice?.length && map.lattice.every((cell) => cell.text)"
    shown.page.wait_for_function(done)
    cells = shown.asked("map.lattice")
    assert len(cells) == len({(cell["x"], cell["y"]) for cell in cells}) == 3 * 4
    for cell in cells:
        assert [float(v) for v in cell["text"].split()] == pytest.approx(
            [cell["x"], cell["y"]], abs=1e-4
        )
    # Closer, there are as many of what is left in sight.
    shown.page.get_by_role("button", name="Closer").click()
    shown.page.wait_for_function("(x) => map.lattice[0].x > x", arg=cells[0]["x"])
    shown.page.wait_for_function(done)
    assert len(shown.asked("map.lattice")) == 12
    button.click()
    assert shown.asked("map.lattice") is None


def test_what_lies_over_the_cloud_changes_without_it(shown):
    shown.asked("(map.stage.dataset.tool, window.sent = 0, map.paint.fill = () => { sent++; }, 1)")
    own = [{"x": 1, "y": 1, "text": "mine", "spread": [0.5, 0.1, 0.2]}]
    shown.asked(
        "(map.update({ ...map.data, ...given.more }), map.draw(), 1)",
        more={
            "own": own,
            "path": [[0, 0], [1, 2], [3, 3]],
            "prior": [0, 0],
            "axes": ["PC 1", "PC 2"],
        },
    )
    assert shown.asked("sent") == 0
    left, top = shown.corner()
    x, y = shown.asked("map.camera.screen(1, 1)")
    shown.page.mouse.click(left + x, top + y)
    assert [picked["row"] for picked in shown.told()] == [-1]
