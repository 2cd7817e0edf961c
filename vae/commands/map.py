"""`python -m vae map`: the sentences of a run's map in another space than the model's."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from vae.commands.console import job, say
from vae.commands.options import add_progress_file, add_run
from vae.i18n import _, message

HELP = message("a run's map in another space: a bag of words, or a sentence encoder")


def add_options(parser: ArgumentParser) -> None:
    """A run, and the space."""
    add_run(parser)
    parser.add_argument("space", choices=("words", "encoder"), help=_("what places the sentences"))
    parser.add_argument("--seed", type=int, default=0, help=_("seed of the projection"))
    add_progress_file(parser)


def run(options: Namespace) -> None:
    """Embed and project the sentences of a run's map, for the page Map to show."""
    from vae.explorer import Explorer
    from vae.latent import other_maps, spaces

    with job(options) as progress:
        atlas = Explorer.load(options.run).atlas
        other_maps.make(atlas, options.space, options.seed, progress)
    say(
        _(
            "{n:,} sentences are mapped ({space}): {file}.",
            n=len(atlas),
            space=str(spaces.SPACES[options.space]),
            file=str(other_maps.place(atlas, options.space).path),
        )
    )
