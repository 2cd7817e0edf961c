"""A large map in the app: made, opened, moved, pointed at, selected from, in headless Chromium.

For each map that is named by its run and its number of sentences:

- made, where it is not in the cache yet: seconds and processor seconds of `python -m vae prepare
  RUN --sentences N`, and the most memory of its process; and the bytes on the disk;
- processor seconds of each thing that the server does, whatever else runs;
- open: from the choice of the map on the page Map (the usual one is shown) until its points are
  drawn and the page has come to rest, at first (nothing is cached) and again; and by its link, from
  the address to the same;
- memory: of the server before and after, and of the page's JavaScript with its buffers;
- frames: the share below 33 ms while the pointer drags and the wheel turns, with how many points
  drawn while it moves;
- answer: from the pointer's event to the sentence there in the page, by UMAP and by PCA, p95;
- table: from the release of a lasso of about 10,000 points to the table of the selection, the first
  and the median of three more, with the processor seconds of the server;
- search: from Enter to the found sentences.

Chromium here draws without a graphics card (SwiftShader). Of maps that are there it takes a minute
or two each.

Run by hand, where little else runs, with a cache that holds the maps:
LATENT_LENS_CACHE=DIRECTORY python -m tests.benchmarks.large_map factors:100000 factors:1000000
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from playwright.sync_api import Locator, Page, sync_playwright

from tests.benchmarks.map_drawing import frames, memory
from tests.e2e.browsing import DESKTOP, ROOT, choose, launch, serve, settled
from vae.figures import map as maps
from vae.figures.colouring import colouring
from vae.figures.map_words import packed_large
from vae.latent.large_atlas import (
    FACTS,
    HALVES,
    KEYS,
    MEAN,
    STARTS,
    TEXT,
    home,
    made,
    read_large,
)
from vae.latent.places import nearest_inverse
from vae.latent.planes import dimension_plane
from vae.runs.catalogue import find_run
from vae.studies import fingerprint

LASSO = 10_000


def folder_of(run: str, n: int) -> Path:
    """Where the map of a run with so many sentences is."""
    (found,) = home(fingerprint(find_run(run))).glob(f"{n}-*")
    return found


def make(run: str, n: int) -> dict[str, float]:
    """Make a large map by the command, unless it is there."""
    learned = fingerprint(find_run(run))
    if any(version.startswith(f"{n}-") for version in made(learned)):
        return {"disk MB": size_of(folder_of(run, n))}
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "vae", "prepare", run, "--sentences", str(n)]
    subprocess.run(command, check=True)
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "made": took,
        "made, processor": used,
        "made, memory MB": after.ru_maxrss / 1e3,
        "disk MB": size_of(folder_of(run, n)),
    }


def size_of(folder: Path) -> float:
    """MB of the files of a folder."""
    return sum(path.stat().st_size for path in folder.iterdir()) / 1e6


def tile(run: str, n: int, times: int) -> None:
    """A large map that is so many times one that is there, moved a little: to open, not to read.

    What a browser and a server do with it depends on how many points there are, and a million
    sentences are not encoded on a busy machine.
    """
    folder = folder_of(run, n)
    wide = folder.with_name(f"{n * times}-{folder.name.split('-')[1]}")
    wide.mkdir(exist_ok=True)
    rng = np.random.default_rng(0)
    for path in folder.iterdir():
        if (path.suffix == ".u8" and path.stem != "text") or path.suffix == ".u16":
            (wide / path.name).write_bytes(path.read_bytes() * times)
        elif path.suffix == ".f32":
            values = np.tile(np.fromfile(path, "<f4"), times)
            moved = 0.05 * rng.standard_normal(len(values), dtype=np.float32)
            (values + (moved if path.stem in ("umap", "pca") else 0)).tofile(wide / path.name)
    np.fromfile(wide / MEAN, "<f4").astype("<f2").tofile(wide / HALVES)
    np.arange(n * times, dtype="<u8").tofile(wide / KEYS)
    starts = np.fromfile(folder / STARTS, "<u4").astype(np.int64)
    ends = np.concatenate([starts[1:] + i * starts[-1] for i in range(times)])
    np.concatenate([[0], ends]).astype("<u4").tofile(wide / STARTS)
    (wide / TEXT).write_bytes((folder / TEXT).read_bytes() * times)
    facts = json.loads((folder / FACTS).read_bytes()) | {"n": n * times, "total": n * times}
    (wide / FACTS).write_text(json.dumps(facts))


def served_by_library(run: str, n: int) -> dict[str, float]:
    """Processor seconds of what a server does for a large map, in this process, in this order."""
    folder = folder_of(run, n)
    began = psutil.Process().memory_info().rss
    out, atlas = {}, read_large(folder)
    rng = np.random.default_rng(0)
    z, rows = atlas.mean[:1] + 0.1, np.sort(rng.choice(len(atlas), LASSO, replace=False))
    colour = next(iter(atlas.labels))
    for name, work in (
        ("read", lambda: read_large(folder)),
        ("colours", lambda: colouring(maps.values_of(atlas, colour), "light")),
        ("words", lambda: packed_large(atlas, str)),
        ("nearest 6", lambda: atlas.nearest(z, 6)),
        ("place of UMAP", lambda: nearest_inverse(z[:, :2], atlas.projection.umap, atlas.mean)),
        ("search", lambda: atlas.search("the not")),
        ("table of 500", lambda: maps.points(atlas, rows[:500])),
        ("download of 10,000", lambda: maps.points(atlas, rows)),
        ("dimensions", lambda: dimension_plane(0, 1, atlas.mean.mean(0)).place(atlas.mean)),
    ):
        used = time.process_time()
        work()
        out[f"{name}, processor"] = time.process_time() - used
    out["server MB, all of it"] = (psutil.Process().memory_info().rss - began) / 1e6
    return out


@contextmanager
def app(run: str) -> Iterator[tuple[Page, psutil.Process]]:
    """The page Map of a run in a browser, and the process of its server."""
    cache = {"LATENT_LENS_CACHE": os.environ["LATENT_LENS_CACHE"]}
    with (
        tempfile.TemporaryDirectory() as place,
        serve(ROOT / "app.py", Path(place), environment=cache) as server,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        page = browser.new_page(viewport=DESKTOP)
        page.goto(server.address("map", run=run))
        page.locator(".point-map").first.wait_for(timeout=300_000)
        drawn(page)
        yield page, psutil.Process(server.process.pid)
        browser.close()


def drawn(page: Page, n: int = 0) -> None:
    """Wait until a map, of so many points, is drawn and the page has come to rest."""
    # Another map is another element: it is looked for each time.
    root, deadline = page.locator(".point-map").first, time.monotonic() + 300
    while (points := root.evaluate("(root) => root.pointMap?.grid?.n ?? 0")) != n or not points:
        if not n and points:
            break
        if time.monotonic() > deadline:
            raise TimeoutError(f"{points:,} of {n:,} points after 300 s")
        page.wait_for_timeout(20)
    settled(page, 300_000)
    root.evaluate(
        """({ pointMap: map }) => {
            map.draw();
            map.paint.gl?.readPixels(0, 0, 1, 1, 6408, 5121, new Uint8Array(4));
        }"""
    )


def map_of(page: Page) -> Locator:
    """The list of the maps of a run."""
    return page.get_by_label("Map of", exact=True).first


def opened(page: Page, n: int) -> float:
    """Seconds from the choice of the large map to its points."""
    began = time.perf_counter()
    choose(map_of(page), f"{n:,} sentences")
    drawn(page, n)
    return time.perf_counter() - began


def pointed(page: Page) -> dict[str, float]:
    """Milliseconds from the pointer's event to the sentence there."""
    page.evaluate(
        """() => {
            window.took = [];
            window.addEventListener("latent-lens-place", (event) => took.push(event.detail.took));
        }"""
    )
    page.locator(".point-map").evaluate(
        """async (root) => {
            while (!root.pointMap.decoder) await new Promise((done) => setTimeout(done, 50));
        }""",
        timeout=300_000,
    )
    box = page.locator(".stage").bounding_box()
    assert box is not None
    for x, y in np.random.default_rng(0).uniform(0.05, 0.95, (120, 2)):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
        page.wait_for_timeout(40)
    page.wait_for_timeout(500)
    took = page.evaluate("window.took")
    return {"answers": len(took), "p50": float(np.median(took)), "p95": np.percentile(took, 95)}


def selected(page: Page, wanted: int = LASSO) -> dict[str, float]:
    """Seconds from a lasso of some 10,000 points to their table."""
    began = time.perf_counter()
    n = page.locator(".point-map").evaluate(
        """({ pointMap: map }, wanted) => {
            const { xy, grid } = map;
            const [cx, cy] = [xy[0], xy[1]];
            const far = Array.from({ length: grid.n }, (_, i) =>
                Math.hypot(xy[2 * i] - cx, xy[2 * i + 1] - cy)).sort((a, b) => a - b);
            const r = far[Math.min(wanted, grid.n - 1)];
            map.choose(Array.from({ length: 90 }, (_, i) =>
                [cx + r * Math.cos(i / 14.3), cy + r * Math.sin(i / 14.3)]));
            return map.selected.reduce((sum, one) => sum + one, 0);
        }""",
        wanted,
    )
    page.get_by_role("heading", name=f"Selected: {n:,} sentences").wait_for(timeout=60_000)
    page.get_by_test_id("stDataFrame").first.wait_for(timeout=60_000)
    return {"lasso points": n, "table": time.perf_counter() - began}


def searched(page: Page) -> float:
    """Seconds from Enter to the found sentences."""
    field = page.get_by_role("textbox", name="Search", exact=True)
    field.fill("the", timeout=120_000)
    began = time.perf_counter()
    field.press("Enter")
    page.get_by_role("heading", name="Found:").wait_for(timeout=60_000)
    return time.perf_counter() - began


def tables(page: Page, server: psutil.Process) -> dict[str, float]:
    """As `selected`, the first time and the next three, which are of other points."""
    found, times = selected(page), []
    before = server.cpu_times()
    for less in (500, 1_000, 1_500):
        page.wait_for_timeout(500)
        times.append(selected(page, LASSO - less)["table"])
    after = server.cpu_times()
    used = (after.user + after.system - before.user - before.system) / len(times)
    return found | {"table again": float(np.median(times)), "table again, server": used}


def measure(run: str, n: int, out: dict[str, Any]) -> None:
    """Add all figures of a large map of n sentences."""
    with app(run) as (page, server):
        usual = page.locator(".point-map").evaluate("(root) => root.pointMap.grid.n")
        out["server MB before"] = server.memory_info().rss / 1e6
        out["page MB before"] = memory(page)
        out["open first"] = opened(page, n)
        out["page MB"] = memory(page)
        out |= {f"umap {name}": value for name, value in pointed(page).items()}
        out |= frames(page, ".stage")
        out["drawn while it moves"] = page.locator(".point-map").evaluate(
            "(root) => Math.round(root.pointMap.most)"
        )
        out["page MB with latents"] = memory(page)
        out |= tables(page, server)
        out["search"] = searched(page)
        out["server MB after"] = server.memory_info().rss / 1e6
        settled(page, 300_000)
        choose(map_of(page), "the usual sentences")
        drawn(page, usual)
        out["open again"] = opened(page, n)
        began = time.perf_counter()
        page.reload()
        page.locator(".point-map").first.wait_for(timeout=300_000)
        drawn(page, n)
        out["open by link"] = time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "maps", nargs="*", default=["factors:100000", "factors:1000000"], help="RUN:SENTENCES"
    )
    parser.add_argument(
        "--tiled", type=int, default=1, help="all but the first are so many times the first"
    )
    chosen = parser.parse_args()
    maps_of = [(run, int(n)) for run, n in (each.split(":") for each in chosen.maps)]
    with tempfile.TemporaryDirectory() as cache:
        os.environ.setdefault("LATENT_LENS_CACHE", cache)
        first = maps_of[0][1]
        for run, asked in maps_of:
            began = time.perf_counter()
            tiled = chosen.tiled > 1 and asked == first * chosen.tiled
            if tiled:
                tile(run, first, chosen.tiled)
            found = {} if tiled else make(run, asked)
            n = len(read_large(folder_of(run, asked)))
            found |= served_by_library(run, asked)
            try:
                measure(run, n, found)
            finally:  # what was measured by then is told
                found["took"] = time.perf_counter() - began
                rounded = {
                    name: round(value, 2) if isinstance(value, float) else value
                    for name, value in found.items()
                }
                print(f"{run}, {n:,} sentences: {json.dumps(rounded, default=float)}", flush=True)


if __name__ == "__main__":
    main()
