"""How fast a training or a decoding goes while two other processes keep two cores busy.

Workers of two threads that wait by spinning (what OpenMP does where nobody says else), of two that
sleep (what `python -m vae` and the app set), and of one, take turns: all but one are stopped by a
signal. What others take of the machine meanwhile is measured and said; only a quiet machine gives
the figures meant. Target: 0.35x of the speed without.
Run by hand: python -m tests.benchmarks.contention training|decoding [--rounds N]
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import psutil
import torch

from vae import Explorer
from vae.config import ModelConfig, TrainConfig
from vae.models import make_model
from vae.training.distributed import Team
from vae.training.update import Updater

VOCABULARY, TOKENS, LENGTH, POINTS = 9_800, 1_024, 8, 21
BUSY = "while True: pass"
POLICY = "OMP_WAIT_POLICY"
WORKERS = {"two spin": (2, None), "two sleep": (2, "passive"), "one": (1, "passive")}
"""Threads, and how they wait for each other."""


def training() -> Callable[[], object]:
    """An update over a large vocabulary."""
    sizes = ModelConfig(VOCABULARY, encoder_hidden=256, decoder_hidden=256)
    updater = Updater(make_model(sizes), TrainConfig(precision="bf16"), Team())
    tokens = torch.randint(4, VOCABULARY, (TOKENS // LENGTH, LENGTH))
    return lambda: updater.update(tokens, 0.5, 1e-3)


def decoding() -> Callable[[], object]:
    """What a page decodes for a path."""
    explorer = Explorer.load("factors")
    path = torch.randn(POINTS, explorer.latent_dim)
    return lambda: explorer.decode(path)


KINDS = {"training": (training, TOKENS, "tokens"), "decoding": (decoding, 1, "paths")}


def work_for_good(what: str, threads: int, progress: Path) -> None:
    """A byte for each piece of work."""
    torch.set_num_threads(threads)
    piece = KINDS[what][0]()
    with progress.open("ab", buffering=0) as log:
        while True:
            piece()
            log.write(b".")


class Worker:
    """A process that works while it is not stopped."""

    def __init__(self, folder: Path, name: str, what: str) -> None:
        threads, policy = WORKERS[name]
        self.progress = folder / name
        self.progress.touch()
        kept = {k: v for k, v in os.environ.items() if k not in (POLICY, "OMP_NUM_THREADS")}
        command = [sys.executable, "-m", "tests.benchmarks.contention", what]
        command += ["--progress", str(self.progress), "--threads", str(threads)]
        self.process = subprocess.Popen(command, env=kept | ({POLICY: policy} if policy else {}))
        while self.pieces() < 2:
            time.sleep(0.1)
        self.process.send_signal(signal.SIGSTOP)

    def pieces(self) -> int:
        return self.progress.stat().st_size

    def per_second(self, seconds: float) -> float:
        before, began = self.pieces(), time.monotonic()
        self.process.send_signal(signal.SIGCONT)
        time.sleep(seconds)
        self.process.send_signal(signal.SIGSTOP)
        return (self.pieces() - before) / (time.monotonic() - began)


def cores_of_others(seconds: float) -> float:
    """How many cores all other processes use, while ours are stopped."""
    psutil.cpu_percent()
    time.sleep(seconds)
    return psutil.cpu_percent() / 100 * (os.cpu_count() or 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=KINDS)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=4.0, help="of each turn")
    parser.add_argument("--threads", type=int, default=2, help=argparse.SUPPRESS)
    parser.add_argument("--progress", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.progress:
        work_for_good(options.what, options.threads, options.progress)
    busy = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(2)]
    stop_all(busy)
    _, size, unit = KINDS[options.what]
    speeds: dict[tuple[str, bool], list[float]] = {}
    others = []
    with tempfile.TemporaryDirectory() as folder:
        workers = {name: Worker(Path(folder), name, options.what) for name in WORKERS}
        try:
            for _ in range(options.rounds):
                others.append(cores_of_others(1.0))
                for contended in (False, True):
                    for process in busy if contended else ():
                        process.send_signal(signal.SIGCONT)
                    for name, worker in workers.items():
                        found = speeds.setdefault((name, contended), [])
                        found.append(size * worker.per_second(options.seconds))
                    stop_all(busy)
        finally:
            for process in [*busy, *(w.process for w in workers.values())]:
                process.kill()
    print(f"other processes used {median(others):.1f} cores (median; {min(others):.1f} at least)")
    best = max(median(speeds[name, False]) for name in WORKERS)
    for name in WORKERS:
        alone, beside = median(speeds[name, False]), median(speeds[name, True])
        print(
            f"{name:>9}: {alone:7,.1f} {unit} a second, beside two busy processes {beside:7,.1f}: "
            f"{beside / max(alone, 1):.2f}x, {beside / best:.2f}x of the best without"
        )


def stop_all(processes: list[subprocess.Popen]) -> None:
    for process in processes:
        process.send_signal(signal.SIGSTOP)


if __name__ == "__main__":
    main()
