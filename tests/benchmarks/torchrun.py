"""Tokens a second of two torchrun processes of one thread against one process of one thread.

Both train the same model on the same batches of the same size in all, as `python -m vae train`
does: forward, backward, the sum of gradients, the update, and the question after each whether
anybody wants to stop. Rounds alternate, so that both see the same machine; it should be idle and
have two cores. Run by hand: python -m tests.benchmarks.torchrun
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import torch

from vae.batching import GroupedBatches, group_by_length
from vae.config import DataConfig, ModelConfig, TrainConfig
from vae.corpora import factors
from vae.models import make_model
from vae.tokenizer import Tokenizer
from vae.training.distributed import torchrun_team
from vae.training.update import Updater

ROOT = Path(__file__).resolve().parents[2]
TARGET = 1.6
WARM_UP = 3


def work(tokens_per_batch: int, updates: int) -> None:
    """One process's part; the first one prints tokens a second, of the whole batches."""
    torch.set_num_threads(1)
    corpus = factors.generate(40_000)
    tokenizer = Tokenizer.train(corpus.sentences, DataConfig())
    encoded = group_by_length(tokenizer.encode_batch(corpus.sentences))
    config = TrainConfig(tokens_per_batch=tokens_per_batch, precision="fp32")
    torch.manual_seed(0)
    # The vocabulary of a large corpus: its gradient is what is costly to sum.
    model = make_model(ModelConfig(vocabulary_size=10_000, max_length=64))
    with torchrun_team() as team:
        updater = Updater(model, config, team)
        batches = GroupedBatches(encoded, tokens_per_batch).epoch(0, 0)
        full = (b for b in batches if b.numel() > 0.9 * tokens_per_batch)
        for _ in range(WARM_UP):
            updater.update(next(full), 1.0, 1e-3)
        team.any(False)
        began, tokens = time.perf_counter(), 0
        for _ in range(updates):
            batch = next(full)
            updater.update(batch, 1.0, 1e-3)
            team.any(False)
            tokens += batch.numel()
        if team.rank == 0:
            print(json.dumps(tokens / (time.perf_counter() - began)))


def measure(processes: int, options: argparse.Namespace) -> float:
    """Tokens a second of so many processes."""
    torchrun = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(processes)]
    command = [sys.executable, *(torchrun if processes > 1 else []), __file__, "--work"]
    command += ["--tokens-per-batch", str(options.tokens_per_batch)]
    command += ["--updates", str(options.updates)]
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": path}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return float(json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tokens-per-batch", type=int, default=8192, help="of all processes")
    parser.add_argument("--updates", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        work(options.tokens_per_batch, options.updates)
        return
    ratios = []
    for _ in range(options.rounds):
        one, two = measure(1, options), measure(2, options)
        ratios.append(two / one)
        print(f"one {one:8,.0f}  two {two:8,.0f} tokens a second  ratio {ratios[-1]:.2f}")
    print(
        f"{options.tokens_per_batch:,} tokens a batch, {os.cpu_count()} cores: median ratio "
        f"{median(ratios):.2f} of {options.rounds} rounds (target {TARGET})"
    )


if __name__ == "__main__":
    main()
