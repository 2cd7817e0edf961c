"""Which variant of a model keeps the factors apart? The table of assets/docs/measurements.md.

A row is a variant: its trainings with several seeds, after its name. All are measured on the same
held-out sentences, each score as the mean over draws of rows and of forests. The 95% interval is
Student's t over the trainings; of one training it is over those draws, which says less. The worst
probe, of the posterior mean, is cross-validated. DCI by held-out loss is high as well where little
is told: a variant is better only where its informativeness and its worst probe hold.

Run by hand: python -m tests.benchmarks.variants "plain VAE=runs/p0,runs/p1,runs/p2" ...
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import t as student

from vae.corpora.corpus import Corpus
from vae.diagnostics.disentanglement import over_seeds
from vae.diagnostics.disentanglement.importance import importance, importance_scores
from vae.diagnostics.disentanglement.information import gap, neighbour_information
from vae.diagnostics.disentanglement.representation import Representation
from vae.diagnostics.information import active_units
from vae.explorer import Explorer
from vae.progress import silent
from vae.studies import probes
from vae.studies.disentanglement import factors_of
from vae.studies.labelled import held_out, means_of
from vae.studies.sentences import corpus_of

SCORES = {
    "dci_disentanglement": "DCI, by impurity",
    "dci_disentanglement_held_out": "DCI, by held-out loss",
    "dci_informativeness": "informativeness",
    "mig_neighbours": "MIG, neighbours",
}


@dataclass(frozen=True)
class Training:
    """What one run has: scores of each seed, of `rows` sentences out of `of_rows`, and the rest."""

    rows: int
    of_rows: int
    scores: dict[str, list[float]]
    rate: float
    active: int
    worst: str


def measured(name: str, corpora: dict[str, Corpus], seeds: int, rows: int) -> Training:
    """One run; the corpus is made once for all runs that share it."""
    explorer = Explorer.load(name)
    source = str(sorted(explorer.facts()["corpus"]["source"].items()))
    if source not in corpora:
        corpora[source] = corpus_of(explorer)
    corpus = corpora[source]
    sample, _ = held_out(corpus, 3 * rows, seed=0)
    posterior = explorer.encode(sample.sentences)
    codes = means_of(explorer, sample.sentences, silent)
    whole = Representation.of(codes, factors_of(sample.labels)[0])
    size = min(rows, len(whole) // 2)
    scores: dict[str, list[float]] = {name: [] for name in SCORES}
    for seed in range(seeds):
        rng = np.random.default_rng([0, seed])
        part = whole.rows(rng.choice(len(whole), size, replace=False))
        found = importance_scores(importance(part, rng))
        found["mig_neighbours"] = gap(neighbour_information(part), part.entropies)
        for score in SCORES:
            scores[score].append(found[score])
    return Training(
        size,
        len(whole),
        scores,
        float(posterior.kl().mean()),
        active_units(posterior.mean),
        _worst(probes.measure(explorer, corpus)),
    )


def _worst(result: dict[str, Any]) -> str:
    named = {n: p["linear"] for n, p in result["labels"].items() if p["metric"] == "accuracy"}
    worst = min(named, key=lambda name: named[name]["value"])
    return f"{worst} {named[worst]['value']:.3f}"


def told(trainings: list[Training], score: str) -> str:
    """A score of a variant with its interval, as "0.34 [0.29, 0.39]"."""
    means = [float(np.mean(each.scores[score])) for each in trainings]
    if len(means) == 1:
        (one,) = trainings
        found = over_seeds(one.scores[score], one.rows, one.of_rows)
        value, low, high = found.value, found.low, found.high
    else:
        value, error = float(np.mean(means)), float(np.std(means, ddof=1)) / len(means) ** 0.5
        reach = float(student.ppf(0.975, len(means) - 1)) * error
        low, high = max(0.0, value - reach), min(1.0, value + reach)
    return f"{value:.2f} [{low:.2f}, {high:.2f}]"


def line(name: str, trainings: list[Training]) -> str:
    """A row of the table."""
    rate = float(np.mean([each.rate for each in trainings]))
    units = " ".join(str(each.active) for each in trainings)
    worst = ", ".join(each.worst for each in trainings)
    cells = [name, *(told(trainings, score) for score in SCORES), worst, f"{rate:.2f}", units]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("variants", nargs="+", metavar="NAME=RUN,RUN")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=3_000, help="sentences that each seed sees")
    options = parser.parse_args()
    corpora: dict[str, Corpus] = {}
    heads = ["", *SCORES.values(), "worst probe of the mean", "rate, nats", "active units"]
    print(f"| {' | '.join(heads)} |\n|---|{'--:|' * (len(heads) - 1)}")
    for variant in options.variants:
        name, _, runs = variant.partition("=")
        each = (runs or name).split(",")
        trainings = [measured(run, corpora, options.seeds, options.rows) for run in each]
        print(line(name, trainings), flush=True)


if __name__ == "__main__":
    main()
