"""How commands speak: results on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from vae.corpora.label_types import TYPE_NAMES
from vae.errors import UserError
from vae.i18n import Message, _, listed, ngettext
from vae.progress import Progress, heard_by, listen
from vae.scripts import columns

if TYPE_CHECKING:
    from vae.corpora import Corpus
    from vae.explorer import Explorer


_MOST_LABELS = 20


def bar() -> Progress:
    """Progress as bars on standard error, one for each piece of work that takes over a second.

    It also hears of slow answers of an adapter, for the rest of the command.
    """
    bars: dict[str, Any] = {}

    def show(done: int, total: int, what: str | Message) -> None:
        name = str(what)
        if name not in bars or done < bars[name].n:
            for bar in bars.values():
                bar.close()
            bars[name] = tqdm(
                total=total, desc=name, delay=1, leave=False, disable=None, file=sys.stderr
            )
        bars[name].total = total
        bars[name].update(done - bars[name].n)
        if done >= total:
            bars[name].close()

    listen(show)
    return show


@contextmanager
def job(options: Namespace) -> Iterator[Progress]:
    """Progress for whoever follows: in the file of a job where one is named, else as bars."""
    if options.progress_file is None:
        yield bar()
        return
    from vae.runs import jobs

    with jobs.working(options.progress_file) as progress, heard_by(progress):
        yield progress


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """What a file or a folder that a person named cannot take is said in a sentence.

    Raises:
        UserError: it cannot be written.
    """
    try:
        yield
    except OSError as error:
        raise UserError(
            "{path} cannot be written ({reason}). Name another place.",
            path=str(path),
            reason=str(error.strerror or error),
        ) from error


def say(text: str) -> None:
    """A line for the person, not for a pipe."""
    print(text, file=sys.stderr, flush=True)


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    print(json.dumps(value, ensure_ascii=False, indent=1))


def print_table(rows: Iterable[Sequence[str]], left: Iterable[int] = (0,)) -> None:
    """Columns, each as wide as it has to be; those at `left` begin at the left, others end right.

    A Chinese sign is as wide as two Latin ones.
    """
    cells = [tuple(row) for row in rows]
    widths = [max(map(columns, column)) for column in zip(*cells, strict=True)]
    starts = set(left)
    for row in cells:
        shown = []
        for i, (cell, width) in enumerate(zip(row, widths, strict=True)):
            space = " " * (width - columns(cell))
            shown.append(cell + space if i in starts else space + cell)
        print("  ".join(shown).rstrip())


def _labels_said(corpus: Corpus) -> list[str]:
    """Labels with their types, the first ones where there are many."""
    said = [
        _("{label} ({why})", label=label, why=TYPE_NAMES[kind])
        for label, kind in corpus.types.items()
    ]
    return [*said[:_MOST_LABELS], *(["…"] if len(said) > _MOST_LABELS else [])]


def describe(corpus: Corpus) -> None:
    """Say what was read, what was guessed and what was left out."""
    source, whole = corpus.source, sum(corpus.sizes.values())
    say(ngettext("{name}: {n:,} sentence.", "{name}: {n:,} sentences.", whole, name=corpus.name))
    if source.get("text_column"):
        text = source["text_column"]
        if corpus.labels:
            say(
                _(
                    "Sentences from column '{text}', labels: {labels}.",
                    text=text,
                    labels=listed(_labels_said(corpus), "unit"),
                )
            )
        else:
            say(_("Sentences from column '{text}', labels: none.", text=text))
    if passed := source.get("not_labels"):
        from vae.corpora.reasons import columns_said

        say(_("Columns that are no labels: {columns}.", columns=columns_said(passed)))
    if corpus.dropped:
        from vae.corpora.reasons import counted

        say(_("Left out: {reasons}.", reasons=counted(corpus.dropped)))
    if len(corpus) < whole:
        say(
            _(
                "Validation, test, map and probes work on a sample of {sample:,}.",
                sample=len(corpus),
            )
        )


def say_unknown(explorer: Explorer, *sentences: str) -> None:
    """Name the words of sentences that a model does not know."""
    for sentence in sentences:
        if words := explorer.unknown_words(sentence):
            say(
                _(
                    "Unknown to '{run}': {words}.",
                    run=explorer.name,
                    words=listed(words, "unit"),
                )
            )


def at_least(value: float, least: float, option: str) -> None:
    """Refuse a number given to an option that is below what it may be.

    Raises:
        UserError: it is.
    """
    if value < least:
        raise UserError(
            "{option} is {value}; it must be at least {least}.",
            option=option,
            value=value,
            least=least,
        )
