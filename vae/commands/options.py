"""Options that several commands have, and the corpus that they ask for."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from vae.corpora.label_types import TYPES
from vae.corpora.labels_by_rule import RULES, labelled
from vae.errors import UserError
from vae.i18n import _, enumeration, listed
from vae.progress import Progress

if TYPE_CHECKING:
    from vae.corpora import Corpus
    from vae.corpora.reading import Reading
    from vae.explorer import Explorer

_MOST_WORDS = 500


class _LabelType(argparse.Action):
    """Gathers NAME=TYPE of several labels; a name may hold the sign itself."""

    def __call__(
        self, parser: ArgumentParser, namespace: Namespace, value: object, _: str | None = None
    ) -> None:
        name, sign, kind = str(value).rpartition("=")
        if not sign or not name:
            raise UserError(
                "--label-type is '{value}'; write the name of a label, the sign = and one of "
                "{types}.",
                value=str(value),
                types=enumeration(TYPES, "or"),
            )
        namespace.label_types = {**(namespace.label_types or {}), name: kind}


def add_run(parser: ArgumentParser) -> None:
    """The run to read."""
    parser.add_argument("run", help=_("a run directory, or the name of a run"))


def add_large(parser: ArgumentParser) -> None:
    """The large map of the run, in place of the usual one."""
    parser.add_argument(
        "--sentences",
        type=int,
        help=_("take the large map of so many sentences that `prepare` has made"),
    )


def add_seed(parser: ArgumentParser) -> None:
    """The seed of all that is drawn."""
    parser.add_argument("--seed", type=int, default=0, help=_("seed of every draw"))


def add_columns(parser: ArgumentParser) -> None:
    """The columns of a file."""
    parser.add_argument("--text", help=_("column of the sentences (guessed and shown without it)"))
    parser.add_argument("--labels", nargs="*", help=_("columns of the labels"))
    parser.add_argument(
        "--label-type",
        dest="label_types",
        action=_LabelType,
        metavar="NAME=TYPE",
        help=_(
            "what a label is: {types} (guessed and shown without it); once for each label",
            types=listed(TYPES, "or"),
        ),
    )
    parser.add_argument(
        "--labels-by-rule",
        choices=tuple(RULES),
        help=_("labels that are read off the sentences: mood, polarity, person and tense"),
    )
    add_reading(parser)


def add_reading(parser: ArgumentParser) -> None:
    """How a file of text is read, where it is not to be found out."""
    parser.add_argument(
        "--encoding", help=_("encoding of the file, as cp1252, gb18030 or shift_jis (else UTF-8)")
    )
    parser.add_argument(
        "--separator",
        help=_("sign between two cells: comma, semicolon, tab, bar, none or the sign itself"),
    )
    parser.add_argument(
        "--header",
        action=argparse.BooleanOptionalAction,
        help=_("the first row holds the names of the columns, or is a row like the others"),
    )
    parser.add_argument("--quote", help=_("mark around a cell: double, single or none"))


def reading(options: Namespace) -> Reading:
    """How a file of text is read, as far as the options say.

    Raises:
        UserError: an option has a value that it cannot have.
    """
    from vae.corpora.reading import Reading

    return Reading.written(options.encoding, options.separator, options.header, options.quote)


def add_json(parser: ArgumentParser) -> None:
    """The result as data."""
    parser.add_argument("--json", action="store_true", help=_("print one JSON object"))


def add_likelihood(parser: ArgumentParser) -> None:
    """How much is measured of the likelihood."""
    parser.add_argument("--iw-samples", type=int, default=100, help=_("K of the likelihood bound"))
    parser.add_argument("--most", type=int, default=2000, help=_("most sentences to measure"))


def add_progress_file(parser: ArgumentParser) -> None:
    """Where a command that the app started says how far it is."""
    parser.add_argument("--progress-file", type=Path, help=argparse.SUPPRESS)


def add_corpus(parser: ArgumentParser) -> None:
    """The sentences to learn from."""
    parser.add_argument(
        "corpus",
        help=_(
            "factors, factors-zh, docstrings, a file of sentences, or a directory of .parquet "
            "shards"
        ),
    )
    parser.add_argument("--sentences", type=int, help=_("how many to generate or to draw"))
    parser.add_argument(
        "--split",
        help=_("column that says train, validation or test (else the sentences decide)"),
    )
    parser.add_argument(
        "--max-words", type=int, help=_("longer sentences are left out (default 60)")
    )
    add_columns(parser)


def read_data(
    options: Namespace, path: Path, explorer: Explorer, progress: Progress, *, minimum: int = 1
) -> Corpus:
    """The sentences of a file by its options, as `load_corpus` reads it; described.

    They have the labels by rule that the options ask for, else those that the run learned with.

    Raises:
        UserError: as `vae.corpora.files.read_file`.
    """
    from vae.commands.console import describe
    from vae.corpora import files

    corpus = files.read_file(
        path,
        text=options.text,
        labels=options.labels,
        label_types=options.label_types,
        reading=reading(options),
        minimum=minimum,
        progress=progress,
    )
    source = explorer.facts()["corpus"]["source"]
    corpus = labelled(corpus, options.labels_by_rule or source.get("labels_by_rule"))
    describe(corpus)
    return corpus


_COLUMNS = ("text", "labels", "label_types", "labels_by_rule")
_READING = ("encoding", "separator", "header", "quote")


def no_columns(options: Namespace) -> None:
    """Refuse options that say how a file is read, where there is none.

    Raises:
        UserError: one is given.
    """
    if given := _given(options, (*_COLUMNS, *_READING)):
        raise UserError(
            "{options} say how a file is read: give it with --data.", options=listed(given)
        )


def only_columns_of_shards(options: Namespace) -> None:
    """Refuse options that say how a file is read, where a folder of Parquet shards is.

    Raises:
        UserError: one is given.
    """
    if given := _given(options, ("label_types", "labels_by_rule", *_READING)):
        raise UserError(
            "{options} have no meaning for .parquet shards, which say themselves how they are "
            "written. Leave them out.",
            options=listed(given),
        )


def _given(options: Namespace, names: Iterable[str]) -> list[str]:
    return [
        f"--{name.removesuffix('s') if name == 'label_types' else name}".replace("_", "-")
        for name in names
        if getattr(options, name) is not None
    ]


def load_corpus(options: Namespace, n: int | None, seed: int, progress: Progress) -> Corpus:
    """The corpus that the options name.

    Args:
        n: sentences to generate or to draw.
        seed: of the generator and of the draw.

    Raises:
        UserError: as `vae.corpora.load`, or a bound that no sentence can have.
    """
    from vae import corpora

    if options.max_words is not None and not 1 <= options.max_words <= _MOST_WORDS:
        raise UserError(
            "--max-words is {value}; choose from 1 to {most}.",
            value=options.max_words,
            most=_MOST_WORDS,
        )
    return corpora.load(
        options.corpus,
        text=options.text,
        labels=options.labels,
        label_types=options.label_types,
        split=options.split,
        reading=reading(options),
        max_words=options.max_words,
        labels_by_rule=options.labels_by_rule,
        n=n,
        seed=seed,
        progress=progress,
    )
