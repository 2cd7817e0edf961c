"""`python -m vae map`: the sentences of a run's map in another space than the model's."""

from __future__ import annotations

from argparse import Namespace

from vae.commands.console import bar, say
from vae.explorer import Explorer
from vae.latent import other_maps, spaces
from vae.runs import jobs


def map_sentences(options: Namespace) -> None:
    """Embed and project the sentences of a run's map, for the page Map to show."""
    file = options.progress_file
    progress = jobs.report(file) if file else bar()
    try:
        atlas = Explorer.load(options.run).atlas
        other_maps.make(atlas, options.space, options.seed, progress)
    except Exception as error:
        if file:
            jobs.finish(file, str(error) or type(error).__name__)
        raise
    if file:
        jobs.finish(file)
    say(
        f"{len(atlas):,} sentences are mapped ({spaces.SPACES[options.space]}): "
        f"{other_maps.place(atlas, options.space).path}."
    )
