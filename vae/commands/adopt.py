"""`python -m vae adopt`: a model of another make becomes a run that the app can open."""

from __future__ import annotations

import shlex
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from vae.commands.console import at_least, bar, describe, say
from vae.commands.options import add_corpus, add_likelihood, add_seed, load_corpus
from vae.i18n import _, message

HELP = message("make a run of a model of another make")


def add_options(parser: ArgumentParser) -> None:
    """An adapter, a corpus to show it, and how much is measured."""
    parser.add_argument("adapter", help=_("MODULE:FACTORY, which is imported: its code runs"))
    add_corpus(parser)
    parser.add_argument("--out", type=Path, required=True, help=_("the run directory to make"))
    add_likelihood(parser)
    add_seed(parser)


def run(options: Namespace) -> None:
    """Import the adapter that was named, and show its model a corpus."""
    from vae.models import adapters
    from vae.models.adapter_process import started
    from vae.runs.catalogue import remember
    from vae.training.adopting import adopt

    at_least(options.iw_samples, 1, "--iw-samples")
    at_least(options.most, 1, "--most")
    progress = bar()
    # Whoever names a factory on the command line says that its code may run.
    model = started(options.adapter)
    corpus = load_corpus(options, options.sentences, options.seed, progress)
    describe(corpus)
    result = adopt(
        options.out,
        options.adapter,
        model,
        corpus,
        seed=options.seed,
        iw_samples=options.iw_samples,
        most_sentences=options.most,
        command=shlex.join(["python", "-m", "vae", *sys.argv[1:]]),
        progress=progress,
    )
    remember(options.out)
    say(result.sentence)
    command = f"{adapters.VARIABLE}={shlex.quote(options.adapter)} streamlit run app.py"
    say(_("Look at it: {command}", command=command))
