"""The page to take along: its size, and how soon it answers from a disk. Run by hand.

Seconds are from the beginning of the navigation to the first sentence that the page itself decodes,
on a screen of a phone, as fast as this machine is and slowed down to a quarter (the setting of
Chromium's own tools for a middling phone).

python -m tests.benchmarks.taken [RUN ...]
"""

from __future__ import annotations

import argparse
import re
import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, expect, sync_playwright

from tests.e2e.browsing import PHONE, launch
from vae.explorer import Explorer
from vae.runs.catalogue import shipped_runs
from vae.sharing import page as taken

ROUNDS = 5
SLOWER = (1, 4)


def first_answer(browser: Browser, file: Path, slower: int) -> float:
    """Seconds to the first answer of a page, the network off."""
    with browser.new_context(viewport=PHONE, has_touch=True) as context:
        context.set_offline(True)
        page = context.new_page()
        tools = context.new_cdp_session(page)
        tools.send("Emulation.setCPUThrottlingRate", {"rate": slower})
        page.goto(file.as_uri())
        said = page.locator("#map-said")
        expect(said).to_have_attribute("data-text", re.compile("."), timeout=60_000)
        return float(page.evaluate("document.documentElement.dataset.first")) / 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", nargs="*", default=list(shipped_runs()))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = launch(playwright)
        for run in parser.parse_args().runs:
            file = Path(folder) / "page.html"
            file.write_text(taken.make(Explorer.load(run)), encoding="utf-8")
            seconds = [
                median(first_answer(browser, file, slower) for _ in range(ROUNDS))
                for slower in SLOWER
            ]
            print(
                f"{run}: {file.stat().st_size / 1e6:.2f} MB, "
                f"first answer {seconds[0]:.1f} s, slowed down {seconds[1]:.1f} s"
            )
        browser.close()


if __name__ == "__main__":
    main()
