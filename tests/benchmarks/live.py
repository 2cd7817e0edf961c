"""How soon a page shows what a run has written: seconds from the event to the curves, p95 of 40.

A recorded run is told again, six events at a time, while its page is open in one browser; the time
runs from the write of the events to their steps being in the curves.
Run by hand: python -m tests.benchmarks.live
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from tests.e2e.browsing import DESKTOP, ROOT, launch, serve, visit
from tests.e2e.recording import Recording

TARGET = 2.0
_SHOWN = (
    "step => [...[...window.latentLensViews.values()].at(-1).members.values()]"
    ".some(m => m.extent[1] >= step)"
)


def delays(page: Page, growing: Recording, n: int) -> np.ndarray:
    """Seconds of n writes."""
    found = []
    for i in range(n):
        # At any moment between two looks of the page.
        page.wait_for_timeout(700 + 137 * (i % 11))
        began = time.monotonic()
        step = growing.tell(6)
        growing.status("running")
        page.wait_for_function(_SHOWN, arg=step)
        found.append(time.monotonic() - began)
    return np.array(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--writes", type=int, default=40)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = launch(playwright)
        with serve(ROOT / "app.py", folder) as app:
            growing = Recording(folder, app, "growing")
            growing.tell(150)
            growing.status("running")
            page = browser.new_context(viewport=DESKTOP).new_page()
            visit(page, app.address("training", run="growing"))
            page.wait_for_function(_SHOWN, arg=growing.step)
            seconds = delays(page, growing, options.writes)
        browser.close()
    print(
        f"{len(seconds)} writes: median {np.median(seconds):.2f} s, p95 "
        f"{np.percentile(seconds, 95):.2f} s, longest {seconds.max():.2f} s (target {TARGET})"
    )


if __name__ == "__main__":
    main()
