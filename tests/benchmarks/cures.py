"""Every cure for posterior collapse beside the plain VAE: same text, seed, sizes and epochs.

Each is trained by the command that a person would use, and measured by its `evaluation.json`.
Run by hand: python -m tests.benchmarks.cures ../shared/data/clinc150.csv --out /tmp/cures
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from vae.i18n.numbers import PLUS_MINUS, mean_plus_minus
from vae.runs.store import RunDirectory
from vae.studies.evaluation import figures_of
from vae.training.cures import CURES


def train(corpus: str, run: RunDirectory, cure: str, settings: list[str]) -> None:
    """One run of its own process, unless it is there already."""
    if run.has("evaluation.json"):
        return
    command = [sys.executable, "-m", "vae", "train", corpus, "--out", str(run.path)]
    subprocess.run([*command, "--cure", cure, *settings], check=True)


def row(run: RunDirectory, title: str) -> str:
    """A line of a Markdown table."""
    e, status = figures_of(run) or {}, run.read_json("status.json")
    least = "≥ " if e["mutual_information_falls_short"] else ""
    return (
        f"| {title} | {mean_plus_minus(e['nll_iw'], e['nll_iw_standard_error'])} | {e['ppl']:.1f} "
        f"| {e['rate']:.2f} | {least}{e['mutual_information']:.2f} | {e['active_units']} "
        f"| {status['seconds'] / 60:.1f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--preset", default="quick")
    parser.add_argument("--epochs", default="15")
    parser.add_argument("--threads", default="1")
    parser.add_argument("--only", nargs="*", default=["none", *CURES])
    options = parser.parse_args()
    settings = ["--preset", options.preset, "--epochs", options.epochs]
    settings += ["--threads", options.threads]
    for cure in options.only:
        train(options.corpus, RunDirectory(options.out / cure), cure, settings)
    print(f"{PLUS_MINUS} With ≥ the estimate of an MI falls short.\n")
    print("| | NLL | PPL | rate | MI | active units | minutes |\n|---|--:|--:|--:|--:|--:|--:|")
    for cure in options.only:
        title = CURES[cure].title if cure in CURES else "plain VAE"
        print(row(RunDirectory(options.out / cure), title))


if __name__ == "__main__":
    main()
