"""From process start to the first page in the browser, against a bare app that imports torch.

The bare app is a slider and a text, with `import torch` above. Each round starts both, one after
the other, as a new process, with a new browser profile; files are in memory after the first round,
which does not count. Two moments are told: when the page answers (the text of the bare app; on Home
the sentence that came back), and when all is drawn: the script has run, and no chart is awaited.
Run by hand, where little else runs: python -m tests.benchmarks.startup [--rounds N]
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
from tests.e2e.browsing import DESKTOP, ROOT, launch, serve, settled

TARGETS = {"answer": 1.3, "all": 1.5}
BARE_WITH_TORCH = f"import torch\n{BARE}"


def seconds_to_page(browser: Browser, script: Path, answer: str) -> tuple[float, float]:
    """Seconds from the start of a script's server to the answer of its first page, and to all."""
    with (
        tempfile.TemporaryDirectory() as folder,
        browser.new_context(viewport=DESKTOP) as context,
    ):
        page = context.new_page()
        began = time.perf_counter()
        with serve(script, Path(folder), wait=False) as server:
            while True:
                try:
                    page.goto(server.address(), wait_until="commit")
                    break
                except BrowserError:
                    time.sleep(0.02)
            page.locator(answer).first.wait_for(timeout=120_000)
            answered = time.perf_counter() - began
            settled(page)
            return answered, time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    bare, ours = [], []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        script = Path(folder) / "app.py"
        script.write_text(BARE_WITH_TORCH, encoding="utf-8")
        browser = launch(playwright)
        for i in range(options.rounds + 1):
            bare.append(seconds_to_page(browser, script, ".st-key-said p"))
            ours.append(seconds_to_page(browser, ROOT / "app.py", '[data-testid="stHtml"] p'))
            print(
                f"answer: bare {bare[-1][0]:5.2f} s, ours {ours[-1][0]:5.2f} s   "
                f"all: bare {bare[-1][1]:5.2f} s, ours {ours[-1][1]:5.2f} s"
                + ("   (warm-up)" if i == 0 else ""),
                flush=True,
            )
        browser.close()
    for moment, (what, target) in enumerate(TARGETS.items()):
        a = [pair[moment] for pair in bare[1:]]
        b = [pair[moment] for pair in ours[1:]]
        ratios = [y / x for x, y in zip(a, b, strict=True)]
        print(
            f"{what}: median bare {median(a):.2f} s, ours {median(b):.2f} s; median ratio of "
            f"{len(ratios)} rounds {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}; "
            f"target {target})"
        )


if __name__ == "__main__":
    main()
