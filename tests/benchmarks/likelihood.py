"""IW-NLL with K draws of each sentence against K times the cost of one draw.

The encoder reads a sentence once whatever K is, and the decoder reads the draws in batches. Both
include the encoder, the tokens and the bound. Target: at most 0.7.
Run by hand: python -m tests.benchmarks.likelihood [RUN] [--sentences N] [--draws K]
"""

from __future__ import annotations

import argparse
import time
from statistics import median

import torch

from vae import Explorer
from vae.corpora import factors
from vae.diagnostics.likelihood import bound

ROUNDS, SINGLE_ROUNDS = 3, 7


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", nargs="?", default="factors")
    parser.add_argument("--sentences", type=int, default=2_000)
    parser.add_argument("--draws", type=int, default=100)
    options = parser.parse_args()
    explorer = Explorer.load(options.run)
    sentences = factors.generate(options.sentences, seed=1).sentences

    def seconds(k: int) -> float:
        generator = torch.Generator().manual_seed(0)
        began = time.perf_counter()
        posterior = explorer.encode(sentences)
        weights = explorer.importance_weights(sentences, posterior, k, generator)
        mean = float(bound(weights, k).mean())
        taken = time.perf_counter() - began
        print(f"K = {k:>3}: {taken:.2f} s, {mean:.2f} nats a sentence")
        return taken

    seconds(1)
    ratios = []
    for _ in range(ROUNDS):
        # Some before and some after, so that a busy minute counts for both.
        ones = [seconds(1) for _ in range(SINGLE_ROUNDS)]
        many = seconds(options.draws)
        ones += [seconds(1) for _ in range(SINGLE_ROUNDS)]
        ratios.append(many / (options.draws * median(ones)))
        print(f"ratio {ratios[-1]:.2f}")
    print(
        f"{explorer.name}, {len(sentences):,} sentences, {torch.get_num_threads()} threads: median "
        f"ratio {median(ratios):.2f} of {ROUNDS} rounds"
    )


if __name__ == "__main__":
    main()
