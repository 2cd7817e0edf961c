"""`python -m vae study`: measure what the pages show of a run, and keep it with the run."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from vae.commands.console import job, say
from vae.commands.options import add_progress_file, add_run, add_seed
from vae.i18n import _, message

HELP = message("measure what the pages show of a run, and keep it with the run")


def add_options(parser: ArgumentParser) -> None:
    """A run, and which studies."""
    add_run(parser)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=_("which studies; all without one")
    )
    parser.add_argument(
        "--missing",
        action="store_true",
        help=_("only those that have not been measured of these weights"),
    )
    add_seed(parser)
    add_progress_file(parser)


def run(options: Namespace) -> None:
    """Make the studies named, or all of them, one after the other."""
    from vae import studies
    from vae.explorer import Explorer
    from vae.models.explorable import NotAvailableError
    from vae.studies.sentences import corpus_of

    with job(options) as progress:
        names = [studies.study(name).name for name in options.names] or list(studies.STUDIES)
        explorer = Explorer.load(options.run)
        corpus = corpus_of(explorer, progress)
        for name in names:
            if options.missing and not studies.missing(explorer.run, [name]):
                continue
            try:
                studies.make(explorer, corpus, name, seed=options.seed, progress=progress)
            except NotAvailableError as error:
                if options.names and not options.missing:
                    raise
                say(_("{study}: not available. {reason}", study=name, reason=error.message))
                continue
            file = explorer.run.path / studies.study(name).file
            say(_("{study}: kept in {file}.", study=name, file=str(file)))
