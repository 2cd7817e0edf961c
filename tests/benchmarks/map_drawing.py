"""A map in headless Chromium: drawn, moved, pointed at, by our canvas and by Plotly's Scattergl.

In one browser, in turns, for each number of points, which lie in twenty clouds and seven colours:

- first: from the call to the points on the canvas, milliseconds;
- step: one step of a pan and a zoom with all points drawn, until the pixels are there; median and
  90th percentile, and the processor's time of all of the browser's processes for one step;
- frames: while the pointer drags and the wheel turns, the share of frames below 33 ms; our canvas
  draws fewer points while it moves where it must (so many are named);
- memory: of the page's JavaScript, with its buffers, MB.

And of our canvas alone, with the decoder of a run (`factors`):

- answer: from the pointer's event to the sentence of that place in the page, median and p95; in a
  plane, and where a place is a mixture of the nearest few latents (as of UMAP);
- lasso: from the pointer's release to what is told of some 10,000 points.

Chromium here draws without a graphics card (SwiftShader).

Run by hand, where little else runs: python -m tests.benchmarks.map_drawing [N ...]
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import plotly
import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.map_page import data
from tests.e2e.browsing import launch
from vae import browser, colours
from vae.browser import point_map
from vae.explorer import Explorer
from vae.runs.catalogue import find_run

LOOKS = [
    {"colour": colour, "opacity": 0.72, "shape": shape}
    for colour, shape in zip(colours.LABELS, colours.SYMBOLS, strict=True)
]
CLOUDS = """(n) => {
    let s = 1;
    const u = () => (s = (s * 16807) % 2147483647) / 2147483647;
    const g = () => Math.sqrt(-2 * Math.log(u())) * Math.cos(6.2832 * u());
    const [xy, codes] = [new Float32Array(2 * n), new Uint8Array(n)];
    for (let i = 0; i < n; i++) {
        const c = i % 20;
        xy[2 * i] = 10 * Math.cos(c * 7) + g();
        xy[2 * i + 1] = 7 * Math.sin(c * 5) + g();
        codes[i] = c % 7;
    }
    window.clouds = { n, xy, codes };
}"""
OURS = """() => {
    const began = performance.now();
    window.told = [];
    window.map = new PointMap(document.querySelector(".point-map"),
        (kind, value) => told.push({ kind, value, at: performance.now() }));
    map.update(window.given);
    map.setPoints("clouds", clouds.xy, clouds.codes);
    map.sized();
    window.pixels();
    return performance.now() - began;
}"""
PLOTLY = """async () => {
    const began = performance.now();
    const traces = [];
    for (let c = 0; c < 7; c++) {
        const [x, y, customdata] = [[], [], []];
        for (let i = 0; i < clouds.n; i++) if (clouds.codes[i] === c) {
            x.push(clouds.xy[2 * i]); y.push(clouds.xy[2 * i + 1]); customdata.push(i);
        }
        traces.push({ type: "scattergl", mode: "markers", x, y, customdata, hoverinfo: "none",
            marker: { size: window.given.size, opacity: 0.72 } });
    }
    const layout = { dragmode: "pan", hovermode: "closest", width: 900, height: 620 };
    await Plotly.newPlot("plot", traces, layout, { scrollZoom: true });
    window.pixels();
    return performance.now() - began;
}"""
# Reading one pixel waits until all is drawn.
PIXELS = """() => {
    window.pixels = () => {
        for (const canvas of document.querySelectorAll("canvas")) {
            if (canvas.matches(".over, .swatch")) continue;
            const gl = canvas.getContext("webgl2") ?? canvas.getContext("webgl");
            gl?.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
        }
    };
}"""
OUR_STEP = "map.camera.pan(3, 2), map.camera.zoom(i % 2 ? 1.1 : 1 / 1.1), map.draw()"
PLOTLY_STEP = """await Plotly.relayout("plot", {
    "xaxis.range": layout.xaxis.range.map((v) => (v + 0.1) * (i % 2 ? 1.02 : 0.98)),
    "yaxis.range": layout.yaxis.range.map((v) => v * (i % 2 ? 1.02 : 0.98)) })"""
STEPS = 20


def page_of(tab: Browser, ours: bool, n: int) -> Page:
    """A page with the clouds and what draws them."""
    page = tab.new_page(viewport={"width": 1000, "height": 760})
    if ours:
        page.set_content(
            f"<style>{point_map.style()}</style><div class=point-map style='width:900px'></div>"
            f"<script type=module>{point_map.scripts()}{browser.client_source()}"
            "Object.assign(window, { PointMap, DecoderClient, planePlaces, nearestPlaces });"
            "</script>"
        )
        page.wait_for_function("() => !!window.PointMap")
    else:
        page.set_content("<div id=plot style='width:900px;height:620px'></div>")
        source = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
        page.add_script_tag(content=source.read_text(encoding="utf-8"))
    size = float(np.clip(40 / n**0.25, 1.2, 11))
    groups = [{"code": i, "name": str(i)} for i in range(7)]
    legend = {"title": "", "groups": groups, "scale": None}
    given = data(looks=LOOKS, size=size, height=620, legend=legend)
    page.evaluate("(given) => { window.given = given; }", given)
    page.evaluate(PIXELS)
    page.evaluate(CLOUDS, n)
    return page


def processor() -> float:
    """Seconds that all processes of the browser have worked."""
    total = 0.0
    for child in psutil.Process(os.getpid()).children(recursive=True):
        try:
            if "chrom" in child.name():
                used = child.cpu_times()
                total += used.user + used.system
        except psutil.Error:
            continue
    return total


def drawing(page: Page, ours: bool) -> dict[str, float]:
    """How long it takes to draw at first and at each step."""
    first = page.evaluate(OURS if ours else PLOTLY)
    step = OUR_STEP if ours else PLOTLY_STEP
    before = processor()
    took = page.evaluate(
        f"""async () => {{
            const layout = document.getElementById("plot")?._fullLayout;
            const took = [];
            for (let i = 0; i < {STEPS}; i++) {{
                await new Promise((done) => setTimeout(done, 5));
                const began = performance.now();
                {step};
                window.pixels();
                took.push(performance.now() - began);
            }}
            return took;
        }}"""
    )
    used = (processor() - before) / STEPS * 1_000
    middle, most = np.percentile(took, [50, 90])
    return {"first": first, "step": middle, "step p90": most, "processor": used}


def frames(page: Page, of: str) -> dict[str, float]:
    """The share of frames below 33 ms while the pointer drags and the wheel turns."""
    box = page.locator(of).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.evaluate(
        """() => {
            window.gaps = [];
            let last = null;
            const tick = (now) => {
                if (last !== null) window.gaps.push(now - last);
                last = now;
                if (window.gaps) requestAnimationFrame(tick);
            };
            requestAnimationFrame(tick);
        }"""
    )
    page.mouse.move(x, y)
    page.mouse.down()
    began, i = time.monotonic(), 0
    while time.monotonic() - began < 3:
        i += 1
        page.mouse.move(x + 100 * np.sin(i / 7), y + 60 * np.cos(i / 9))
    page.mouse.up()
    began = time.monotonic()
    while time.monotonic() - began < 3:
        i += 1
        page.mouse.wheel(0, -60 if (i // 20) % 2 else 60)
        page.wait_for_timeout(10)
    gaps = page.evaluate("() => { const gaps = window.gaps; window.gaps = null; return gaps; }")
    below = float(np.mean([gap <= 33.4 for gap in gaps]))
    return {"frames": len(gaps), "below 33 ms": below, "frame p50": float(np.median(gaps))}


def memory(page: Page) -> float:
    """MB of the page's JavaScript and its buffers."""
    tools = page.context.new_cdp_session(page)
    tools.send("HeapProfiler.collectGarbage")
    used: dict[str, Any] = tools.send("Runtime.getHeapUsage")
    return (used["usedSize"] + used.get("backingStorageSize", 0)) / 1e6


def answers(page: Page, explorer: Explorer, n: int) -> dict[str, float]:
    """From the pointer's event to the sentence there, and from a lasso to what is told."""
    atlas, out = explorer.atlas, {}
    weights = base64.b64encode(browser.pack(explorer)).decode()
    plane = {
        "origin": atlas.projection.pca_mean.tolist(),
        "axes": (atlas.projection.pca_components / 4).tolist(),  # the clouds are wider
    }
    page.evaluate(
        """async ([source, weights, plane, mean, n]) => {
            const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
            const client = new DecoderClient(source, bytes(weights).buffer);
            await client.ready;
            const known = new Float32Array(bytes(mean).buffer);
            const size = plane.origin.length;
            const latents = new Float32Array(n * size);
            for (let i = 0; i < latents.length; i++) latents[i] = known[i % known.length];
            window.ways = { plane: planePlaces(plane),
                nearest: nearestPlaces({ few: 5 }, map.grid, latents) };
            window.use = (way) => map.setPlaces(window.ways[way], client);
        }""",
        [
            browser.decoder_source(),
            weights,
            plane,
            base64.b64encode(atlas.mean.astype("<f4").tobytes()).decode(),
            n,
        ],
    )
    box = page.locator(".stage").bounding_box()
    assert box is not None
    for way in ("plane", "nearest"):
        page.evaluate("(way) => { use(way); told.length = 0; map.reset(); }", way)
        rng = np.random.default_rng(0)
        for x, y in rng.uniform(0.02, 0.98, (120, 2)):
            page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
            page.wait_for_timeout(25)
        page.wait_for_timeout(500)
        took = page.evaluate("told.filter((t) => t.kind === 'place').map((t) => t.value.took)")
        out[f"{way}: answers"] = len(took)
        out[f"{way} p50"], out[f"{way} p95"] = map(float, np.percentile(took[5:], [50, 95]))
    out |= lasso(page, n)
    return out


def lasso(page: Page, n: int) -> dict[str, float]:
    """A lasso around about a tenth of the points."""
    found = page.evaluate(
        """() => {
            const ring = Array.from({ length: 60 }, (_, i) =>
                [2.2 * Math.cos(i / 9.55) - 5.3, 2.2 * Math.sin(i / 9.55) - 3]);
            told.length = 0;
            const began = performance.now();
            map.choose(ring);
            const took = performance.now() - began;
            return [took, told.at(-1)?.value?.n ?? 0];
        }"""
    )
    return {"lasso ms": found[0], "lasso points": found[1]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("points", nargs="*", type=int, default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--run", default="factors")
    chosen = parser.parse_args()
    explorer = Explorer.load(find_run(chosen.run))
    with sync_playwright() as playwright:
        tab = launch(playwright)
        for n in chosen.points:
            for ours in (True, False) if n <= 100_000 else (True,):
                page = page_of(tab, ours, n)
                found = drawing(page, ours) | frames(page, ".stage" if ours else ".nsewdrag")
                if ours:
                    found["drawn while it moves"] = page.evaluate("Math.round(map.most)")
                found["memory"] = memory(page)
                if ours:
                    found |= answers(page, explorer, n)
                page.close()
                rounded = {name: round(value, 2) for name, value in found.items()}
                what = "ours" if ours else "Plotly"
                print(f"{what}, {n:,} points: {json.dumps(rounded)}", flush=True)


if __name__ == "__main__":
    main()
