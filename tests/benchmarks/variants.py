"""Which variant of a model keeps the factors apart? Run directories beside each other.

The first run is what the others are compared with. All are measured on the same held-out
sentences; an interval is over seeds, and so is that of a difference, of equal rows. The worst
probe is cross-validated. DCI is high as well where little is told: a variant is better only where
its informativeness and its worst probe hold.

Run by hand: python -m tests.benchmarks.variants runs/plain runs/turned ...
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any

import numpy as np

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

COMPARED = ("dci_disentanglement", "dci_disentanglement_held_out")
SCORES = (*COMPARED, "dci_informativeness", "mig_neighbours")


@dataclass(frozen=True)
class Row:
    """What one run has: scores of each seed, of `rows` sentences out of `of_rows`, and the rest."""

    name: str
    rows: int
    of_rows: int
    scores: dict[str, list[float]]
    rate: float
    active: int
    worst: str


def measured(name: str, corpora: dict[str, Corpus], seeds: int, rows: int) -> Row:
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
    return Row(
        explorer.run.path.name,
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


def told(row: Row, score: str) -> str:
    each = over_seeds(row.scores[score], row.rows, row.of_rows)
    return f"{each.value:.3f} ({each.low:.3f} to {each.high:.3f})"


def difference(first: Row, row: Row, score: str) -> str:
    """How far a run is ahead, seed by seed; halved and moved, so that it lies in 0 to 1."""
    if row is first or (row.rows, row.of_rows) != (first.rows, first.of_rows):
        return ""
    pairs = zip(first.scores[score], row.scores[score], strict=True)
    each = over_seeds([(b - a + 1) / 2 for a, b in pairs], row.rows, row.of_rows)
    value, low, high = (2 * v - 1 for v in (each.value, each.low, each.high))
    return f"{value:+.3f} ({low:+.3f} to {high:+.3f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", nargs="+")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=3_000, help="sentences that each seed sees")
    options = parser.parse_args()
    corpora: dict[str, Corpus] = {}
    table = [measured(name, corpora, options.seeds, options.rows) for name in options.runs]
    heads = ["run", "DCI, impurity", "DCI, held out", "informativeness", "MIG, neighbours"]
    heads += [f"{name} against the first" for name in heads[1:3]]
    heads += ["worst probe", "rate", "active units"]
    print("| " + " | ".join(heads) + " |")
    print("|---" * len(heads) + "|")
    for row in table:
        cells = [told(row, score) for score in SCORES]
        cells += [difference(table[0], row, score) for score in COMPARED]
        cells += [row.worst, f"{row.rate:.2f}", str(row.active)]
        print(f"| {row.name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
