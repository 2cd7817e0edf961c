"""The page to take along: its size, how soon it answers, and what rounding costs. Run by hand.

Seconds are from the beginning of the navigation to the first sentence that the page itself decodes,
on a screen of a phone, as fast as this machine is and slowed down to a quarter (the setting of
Chromium's own tools for a middling phone). Rounding is by how many of 400 latents, stored ones and
draws of the prior, say the same sentence by greedy decoding as in full precision.

python -m tests.benchmarks.taken [RUN ...]
"""

from __future__ import annotations

import argparse
import copy
import re
import tempfile
from pathlib import Path
from statistics import median

import torch
from playwright.sync_api import Browser, expect, sync_playwright
from safetensors.torch import load

from tests.e2e.browsing import PHONE, launch
from vae.backends.own import OwnModel
from vae.browser import pack
from vae.explorer import Explorer
from vae.runs.catalogue import shipped_runs
from vae.sharing import page as taken
from vae.sharing.page.shrink import rounded

ROUNDS, LATENTS = 5, 200
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


def agreement(explorer: Explorer, given_up: int) -> int:
    """How many of 400 latents say the same when bits of each weight are given up."""
    own = explorer.backend
    assert isinstance(own, OwnModel)
    drawn = torch.randn(LATENTS, own.latent_dim, generator=torch.Generator().manual_seed(0))
    z = torch.cat([torch.from_numpy(explorer.atlas.mean[:LATENTS]), drawn])
    model = copy.deepcopy(own.model)
    model.load_state_dict(
        {k: v.float() for k, v in load(rounded(pack(explorer), given_up)).items()}, strict=False
    )
    coarse = OwnModel(own.config, model, own.tokenizer)
    return sum(a == b for a, b in zip(own.decode(z), coarse.decode(z), strict=True))


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
            same = [agreement(Explorer.load(run), given_up) for given_up in (0, 2, 3)]
            print(
                f"{run}: {file.stat().st_size / 1e6:.2f} MB, "
                f"first answer {seconds[0]:.1f} s, slowed down {seconds[1]:.1f} s; "
                f"of {2 * LATENTS} latents the same with 11, 9, 8 bits: {same}"
            )
        browser.close()


if __name__ == "__main__":
    main()
