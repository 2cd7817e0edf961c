"""`python -m vae adopt`: a model of another make becomes a run that the app can open."""

from __future__ import annotations

import shlex
import sys
from argparse import Namespace

from vae.commands import settings
from vae.commands.console import bar, describe, say
from vae.errors import UserError
from vae.models import adapters
from vae.runs.catalogue import SHIPPED, remember
from vae.training.adopting import adopt as make_run


def adopt(options: Namespace) -> None:
    """Import the adapter that was named, and show its model a corpus."""
    if options.iw_samples < 1 or options.most < 1:
        raise UserError("--iw-samples and --most must be at least 1.")
    progress = bar()
    # Whoever names a factory on the command line says that its code may run.
    model = adapters.make(options.adapter)
    corpus = settings.load_corpus(options, options.sentences, options.seed, progress)
    describe(corpus)
    result = make_run(
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
    if options.out.resolve().parent != SHIPPED:
        remember(options.out)
    say(
        f"{result['verdict_sentence']} Look at it: "
        f"{adapters.VARIABLE}={shlex.quote(options.adapter)} streamlit run app.py"
    )
