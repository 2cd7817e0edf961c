"""A large vocabulary: the softmax by chunks against all logits of a batch at once.

The baseline is the plain path of before, which small vocabularies still take. Both do the same work
in turns, in one run; words are drawn by Zipf's law, since only their number counts. Training:
tokens a second, target 1.6x. Likelihood: seconds for K draws of each sentence, target 0.5x.
Run by hand: python -m tests.benchmarks.softmax training|likelihood [--threads N]
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median

import torch

from vae.batching import group_by_length
from vae.config import ModelConfig, TrainConfig
from vae.inference import encode_all, log_importance_weights
from vae.models import make_model, words
from vae.training.distributed import Team
from vae.training.update import Updater

TRIALS, SENTENCES_A_TRIAL = 11, 100
LENGTHS = (6, 8, 10, 14)
PATHS = {"plain": 10**9, "chunks": words.LARGE}
"""Words from which on the softmax goes by chunks."""
Seconds = tuple[float, float]


def drawn(vocabulary: int, shape: tuple[int, int], generator: torch.Generator) -> torch.Tensor:
    """Words of a shape."""
    chance = 1 / torch.arange(4.0, vocabulary)
    flat = torch.multinomial(chance, shape[0] * shape[1], True, generator=generator)
    return 4 + flat.view(shape)


def timed(work: Callable[[], object]) -> Seconds:
    """By the clock, and by the processor's time, which others who use the machine do not take."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - processor


def in_turns(work: dict[str, Callable[[int], object]], trials: int) -> dict[str, list[Seconds]]:
    """Seconds of each trial on each path; the first of each warms up."""
    found: dict[str, list[Seconds]] = {path: [] for path in PATHS}
    for trial in range(-1, trials):
        for path, words.LARGE in PATHS.items():
            found[path].append(timed(partial(work[path], max(0, trial))))
    return {path: seconds[1:] for path, seconds in found.items()}


def training(sizes: ModelConfig, options: argparse.Namespace) -> dict[str, list[Seconds]]:
    """Seconds for a batch of each length."""
    config, generator = TrainConfig(precision=options.precision), torch.Generator().manual_seed(1)
    updaters = {path: Updater(make_model(sizes), config, Team()) for path in PATHS}
    shapes = [(options.tokens // length, length) for length in LENGTHS]
    batches = [drawn(sizes.vocabulary_size, shape, generator) for shape in shapes]

    def updates(path: str) -> Callable[[int], object]:
        return lambda trial: [updaters[path].update(tokens, 0.5, 1e-3) for tokens in batches]

    return in_turns({path: updates(path) for path in PATHS}, TRIALS)


def likelihood(sizes: ModelConfig, options: argparse.Namespace) -> dict[str, list[Seconds]]:
    """Seconds for some of the sentences, encoder included; all of them in all."""
    generator, model = torch.Generator().manual_seed(1), make_model(sizes).eval()
    trials = options.sentences // SENTENCES_A_TRIAL
    shapes = [(options.sentences // len(LENGTHS) // trials, length) for length in LENGTHS]
    parts = [
        group_by_length(
            [
                ids
                for shape in shapes
                for ids in drawn(sizes.vocabulary_size, shape, generator).tolist()
            ]
        )
        for _ in range(trials)
    ]

    def weights(trial: int) -> object:
        posterior = encode_all(model, parts[trial])
        draws = torch.Generator().manual_seed(0)
        return log_importance_weights(model, parts[trial], posterior, options.draws, draws)

    return in_turns(dict.fromkeys(PATHS, weights), trials)


def ratios(found: dict[str, Sequence[Seconds]], of: int) -> list[float]:
    """Seconds by chunks in those of the plain path, in each trial."""
    return sorted(a[of] / b[of] for a, b in zip(found["chunks"], found["plain"], strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("training", "likelihood"))
    parser.add_argument("--vocabulary", type=int, default=9_800)
    parser.add_argument("--tokens", type=int, default=2_048)
    parser.add_argument("--sentences", type=int, default=2_000)
    parser.add_argument("--draws", type=int, default=100)
    parser.add_argument("--precision", default="bf16")
    parser.add_argument("--architecture", default="recurrent")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    sizes = ModelConfig(
        options.vocabulary,
        architecture=options.architecture,
        encoder_hidden=256,
        decoder_hidden=256,
    )
    work = training if options.what == "training" else likelihood
    found = work(sizes, options)
    for path, seconds in found.items():
        clock, processor = (sum(s[i] for s in seconds) for i in (0, 1))
        print(f"{path:>6}: {clock:.1f} s, {processor:.1f} s of processor time")
    clock, processor = (ratios(found, i) for i in (0, 1))
    print(f"{vars(options)}, load {os.getloadavg()[0]:.1f}, {len(clock)} trials")
    print(
        f"seconds by chunks in those of the plain path, median {median(clock):.2f} "
        f"({clock[0]:.2f} to {clock[-1]:.2f}), by processor time {median(processor):.2f}; "
        f"speed {1 / median(clock):.2f}x"
    )


if __name__ == "__main__":
    main()
