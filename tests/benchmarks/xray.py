"""The x-ray of one sentence against one forward pass of the model: at most 6 times as long.

The x-ray encodes, and scores every token under each of its own and prior draws of z; the forward
pass encodes and computes the logits, for a batch of one. Both start from the sentence as text.
Run by hand: python -m tests.benchmarks.xray [RUN] [--draws N]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from statistics import median

import torch

from vae import Explorer
from vae.diagnostics.xray import DRAWS, xray
from vae.models import decoder_inputs

ROUNDS, REPEATS = 15, 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", nargs="?", default="factors")
    parser.add_argument("--draws", type=int, default=DRAWS)
    options = parser.parse_args()
    explorer = Explorer.load(options.run)
    sentences = explorer.examples()

    def forward(sentence: str) -> None:
        with torch.no_grad():
            tokens = torch.tensor([explorer.backend.tokenizer.encode(sentence)])
            mean = explorer.backend.model.encode(tokens).mean
            explorer.backend.model.logits(decoder_inputs(tokens), mean)

    def seen(sentence: str) -> None:
        xray(explorer, sentence, torch.Generator().manual_seed(0), options.draws)

    seconds(seen, sentences), seconds(forward, sentences)
    ratios = []
    for _ in range(ROUNDS):
        ratios.append(seconds(seen, sentences) / seconds(forward, sentences))
    print(
        f"{explorer.name}: forward pass {1e3 * seconds(forward, sentences):.2f} ms, x-ray with "
        f"2 x {options.draws} draws {1e3 * seconds(seen, sentences):.2f} ms; "
        f"median ratio {median(ratios):.1f} of {ROUNDS} rounds "
        f"({min(ratios):.1f} to {max(ratios):.1f}), {torch.get_num_threads()} threads"
    )


def seconds(work: Callable[[str], None], sentences: list[str]) -> float:
    """The median time of a piece of work on one sentence."""
    took = []
    for i in range(REPEATS):
        began = time.perf_counter()
        work(sentences[i % len(sentences)])
        took.append(time.perf_counter() - began)
    return median(took)


if __name__ == "__main__":
    main()
