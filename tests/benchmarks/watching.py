"""What it costs to be watched: logging, checkpoints and snapshots against a bare training loop.

Both train the same model on the same batches from the same seed. The watched one is a session as
the app starts it: every event a line of metrics.jsonl, a heartbeat, checkpoints, snapshots of
1,000 posterior means with decoded sentences. The bare one runs the loop and drops its events; it
takes no snapshot. Both validate. Rounds alternate, as the machine is never still.
Run by hand: python -m tests.benchmarks.watching
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

import torch

from vae.config import RunConfig
from vae.corpora import load
from vae.training import setup
from vae.training.presets import preset
from vae.training.session import Session


def session(config: RunConfig, corpus, folder: Path) -> Session:
    return setup.start(folder, corpus, config)


def bare(config: RunConfig, corpus, folder: Path) -> float:
    run = session(
        RunConfig(config.data, config.model, replace(config.train, snapshots=0)), corpus, folder
    )
    began = time.perf_counter()
    for _ in run.trainer.run():
        pass
    return time.perf_counter() - began


def watched(config: RunConfig, corpus, folder: Path) -> float:
    run = session(config, corpus, folder)
    began = time.perf_counter()
    with run.alive():
        run.train()
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sentences", type=int, default=20_000)
    parser.add_argument("--preset", default="demonstration")
    parser.add_argument("--steps", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    torch.set_num_threads(1)
    corpus = load("factors", n=options.sentences)
    base = preset(options.preset)
    train = replace(
        base.train, steps=options.steps, epochs=1_000, patience=0, precision="fp32", threads=1
    )
    config = RunConfig(base.data, base.model, train)
    ratios = []
    for number in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder:
            order = [bare, watched] if number % 2 == 0 else [watched, bare]
            took = {f: f(config, corpus, Path(folder) / f.__name__) for f in order}
        ratios.append(took[watched] / took[bare])
        print(f"bare {took[bare]:6.1f} s  watched {took[watched]:6.1f} s  {ratios[-1]:.3f}")
    print(f"median ratio {median(ratios):.3f} of {options.rounds} rounds (target 1.05)")


if __name__ == "__main__":
    main()
