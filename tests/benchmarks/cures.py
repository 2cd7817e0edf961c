"""Every cure for posterior collapse beside the plain VAE: same text, seed, sizes and epochs.

A language model with the same decoder says what a latent space costs, and the control what the slow
start of some cures gives alone; the mean difference of the two is of pairs of sentences.

Each is trained by the command that a person would use, and measured by its `evaluation.json`.
Run by hand: python -m tests.benchmarks.cures ../shared/data/clinc150.csv --out /tmp/cures
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch

from vae.diagnostics.bootstrap import Floats, bootstrap_mean
from vae.diagnostics.likelihood import bound
from vae.explorer import Explorer
from vae.i18n.numbers import PLUS_MINUS, mean_plus_minus, plus_minus
from vae.runs.store import RunDirectory
from vae.studies.evaluation import IW_SAMPLES, MOST_SENTENCES
from vae.studies.sentences import corpus_of, drawn
from vae.studies.summary import figures_of
from vae.training.cures import CURES

_AT_ONCE = 200

LANGUAGE_MODEL, CONTROL = "language model", "linear annealing alone"
BESIDE = {
    LANGUAGE_MODEL: ["--latent-dim", "0"],
    CONTROL: ["--beta-schedule", "linear", "--beta-warmup", "0.5"],
}
"""Runs without a cure, by the settings in which they differ from the plain one."""


def train(corpus: str, run: RunDirectory, cure: str, settings: list[str]) -> None:
    """One run of its own process, unless it is there already."""
    if run.has("evaluation.json"):
        return
    command = [sys.executable, "-m", "vae", "train", corpus, "--out", str(run.path)]
    cured = ["--cure", "none" if cure in BESIDE else cure, *BESIDE.get(cure, [])]
    subprocess.run([*command, *cured, *settings], check=True)


def row(run: RunDirectory, title: str) -> str:
    """A line of a Markdown table."""
    e, status = figures_of(run) or {}, run.read_json("status.json")
    least = "≥ " if e["mutual_information_falls_short"] else ""
    return (
        f"| {title} | {mean_plus_minus(e['nll_iw'], e['nll_iw_standard_error'])} | {e['ppl']:.1f} "
        f"| {e['rate']:.2f} | {least}{e['mutual_information']:.2f} | {e['active_units']} "
        f"| {status['seconds'] / 60:.1f} |"
    )


def directory(out: Path, cure: str) -> RunDirectory:
    """Where the run of a cure is."""
    return RunDirectory(out / cure.replace(" ", "-"))


def negative_log(run: RunDirectory) -> Floats:
    """(N,) the bound of each sentence of the evaluation, anew: a run keeps that of a few."""
    explorer = Explorer.load(run)
    sample = drawn(corpus_of(explorer), "test", MOST_SENTENCES, 0).sentences
    draws = IW_SAMPLES if explorer.latent_dim else 1
    found = []
    for i in range(0, len(sample), _AT_ONCE):
        part = sample[i : i + _AT_ONCE]
        generator = torch.Generator().manual_seed(i)
        weights = explorer.importance_weights(part, explorer.encode(part), draws, generator)
        found.append(bound(weights, draws))
    return np.concatenate(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--preset", default="quick")
    parser.add_argument("--epochs", default="15")
    parser.add_argument("--threads", default="1")
    parser.add_argument("--only", nargs="*", default=["none", *BESIDE, *CURES])
    options = parser.parse_args()
    settings = ["--preset", options.preset, "--epochs", options.epochs]
    settings += ["--threads", options.threads]
    for cure in options.only:
        train(options.corpus, directory(options.out, cure), cure, settings)
    print(f"{PLUS_MINUS} With ≥ the estimate of an MI falls short.\n")
    print("| | NLL | PPL | rate | MI | active units | minutes |\n|---|--:|--:|--:|--:|--:|--:|")
    for cure in options.only:
        title = str(CURES[cure].title) if cure in CURES else cure.replace("none", "plain VAE")
        print(row(directory(options.out, cure), title))
    if set(BESIDE) <= set(options.only):
        least, other = (negative_log(directory(options.out, each)) for each in BESIDE)
        found = bootstrap_mean(other - least, np.random.default_rng(0))
        print(f"\n{CONTROL} less the {LANGUAGE_MODEL}, in pairs: {plus_minus(found)} nats")


if __name__ == "__main__":
    main()
