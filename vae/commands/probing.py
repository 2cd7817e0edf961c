"""`python -m vae probe` and `disentanglement`: what a code holds, and whether it keeps it apart."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from typing import Any

from vae import studies
from vae.commands.console import bar, describe, print_json, say
from vae.corpora import codes as tables
from vae.corpora import files
from vae.diagnostics import disentanglement as metrics
from vae.diagnostics.probes import LabelProbe
from vae.errors import UserError
from vae.explorer import Explorer
from vae.studies import probes as study
from vae.studies.disentanglement import as_json
from vae.studies.sentences import corpus_of

_MOST_SEEDS = 50


def probe(options: Namespace) -> None:
    """Probe every label; without a file of its own, the study of the run is shown, or made."""
    explorer = Explorer.load(options.run)
    progress = bar()
    if options.data is not None:
        corpus = files.read_file(
            options.data, text=options.text, labels=options.labels, minimum=1, progress=progress
        )
        describe(corpus)
        found = study.read(study.measure_file(explorer, corpus, options.seed, progress))
    else:
        found = study.read(_study(explorer, options))
    for label, reason in found.left_out.items():
        say(f"Left out: {label} ({reason}).")
    if options.json:
        print_json({label: _as_json(each) for label, each in found.labels.items()})
        return
    print(f"{found.which}, {found.folds} folds; 95% intervals over sentences.")
    print(f"{'':<24}{'':>9}{'linear':>8}{'':>18}{'nearest':>9}{'shuffled':>10}{'majority':>10}")
    for label, each in found.labels.items():
        linear = each.linear
        print(
            f"{label[:23]:<24}{each.metric:>9}{linear.value:>8.3f}"
            f"{f'{linear.low:.3f} to {linear.high:.3f}':>18}{each.neighbours.value:>9.3f}"
            f"{each.shuffled.value:>10.3f}{each.majority:>10.3f}"
        )


def _study(explorer: Explorer, options: Namespace) -> Mapping[str, Any]:
    if options.text is not None or options.labels is not None:
        raise UserError("--text and --labels name columns of a file: give it with --data.")
    found = studies.read(explorer.run, "probes") if options.seed == 0 else None
    if found is not None:
        return found
    progress = bar()
    corpus = corpus_of(explorer, progress)
    if options.seed != 0:
        return study.measure(explorer, corpus, options.seed, progress)
    return studies.make(explorer, corpus, "probes", progress=progress)


def _as_json(each: LabelProbe) -> dict[str, Any]:
    return {
        "kind": each.kind,
        each.metric: each.linear.value,
        "ci": [each.linear.low, each.linear.high],
        "level": each.linear.level,
        "n": each.n,
        "classes": each.classes,
        "majority": each.majority,
        "shuffled": each.shuffled.value,
        "shuffled_ci": [each.shuffled.low, each.shuffled.high],
        "neighbours": each.neighbours.value,
        "neighbours_ci": [each.neighbours.low, each.neighbours.high],
    }


def disentanglement(options: Namespace) -> None:
    """Measure any representation from two files: codes, and the factors that they stand for."""
    if not 2 <= options.seeds <= _MOST_SEEDS:
        raise UserError(f"--seeds is {options.seeds}; choose from 2 to {_MOST_SEEDS}.")
    codes, factors = tables.read_codes(options.codes), tables.read_factors(options.factors)
    for what, index in ((options.codes, codes.index), (options.factors, factors.index)):
        if index:
            say(f"Column '{index}' of {what} only counts the rows, and is left out.")
    representation = metrics.Representation.of(codes.values, factors.columns)
    scores = metrics.measure(representation, seed=options.seed, seeds=options.seeds, progress=bar())
    result = as_json(scores, representation)
    if scores.not_fixed:
        say(f"Too few rows of a value to hold fixed: {', '.join(scores.not_fixed)}.")
    for factor, others in result["dependent"].items():
        told = ", ".join(f"{other} {share:.0%}" for other, share in others.items())
        say(f"Factor '{factor}' depends on others; share of its entropy they tell: {told}.")
    if options.json:
        print_json(
            {
                name: {
                    "value": each.value,
                    "ci": [each.low, each.high],
                    "level": each.level,
                    "seeds": each.n,
                    "n": scores.rows,
                    "what": str(metrics.WHAT[name]),
                }
                for name, each in scores.metrics.items()
            }
        )
        return
    print(
        f"{codes.values.shape[1]} dimensions, {len(representation.names)} factors; "
        f"{options.seeds} seeds of {scores.rows:,} rows each, of {scores.of_rows:,}; "
        "95% intervals."
    )
    for name, each in scores.metrics.items():
        interval = f"{each.low:.4f} to {each.high:.4f}"
        print(f"{name:<32}{each.value:>8.4f}{interval:>20}  {metrics.WHAT[name]}")
