"""`python -m vae study`: measure what the pages show of a run, and keep it with the run."""

from __future__ import annotations

from argparse import Namespace

from vae import studies
from vae.commands.console import bar, say
from vae.explorer import Explorer
from vae.models.explorable import NotAvailableError
from vae.runs import jobs
from vae.studies.sentences import corpus_of


def study(options: Namespace) -> None:
    """Make the studies named, or all of them, one after the other."""
    file = options.progress_file
    progress = jobs.report(file) if file else bar()
    try:
        names = [studies.study(name).name for name in options.names] or list(studies.STUDIES)
        explorer = Explorer.load(options.run)
        corpus = corpus_of(explorer, progress)
        for name in names:
            try:
                studies.make(explorer, corpus, name, seed=options.seed, progress=progress)
            except NotAvailableError as error:
                if options.names:
                    raise
                say(f"{name}: not available. {error}")
                continue
            say(f"{name}: kept in {explorer.run.path / studies.study(name).file}.")
    except Exception as error:
        if file:
            jobs.finish(file, str(error) or type(error).__name__)
        raise
    if file:
        jobs.finish(file)
