"""From process start to the first page in the browser, against a bare app that imports torch.

The bare app is a slider and a text, with `import torch` above. Each round starts it, Home and a
lesson, one after the other, each as a new process with a new browser profile; files are in memory
after the first round, which does not count. Two moments are told: when the page answers (the text
of the bare app; on Home the sentence that came back; of the lesson the first choice, which can be
pressed), and when all is drawn: the script has run, and no chart is awaited. A third is the answer
of the same page when somebody else opens it on the server that runs already.
Run by hand, where little else runs: python -m tests.benchmarks.startup [--rounds N]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, BrowserContext, sync_playwright
from playwright.sync_api import Error as BrowserError

from tests.benchmarks.slider import BARE
from tests.e2e.browsing import DESKTOP, ROOT, launch, serve, settled

BARE_WITH_TORCH = f"import torch\n{BARE}"
MOMENTS = ("answer", "all", "answer of a running server")


@dataclass(frozen=True)
class First:
    """A page that is opened first, what on it answers, and the ratios to the bare app aimed at."""

    name: str
    answer: str
    targets: tuple[float | None, ...] = (None, None, None)
    page: str = ""
    link: tuple[tuple[str, str], ...] = ()


BARE_PAGE = First("bare", ".st-key-said p")
OURS = (
    First("Home", '[data-testid="stHtml"] p', (1.3, 1.5, None)),
    First(
        "a lesson",
        '[data-testid="stRadio"] label',
        (1.5, None, None),
        "lesson",
        (("lesson", "distribution"),),
    ),
)


def seconds_to_page(browser: Browser, script: Path, first: First) -> tuple[float, float, float]:
    """Seconds to the moments of a page, from the start of its server, and from the second visit."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        with serve(script, Path(folder), wait=False) as server:
            address = server.address(first.page, **dict(first.link))
            with browser.new_context(viewport=DESKTOP) as context:
                answered, drawn = visited(context, address, first.answer)
                cold = answered - began, drawn - began
            with browser.new_context(viewport=DESKTOP) as context:
                began = time.perf_counter()
                return *cold, visited(context, address, first.answer)[0] - began


def visited(context: BrowserContext, address: str, answer: str) -> tuple[float, float]:
    """When a page had answered, and when all of it was drawn."""
    page = context.new_page()
    while True:
        try:
            page.goto(address, wait_until="commit")
            break
        except BrowserError:
            time.sleep(0.02)
    page.locator(answer).first.wait_for(timeout=120_000)
    answered = time.perf_counter()
    settled(page)
    return answered, time.perf_counter()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    rounds = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        script = Path(folder) / "app.py"
        script.write_text(BARE_WITH_TORCH, encoding="utf-8")
        browser = launch(playwright)
        for i in range(options.rounds + 1):
            bare = seconds_to_page(browser, script, BARE_PAGE)
            ours = [seconds_to_page(browser, ROOT / "app.py", first) for first in OURS]
            for first, took in zip((BARE_PAGE, *OURS), (bare, *ours), strict=True):
                told = ", ".join(f"{m} {t:.2f} s" for m, t in zip(MOMENTS, took, strict=True))
                print(f"{first.name}: {told}" + ("   (warm-up)" if i == 0 else ""), flush=True)
            rounds.append((bare, ours))
        browser.close()
    for which, first in enumerate(OURS):
        for moment, (what, target) in enumerate(zip(MOMENTS, first.targets, strict=True)):
            a = [bare[moment] for bare, _ in rounds[1:]]
            b = [ours[which][moment] for _, ours in rounds[1:]]
            ratios = [y / x for x, y in zip(a, b, strict=True)]
            print(
                f"{first.name}, {what}: median bare {median(a):.2f} s, ours {median(b):.2f} s; "
                f"median ratio of {len(ratios)} rounds {median(ratios):.2f} ({min(ratios):.2f} to "
                f"{max(ratios):.2f}" + (f"; target {target})" if target else ")")
            )


if __name__ == "__main__":
    main()
