"""`python -m vae encode`: the posteriors of a file of sentences, as Parquet."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from vae.commands.console import bar, say
from vae.commands.options import add_columns, add_run, read_data
from vae.i18n import _, message

HELP = message("posteriors of a file's sentences, as Parquet")


def add_options(parser: ArgumentParser) -> None:
    """A run, a file to read and a file to write."""
    add_run(parser)
    parser.add_argument("file", type=Path, help=_("sentences: .txt .csv .tsv .jsonl .parquet"))
    parser.add_argument("--out", type=Path, required=True, help=_("the Parquet file to write"))
    add_columns(parser)


def run(options: Namespace) -> None:
    """Write a row a sentence: labels, unknown words, rate (nats), mean and log variance.

    A model that keeps a point has the mean alone, which is its code.
    """
    import pandas as pd

    from vae.cache import replacing
    from vae.explorer import Explorer

    explorer = Explorer.load(options.run)
    progress = bar()
    corpus = read_data(options, options.file, explorer, progress)
    posterior = explorer.encode(corpus.sentences, progress=progress)
    columns: dict[str, Any] = {"sentence": corpus.sentences}
    # What is missing is null, and no word that a value may be.
    columns |= {name: [v or None for v in values] for name, values in corpus.labels.items()}
    if explorer.tells_unknown:
        columns["unknown_words"] = [" ".join(explorer.unknown_words(s)) for s in corpus.sentences]
    numbers = {"mean": posterior.mean}
    if not posterior.is_point:
        columns["rate"] = posterior.kl().numpy()
        numbers["logvar"] = posterior.logvar
    for name, values in numbers.items():
        columns |= {f"{name}_{d}": values[:, d].numpy() for d in range(values.shape[1])}
    with replacing(options.out) as temporary:
        pd.DataFrame(columns).to_parquet(temporary)
    n, file = len(corpus), str(options.out)
    if explorer.tells_unknown:
        unknown = sum(map(bool, columns["unknown_words"]))
        say(
            _(
                "{n:,} sentences in {file}; {unknown:,} have unknown words.",
                n=n,
                file=file,
                unknown=unknown,
            )
        )
    else:
        say(_("{n:,} sentences in {file}.", n=n, file=file))
