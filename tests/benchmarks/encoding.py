"""Encoding 30,000 sentences in batches by length against one by one.

One by one is measured on some of them and told per sentence; both give the same means.
Run by hand: python -m tests.benchmarks.encoding [RUN] [--sentences N]
"""

from __future__ import annotations

import argparse
import time
from statistics import median

import torch

from vae import Explorer
from vae.corpora import factors

ROUNDS, SINGLY = 5, 300


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", nargs="?", default="factors")
    parser.add_argument("--sentences", type=int, default=30_000)
    options = parser.parse_args()
    explorer = Explorer.load(options.run)
    sentences = factors.generate(options.sentences, seed=1).sentences
    explorer.encode(sentences[:100])
    ratios = []
    for i in range(ROUNDS):
        some = sentences[i * SINGLY : (i + 1) * SINGLY]
        began = time.perf_counter()
        singly = torch.cat([explorer.encode([s]).mean for s in some])
        middle = time.perf_counter()
        together = explorer.encode(sentences).mean
        ended = time.perf_counter()
        torch.testing.assert_close(
            together[i * SINGLY : (i + 1) * SINGLY], singly, atol=1e-4, rtol=1e-4
        )
        each, batched = (middle - began) / len(some), (ended - middle) / len(sentences)
        ratios.append(each / batched)
        print(
            f"one by one {1e3 * each:.2f} ms a sentence; {len(sentences):,} in batches "
            f"{ended - middle:.2f} s, {1e3 * batched:.3f} ms each; ratio {ratios[-1]:.1f}"
        )
    print(f"{explorer.name}: median ratio {median(ratios):.1f} of {ROUNDS} rounds")


if __name__ == "__main__":
    main()
