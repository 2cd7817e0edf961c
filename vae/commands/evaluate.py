"""`python -m vae evaluate`: a run measured on held-out sentences."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vae.commands.console import at_least, bar, print_json, print_table, say
from vae.commands.options import (
    add_columns,
    add_json,
    add_likelihood,
    add_run,
    add_seed,
    no_columns,
    read_data,
)
from vae.i18n import _, message
from vae.i18n.numbers import number

HELP = message("measure a run on held-out sentences")


def add_options(parser: ArgumentParser) -> None:
    """A run, sentences of one's own, and how much is measured."""
    add_run(parser)
    parser.add_argument("--data", type=Path, help=_("all sentences of this file instead"))
    add_columns(parser)
    add_likelihood(parser)
    add_seed(parser)
    add_json(parser)


def run(options: Namespace) -> None:
    """Measure a run; without a file of its own, store the result with the run."""
    from vae import corpora
    from vae.explorer import Explorer
    from vae.studies.evaluation import FILE, evaluate
    from vae.studies.summary import figures

    explorer = Explorer.load(options.run)
    facts = explorer.facts()["corpus"]
    progress = bar()
    at_least(options.iw_samples, 1, "--iw-samples")
    at_least(options.most, 1, "--most")
    if options.data is not None:
        corpus = read_data(options, options.data, explorer, progress)
        split = "all"
    else:
        no_columns(options)
        corpus = corpora.rebuild(facts["source"], progress)
        split = "test"
    result = evaluate(
        explorer,
        corpus,
        split=split,
        seed=options.seed,
        iw_samples=options.iw_samples,
        most_sentences=options.most,
        progress=progress,
    )
    if options.data is None:
        if corpus.digest == facts["digest"]:
            explorer.run.write_json(FILE, result.to_dict())
        else:
            say(
                _(
                    "The corpus on this machine differs from the one that '{run}' was trained on: "
                    "these figures are of this machine's, and are not stored.",
                    run=explorer.name,
                )
            )
    told = figures(result)
    if options.json:
        print_json({**told, **result.to_dict()})
        return
    print(result.sentence)
    shown = (key for key in told if _is_figure(told[key]) and not key.endswith("_above"))
    print_table((key, _figure(told, key)) for key in shown)


def _is_figure(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _figure(result: Mapping[str, Any], key: str) -> str:
    from vae.diagnostics.information import lower_bound
    from vae.diagnostics.likelihood import perplexity_said

    value = result[key]
    if value is None:
        return perplexity_said(None) if f"{key}_above" in result else _("not available")
    figure = number(value, ".4f" if isinstance(value, float) else ",")
    # Near its ceiling the estimator falls short: then the figure is a lower bound.
    ceiling = result.get(f"{key}_ceiling")
    return figure if ceiling is None else lower_bound(figure, value, ceiling)
