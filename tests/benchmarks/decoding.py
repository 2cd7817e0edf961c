"""Decoding 21 points of a path in one batch against one by one. Run by hand, with a run's name."""

from __future__ import annotations

import argparse
import time
from statistics import median

import torch

from vae import Explorer

POINTS, ROUNDS = 21, 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", nargs="?", default="factors")
    explorer = Explorer.load(parser.parse_args().run)
    ratios = []
    for seed in range(ROUNDS):
        ends = explorer.sample_prior(2, torch.Generator().manual_seed(seed))
        points = explorer.interpolate(ends[0], ends[1], POINTS)
        z = torch.stack([p.z for p in points])
        began = time.perf_counter()
        singly = [explorer.decode(z[i : i + 1])[0] for i in range(POINTS)]
        middle = time.perf_counter()
        together = explorer.decode(z)
        ended = time.perf_counter()
        assert singly == together, "a sentence depends on its neighbours in the batch"
        ratios.append((middle - began) / (ended - middle))
    print(
        f"{explorer.name}: {POINTS} points in one batch are {median(ratios):.1f} times as fast as "
        f"one by one (median of {ROUNDS} paths; {min(ratios):.1f} to {max(ratios):.1f})"
    )


if __name__ == "__main__":
    main()
