"""`python -m vae prepare`: the sentences of a run, gathered on this machine."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from vae.commands.console import job, say
from vae.commands.options import add_progress_file, add_run
from vae.i18n import message, ngettext

HELP = message("gather a run's sentences on this machine, and map them where they differ")


def add_options(parser: ArgumentParser) -> None:
    """A run."""
    add_run(parser)
    add_progress_file(parser)


def run(options: Namespace) -> None:
    """Gather the sentences of a run on this machine, and map them where they differ."""
    from vae.explorer import Explorer
    from vae.latent import atlas_source

    with job(options) as progress:
        explorer = Explorer.load(options.run)
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
