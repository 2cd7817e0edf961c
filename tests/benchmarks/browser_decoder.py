"""How long the browser takes to decode one sentence, asked of the worker as a page asks.

Latents are draws from the prior, one after the other. By WebAssembly, and by plain JavaScript as
where a page's policy allows no other. Beside the wait, in which other programs of a busy machine
have their part, stands what a sentence takes of a processor, decoded in the page itself.

    python -m tests.benchmarks.browser_decoder [RUN ...]
"""

from __future__ import annotations

import argparse
import json

from playwright.sync_api import sync_playwright
from torch import Tensor

from tests.browser.pages import FAST, PLAIN, DecoderPage, numbers
from tests.e2e.browsing import launch
from tests.fakes import seeded
from vae.browser import pack
from vae.explorer import Explorer

RUNS = ("factors", "docstrings")
SENTENCES = 400
# Read and compiled first, as in a page that is open.
WARM = 40

_TIMED = """(async () => {
    const { DecoderClient } = await import("/client.js");
    const began = performance.now();
    const client = new DecoderClient(await (await fetch("/decoder.js")).text(), weights);
    const { latentDim } = await client.ready;
    const opened = performance.now() - began;
    const z = numbers(given.z);
    const times = [];
    let tokens = 0;
    for (let i = 0; i < z.length; i += latentDim) {
        const start = performance.now();
        tokens += (await client.latest(z.slice(i, i + latentDim))).logp.length;
        times.push(performance.now() - start);
    }
    client.dispose();
    return { opened, times, tokens: tokens / times.length };
})()"""


def processor(decoder: DecoderPage, z: Tensor) -> float:
    """Milliseconds of a processor for each sentence of latents (B, Z)."""
    session = decoder.page.context.new_cdp_session(decoder.page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def seconds() -> float:
        found = session.send("Performance.getMetrics")["metrics"]
        return next(metric["value"] for metric in found if metric["name"] == "TaskDuration")

    decoder.greedy(z[:WARM])
    began = seconds()
    decoder.greedy(z[WARM:])
    return 1000 * (seconds() - began) / len(z[WARM:])


def measure(runs: list[str]) -> None:
    """Print a line for each run and each way to multiply."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for run in runs:
            explorer = Explorer.load(run)
            blob = pack(explorer)
            z = explorer.sample_prior(SENTENCES + WARM, seeded(0))
            for policy in (FAST, PLAIN):
                page = browser.new_page()
                decoder = DecoderPage(page, blob, policy)
                found = decoder.asked(_TIMED, z=numbers(z))
                times = sorted(found["times"][WARM:])
                print(
                    json.dumps(
                        {
                            "run": run,
                            "by": "WebAssembly" if decoder.fast else "plain JavaScript",
                            "MB": round(len(blob) / 1e6, 2),
                            "tokens a sentence": round(found["tokens"], 1),
                            "open, ms": round(found["opened"]),
                            "p50, ms": round(times[len(times) // 2], 2),
                            "p95, ms": round(times[int(0.95 * len(times))], 2),
                            "of a processor, ms": round(processor(decoder, z), 2),
                        }
                    ),
                    flush=True,
                )
                page.close()
        browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", nargs="*", default=RUNS)
    measure(parser.parse_args().runs)
