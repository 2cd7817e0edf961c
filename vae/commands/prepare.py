"""`python -m vae prepare`: the sentences of a run, gathered on this machine."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from vae.commands.console import job, say
from vae.commands.options import add_progress_file, add_run
from vae.i18n import _, message, ngettext

if TYPE_CHECKING:
    from vae.explorer import Explorer
    from vae.progress import Progress

HELP = message("gather a run's sentences on this machine, and map them where they differ")


def add_options(parser: ArgumentParser) -> None:
    """A run."""
    add_run(parser)
    parser.add_argument(
        "--data",
        type=Path,
        help=_(
            "the text of a run that ships without it, to be shown; with --sentences any file to "
            "map, or what `encode` wrote"
        ),
    )
    parser.add_argument(
        "--sentences",
        type=int,
        help=_("make a large map beside the usual one, of so many sentences (10,001 to 1,000,000)"),
    )
    add_progress_file(parser)


def run(options: Namespace) -> None:
    """Gather the sentences of a run on this machine, and map them where they differ."""
    from vae.explorer import Explorer
    from vae.latent import atlas_source

    if options.sentences is not None:
        _large(options)
        return
    with job(options) as progress:
        explorer = Explorer.load(options.run)
        if options.data is not None:
            _take_text(explorer, options.data, progress)
        seed = int(explorer.facts().get("config", {}).get("train", {}).get("seed", 0))
        atlas_source.prepare(explorer.run, explorer, seed, progress)
        ready = len(explorer.atlas)
    say(
        ngettext(
            "{n:,} sentence of '{run}' is ready.",
            "{n:,} sentences of '{run}' are ready.",
            ready,
            run=explorer.name,
        )
    )


def _large(options: Namespace) -> None:
    """Gather, encode and map many sentences, for the page Map; goes on where it was stopped."""
    from vae.corpora.reasons import counted
    from vae.encoding.encoded import holds_posteriors
    from vae.encoding.large_map import LargeMap
    from vae.encoding.large_source import encoded_source, file_source, own_source
    from vae.explorer import Explorer
    from vae.latent.large_atlas import read_large

    with job(options) as progress:
        explorer, n = Explorer.load(options.run), options.sentences
        if options.data is None:
            source = own_source(explorer, n)
        elif holds_posteriors(options.data):
            source = encoded_source(explorer, options.data)
        else:
            source = file_source(explorer, options.data)
        seed = int(explorer.facts().get("config", {}).get("train", {}).get("seed", 0))
        made = read_large(LargeMap(explorer, source, n, seed).make(progress))
    if left_out := made.facts["left_out"]:
        say(_("Left out: {reasons}.", reasons=counted(left_out)))
    say(
        _(
            "{n:,} of {total:,} different sentences are on a large map of '{run}': {file}.",
            n=len(made),
            total=made.facts["total"],
            run=explorer.name,
            file=str(made.folder),
        )
    )


def _take_text(explorer: Explorer, path: Path, progress: Progress) -> None:
    """Show the sentences of a run that ships without its text, by the file that somebody has."""
    from vae import corpora
    from vae.corpora import given
    from vae.errors import UserError

    source = explorer.facts()["corpus"]["source"]
    if given.DIGEST not in source:
        raise UserError("'{run}' has its text: leave --data out.", run=explorer.name)
    given.remember(source, corpora.rebuild({**source, "path": str(path)}, progress), path)
