"""`python -m vae encode`: the posteriors of sentences, as Parquet."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from vae.commands.console import bar, say, writing
from vae.commands.options import add_columns, add_run, only_columns_of_shards, read_data
from vae.errors import UserError
from vae.i18n import _, message

if TYPE_CHECKING:
    from vae.explorer import Explorer

HELP = message("posteriors of a file's sentences, as Parquet")


def add_options(parser: ArgumentParser) -> None:
    """A run, a file or a folder to read, where to write, and by what."""
    add_run(parser)
    parser.add_argument(
        "file",
        type=Path,
        help=_("sentences: .txt .csv .tsv .jsonl .parquet, or a directory of .parquet shards"),
    )
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        help=_("the Parquet file to write; of shards, the directory"),
    )
    parser.add_argument(
        "--engine",
        choices=("here", "ray"),
        default="here",
        help=_("what encodes shards: this process, or Ray on this machine or a cluster"),
    )
    parser.add_argument("--workers", type=int, help=_("processes of Ray (default: one a core)"))
    add_columns(parser)


def run(options: Namespace) -> None:
    """Write a row a sentence: labels, unknown words, rate (nats), mean and log variance."""
    from vae.explorer import Explorer

    explorer = Explorer.load(options.run)
    if options.file.is_dir():
        _folder(options, explorer)
        return
    if options.engine != "here" or options.workers is not None:
        raise UserError(
            "{file} is one file, which this process encodes. Ray takes a directory of .parquet "
            "shards.",
            file=options.file,
        )
    _file(options, explorer)


def _file(options: Namespace, explorer: Explorer) -> None:
    import pandas as pd

    from vae.cache import replacing
    from vae.encoding import posterior_columns

    progress = bar()
    corpus = read_data(options, options.file, explorer, progress)
    posterior = explorer.encode(corpus.sentences, progress=progress)
    columns = posterior_columns(explorer, corpus.sentences, posterior, corpus.labels)
    # What is missing is null, and no word that a value may be.
    columns |= {name: [v or None for v in values] for name, values in corpus.labels.items()}
    with writing(options.out), replacing(options.out) as temporary:
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


def _folder(options: Namespace, explorer: Explorer) -> None:
    import os

    from vae.corpora.files import MAX_WORDS
    from vae.corpora.reasons import counted
    from vae.corpora.shards import open_shards
    from vae.encoding import Encoding, encode_folder
    from vae.encoding.folder import here
    from vae.encoding.on_ray import on_ray

    only_columns_of_shards(options)
    if options.engine == "here" and options.workers is not None:
        raise UserError("--workers are those of Ray: give --engine ray too, or leave it out.")
    workers = options.workers if options.workers is not None else os.cpu_count() or 1
    engine = here if options.engine == "here" else on_ray(workers)
    shards = open_shards(options.file, options.text, options.labels, MAX_WORDS)
    made = Encoding(explorer, shards, options.out)
    with writing(options.out):
        n, dropped = encode_folder(made, engine, bar())
    if dropped:
        say(_("Left out: {reasons}.", reasons=counted(dropped)))
    say(_("{n:,} sentences in {file}.", n=n, file=str(options.out)))
