"""From process start to the first page in the browser, against a bare app that imports torch.

The bare app is a slider and a text, with `import torch` above. Each round starts both, one after
the other, as a new process, with a new browser profile; files are in memory after the first round,
which does not count. A page counts as rendered when its script has run and its last element is
there. Run by hand, where little else runs: python -m tests.benchmarks.startup [--rounds N]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Error as BrowserError

from tests.benchmarks.slider import BARE
from tests.e2e.browsing import CHROMIUM_FLAGS, DESKTOP, ROOT, chromium, serve, settled

TARGET = 1.5
BARE_WITH_TORCH = f"import torch\n{BARE}"


def seconds_to_page(browser: Browser, script: Path, last: str) -> float:
    """Start the script's server, open its first page, and wait for the element `last` in it."""
    with (
        tempfile.TemporaryDirectory() as folder,
        browser.new_context(viewport=DESKTOP) as context,
    ):
        page = context.new_page()
        began = time.perf_counter()
        with serve(script, Path(folder), wait=False) as server:
            while True:
                try:
                    page.goto(server.address())
                    break
                except BrowserError:
                    time.sleep(0.02)
            page.locator(last).first.wait_for()
            settled(page)
            return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    path = chromium()
    if path is None:
        raise SystemExit("This needs Chromium.")
    ours, bare = [], []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        script = Path(folder) / "app.py"
        script.write_text(BARE_WITH_TORCH, encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        for i in range(options.rounds + 1):
            plain = seconds_to_page(browser, script, ".st-key-said p")
            app = seconds_to_page(browser, ROOT / "app.py", '[data-testid="stHtml"] p')
            print(f"bare {plain:6.2f} s   ours {app:6.2f} s" + ("   (warm-up)" if i == 0 else ""))
            if i:
                bare.append(plain)
                ours.append(app)
        browser.close()
    ratios = [a / b for a, b in zip(ours, bare, strict=True)]
    print(
        f"median: bare {median(bare):.2f} s, ours {median(ours):.2f} s; median ratio of "
        f"{len(ratios)} rounds {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}; "
        f"target {TARGET})"
    )


if __name__ == "__main__":
    main()
