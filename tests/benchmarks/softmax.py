"""Tokens a second of training over a large vocabulary, by chunks against the whole logits.

The baseline is the plain path of before, which small vocabularies still take: all logits of a
batch, log-softmax, and its gradient. Both train the same model on the same batches, in turns; the
words are drawn by Zipf's law, since only their number counts. Target: 1.6x.
Run by hand: python -m tests.benchmarks.softmax [--threads N] [--precision fp32]
"""

from __future__ import annotations

import argparse
import os
import time
from statistics import median

import torch

from vae.config import ModelConfig, TrainConfig
from vae.models import make_model, words
from vae.training.distributed import Team
from vae.training.update import Updater

ROUNDS, UPDATES = 11, 4
LENGTHS = (6, 8, 10, 14)
PATHS = {"plain": 10**9, "chunks": words.LARGE}
"""Words from which on the softmax goes by chunks."""


def batches(vocabulary: int, n_tokens: int) -> list[torch.Tensor]:
    """A batch of each length."""
    generator, chance = torch.Generator().manual_seed(1), 1 / torch.arange(4.0, vocabulary)
    shapes = [(n_tokens // length, length) for length in LENGTHS]
    return [
        4 + torch.multinomial(chance, b * t, True, generator=generator).view(b, t)
        for b, t in shapes
    ]


def tokens_per_second(updater: Updater, seen: list[torch.Tensor]) -> tuple[float, float]:
    """By the clock, and by the processor's time, which others who use the machine do not take."""
    wall, processor = time.perf_counter(), time.process_time()
    for tokens in seen:
        updater.update(tokens, 0.5, 1e-3)
    count = sum(tokens.numel() for tokens in seen)
    return count / (time.perf_counter() - wall), count / (time.process_time() - processor)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vocabulary", type=int, default=9_800)
    parser.add_argument("--tokens", type=int, default=2_048)
    parser.add_argument("--precision", default="bf16")
    parser.add_argument("--architecture", default="recurrent")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    made = options.architecture
    sizes = ModelConfig(
        options.vocabulary, architecture=made, encoder_hidden=256, decoder_hidden=256
    )
    config = TrainConfig(precision=options.precision)
    updaters = {path: Updater(make_model(sizes), config, Team()) for path in PATHS}
    seen = batches(options.vocabulary, options.tokens)
    speeds: dict[str, list[tuple[float, float]]] = {path: [] for path in PATHS}
    for _ in range(1 + ROUNDS):
        for path, words.LARGE in PATHS.items():
            speeds[path].append(tokens_per_second(updaters[path], seen))
    for path, found in speeds.items():
        clock, processor = (median(s[i] for s in found[1:]) for i in (0, 1))
        print(f"{path:>6}: {clock:8,.0f} tokens a second, {processor:8,.0f} of processor time")
    pairs = list(zip(speeds["chunks"][1:], speeds["plain"][1:], strict=True))
    by_clock, by_processor = (sorted(a[i] / b[i] for a, b in pairs) for i in (0, 1))
    print(
        f"{made}, {options.vocabulary:,} words, {options.tokens:,} tokens, {options.precision}, "
        f"{options.threads} threads, load {os.getloadavg()[0]:.1f}: median ratio of {ROUNDS} "
        "rounds "
        f"{median(by_clock):.2f} ({by_clock[0]:.2f} to {by_clock[-1]:.2f}), by processor time "
        f"{median(by_processor):.2f}"
    )


if __name__ == "__main__":
    main()
