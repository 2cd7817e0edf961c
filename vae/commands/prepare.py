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
        "--data", type=Path, help=_("the text of a run that ships without it, to be shown")
    )
    add_progress_file(parser)


def run(options: Namespace) -> None:
    """Gather the sentences of a run on this machine, and map them where they differ."""
    from vae.explorer import Explorer
    from vae.latent import atlas_source

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


def _take_text(explorer: Explorer, path: Path, progress: Progress) -> None:
    """Show the sentences of a run that ships without its text, by the file that somebody has."""
    from vae import corpora
    from vae.corpora import given
    from vae.errors import UserError

    source = explorer.facts()["corpus"]["source"]
    if given.DIGEST not in source:
        raise UserError("'{run}' has its text: leave --data out.", run=explorer.name)
    given.remember(source, corpora.rebuild({**source, "path": str(path)}, progress), path)
