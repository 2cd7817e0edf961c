"""The pairs of the Collapse clinic as its page trains them: the plain VAE beside every cure.

Some cures let beta rise as well, so that a control does that and nothing else. Each run is trained
by the command of the page, and measured as briefly; seconds are those of one process on one core.
Run by hand: OMP_NUM_THREADS=1 python -m tests.benchmarks.clinic --out /tmp/clinic
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from vae.diagnostics.clinic import clinic_verdict
from vae.i18n.numbers import PLUS_MINUS, mean_plus_minus
from vae.runs.store import RunDirectory
from vae.studies.summary import figures_of
from vae.training.clinic import SENTENCES, clinic_pair
from vae.training.cures import CURES

CONTROL = "linear annealing alone"
HEADS = (
    *("", "rate", "MI", "active units", "NLL bound", "last doubling", "against plain"),
    *("verdict", "training, s", "measuring, s", "both, s of CPU"),
)


def arguments(name: str, seed: int) -> tuple[str, ...]:
    """The settings of a run, as the page gives them."""
    plain, cured = clinic_pair(name if name in CURES else next(iter(CURES)), seed)
    if name in CURES:
        return cured.arguments
    rising = ("--beta-schedule=linear", "--beta-warmup=0.5") if name == CONTROL else ()
    return (*plain.arguments, *rising)


def train(run: RunDirectory, corpus: str, settings: tuple[str, ...]) -> None:
    """One run of its own process, unless it is there already."""
    if run.has("evaluation.json"):
        return
    command = [sys.executable, "-m", "vae", "train", corpus, "--out", str(run.path)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run([*command, "--sentences", str(SENTENCES), *settings], check=True)
    spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    (run.path / "cpu.txt").write_text(f"{spent:.0f}")


def row(run: RunDirectory, plain: dict[str, Any], title: str) -> str:
    """A line of a Markdown table."""
    e = figures_of(run) or {}
    ends = {m["event"]: m for m in run.read_metrics()}
    status, trained = run.read_json("status.json"), ends["end"]["seconds"]
    judged = clinic_verdict(plain, e)
    own = e == plain
    outcome = ("collapsed" if judged.plain_collapsed else "no collapse") if own else judged.outcome
    cells = (
        title,
        f"{e['rate']:.2f}",
        f"{'≥ ' * bool(e.get('mutual_information_falls_short'))}{e['mutual_information']:.2f}",
        f"{e['active_units']} of {e['latent_dim']}",
        mean_plus_minus(e["nll_iw"], e["nll_iw_standard_error"]),
        f"{e['nll_iw_half'] - e['nll_iw']:.3f}",
        "" if own else judged.likelihood,
        outcome,
        f"{trained:.0f}",
        f"{status['heartbeat'] - ends['end']['time']:.0f}",
        (run.path / "cpu.txt").read_text(),
    )
    return f"| {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", default="factors")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=["plain", CONTROL, *CURES])
    options = parser.parse_args()
    names = list(dict.fromkeys(["plain", *options.only]))
    for seed in range(options.seeds):
        runs = {n: RunDirectory(options.out / f"{n.replace(' ', '-')}-{seed}") for n in names}
        for name, run in runs.items():
            train(run, options.corpus, arguments(name, seed))
        plain = figures_of(runs["plain"]) or {}
        drawn, n = plain["iw_samples"], plain["n_sentences"]
        print(f"\nSeed {seed}; bound with K = {drawn} on {n} sentences; {PLUS_MINUS}\n")
        print(f"| {' | '.join(HEADS)} |\n|---|{'--:|' * 5}---|---|{'--:|' * 3}")
        for name, run in runs.items():
            print(row(run, plain, CURES[name].title if name in CURES else name))


if __name__ == "__main__":
    main()
