"""How the app feels while a run trains: a slider's round trip with and without, in one browser.

On the page Dimensions, from the release of the pointer to the sliders drawn again by Python, first
with no run, then while `python -m vae train` runs as the app starts it (its own process, one core
left to the app, lower priority).
Run by hand: python -m tests.benchmarks.busy
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, expect, sync_playwright

from tests.benchmarks.slider import DIMENSIONS, releases, said
from tests.e2e.browsing import DESKTOP, ROOT, Server, launch, serve, visit
from vae.runs import queue
from vae.runs.store import RunDirectory

TARGET = 2.0


def measure(browser: Browser, app: Server, n: int) -> np.ndarray:
    """Milliseconds of n round trips, in a session of its own."""
    page = browser.new_context(viewport=DESKTOP).new_page()
    visit(page, app.address("dimensions", run="factors"))
    expect(page.get_by_role("slider").first).to_be_visible()
    values = releases(page, DIMENSIONS, n)
    page.context.close()
    return values


def start_run(folder: Path) -> RunDirectory:
    """A run that trains for longer than this takes; back when it has made its first updates."""
    run = RunDirectory(folder / "runs" / "busy")
    arguments = ["train", "factors", "--out", str(run.path), "--sentences", "20000"]
    queue.submit(run, [*arguments, "--epochs", "1000"], "busy")
    while not run.read_metrics():
        time.sleep(0.5)
    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--releases", type=int, default=40)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        places = {
            "LATENT_LENS_CACHE": str(folder / "cache"),
            "LATENT_LENS_RUNS": str(folder / "runs"),
        }
        os.environ.update(places)
        browser = launch(playwright)
        with serve(ROOT / "app.py", folder, environment=places) as app:
            measure(browser, app, 5)  # the first visit loads what later ones find loaded
            alone = measure(browser, app, options.releases)
            run = start_run(folder)
            try:
                busy = measure(browser, app, options.releases)
                state = run.state()
            finally:
                queue.end(run)
        browser.close()
    print(said("no run", alone))
    print(said("a run trains", busy))
    print(f"p95 ratio {np.percentile(busy, 95) / np.percentile(alone, 95):.2f} (target {TARGET})")
    assert state == "running", "the run ended before the measurement did"


if __name__ == "__main__":
    main()
