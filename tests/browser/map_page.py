"""A page with the map in it and nothing else: a cloud of a test's own."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
from playwright.sync_api import Page, expect

from vae import colours
from vae.browser import point_map

SITE = "https://lens.example/map"
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'"

TEXTS = {
    "part": "{n} of {total} drawn",
    "flat": "Drawn without WebGL.",
    "here": "The model says here",
    "point": "Sentence of this point",
    "same": "The same",
    "wheel": "{key} + wheel",
    "fingers": "Two fingers",
    "own": "Own sentence",
    "nothing": "nothing",
    "prior": "prior",
    "alone": "Show alone",
    "kept": "{kept} of {of} kept",
    "keptOff": "{kept} of {of} kept, {off} off",
    "tools": "Tools",
    "wait": "Loading",
    "pan": "Move",
    "box": "Box",
    "lasso": "Lasso",
    "lattice": "Lattice",
    "closer": "Closer",
    "further": "Further",
    "reset": "All",
}
COLOURS = colours.LABELS[:3]


def data(**changes: Any) -> dict[str, Any]:
    """What `PointMap.update` takes."""
    looks = [
        {"colour": c, "opacity": 1, "shape": s}
        for c, s in zip(COLOURS, colours.SYMBOLS, strict=False)
    ]
    groups = [{"code": i, "name": f"group {i}"} for i in range(3)]
    return {
        "alt": "A map of points.",
        "height": 400,
        "size": 8,
        "looks": looks,
        "legend": {"title": "kind", "groups": groups, "scale": None},
        "own": [],
        "axes": ["", ""],
        "first": "kind",
        "none": "no value",
        "language": "en",
        "colours": {"own": "#D6408F", "prior": "#80868F", "path": "#C96A00", "grey": "#80868F"},
        "texts": TEXTS,
        **changes,
    }


class MapPage:
    """The map over points (N, 2) with codes (N,).

    Args:
        before: a script that runs before all others.
        fetches: whether it may ask for files of its own place.
    """

    def __init__(
        self,
        page: Page,
        xy: np.ndarray,
        codes: np.ndarray,
        before: str = "",
        *,
        fetches: bool = False,
        **changes: Any,
    ) -> None:
        self.page = page
        self.xy = xy.astype(np.float32)
        html = f"""<!doctype html><meta charset="utf-8"><title>map</title>
            <meta name="viewport" content="width=device-width"><style>{point_map.style()}
            body {{ margin: 0; height: 2000px; --st-background-color: #FBF8F1;
                --st-text-color: #14120F; --st-border-color: #D8D0BF; }}</style>
            <script>{before}</script>
            <div class="point-map" style="width: min(600px, 100vw)"></div>
            <script type="module">{point_map.scripts()}
            Object.assign(window, {{ PointMap, Grid, Tiles, Camera, planePlaces, nearestPlaces,
                qualityAt, fromHalf, bitset, fromBitset, readWords }});</script>"""
        policy = POLICY + ("; connect-src 'self'" if fetches else "")
        headers = {"Content-Type": "text/html", "Content-Security-Policy": policy}
        page.route(SITE, lambda route: route.fulfill(body=html, headers=headers))
        page.goto(SITE)
        page.evaluate(
            """({ xy, codes, data }) => {
                window.told = [];
                const root = document.querySelector(".point-map");
                window.map = new PointMap(root, (kind, value) => told.push({ kind, value }));
                map.update(data);
                map.setPoints("first", Float32Array.from(xy), Uint8Array.from(codes));
                map.setWords({ sentences: codes.map((_, i) => `sentence ${i}`),
                    labels: [["kind", (row) => `kind ${codes[row]}`]], measures: () => "3 words" });
            }""",
            {"xy": self.xy.ravel().tolist(), "codes": codes.tolist(), "data": data(**changes)},
        )
        self.stage = page.locator(".stage")
        expect(self.stage).to_be_visible()
        self.frame()

    def frame(self) -> None:
        """Wait until what was asked has been drawn."""
        twice = "requestAnimationFrame(() => requestAnimationFrame(done))"
        self.page.evaluate(f"() => new Promise((done) => {twice})")

    def asked(self, script: str, **given: Any) -> Any:
        """What an expression of `given` is."""
        found = self.page.evaluate(
            f"async (given) => JSON.stringify(await ({script})) ?? null", given
        )
        return json.loads(found or "null")

    def told(self, kind: str = "picked") -> list[Any]:
        """What the map has said since it was last asked."""
        found = self.asked("told.splice(0).filter((t) => t.kind === given.kind)", kind=kind)
        return [one.get("value") for one in found]

    def corner(self) -> tuple[float, float]:
        """The upper left of the canvas on the page."""
        box = self.stage.bounding_box()
        assert box is not None
        return box["x"] + 1, box["y"] + 1

    def spot(self, row: int) -> tuple[float, float]:
        """Where a point lies on the page."""
        x, y = self.asked("map.camera.screen(...given.xy)", xy=self.xy[row].tolist())
        left, top = self.corner()
        return left + x, top + y

    def colour(self, row: int) -> list[int]:
        """What stands on the canvas at a point, [r, g, b, a]."""
        script = """(() => {
            map.draw();
            const [x, y] = map.camera.screen(...given.xy).map((v) => v * devicePixelRatio);
            const copy = document.createElement("canvas");
            Object.assign(copy, { width: 1, height: 1 });
            const ctx = copy.getContext("2d");
            ctx.drawImage(map.points, -Math.floor(x), -Math.floor(y));
            return [...ctx.getImageData(0, 0, 1, 1).data];
        })()"""
        found: list[int] = self.asked(script, xy=self.xy[row].tolist())
        return found

    def drag(self, start: tuple[float, float], *corners: tuple[float, float]) -> None:
        """Press, move through places of the page, let go."""
        self.page.mouse.move(*start)
        self.page.mouse.down()
        for corner in corners:
            self.page.mouse.move(*corner, steps=4)
        self.page.mouse.up()
        self.frame()


def marked(bits: str, n: int) -> np.ndarray:
    """Rows of a selection as the map tells it."""
    found = np.frombuffer(base64.b64decode(bits), dtype=np.uint8)
    return np.flatnonzero(np.unpackbits(found, bitorder="little")[:n])
