"""`python -m vae cut`: a run of the live directions of another's latent space."""

from __future__ import annotations

import shlex
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from vae.commands.console import at_least, bar, say
from vae.commands.options import add_likelihood, add_run, add_seed
from vae.errors import UserError
from vae.i18n import _, message, ngettext

HELP = message("cut the dead directions of a run's latent space off, into a new run")
_BELOW = 0.01


def add_options(parser: ArgumentParser) -> None:
    """A run, where the new one goes, and what counts as dead."""
    add_run(parser)
    parser.add_argument("--out", type=Path, required=True, help=_("the run directory to make"))
    parser.add_argument(
        "--below",
        type=float,
        default=_BELOW,
        help=_("variance of the posterior means below which a direction is dead"),
    )
    add_likelihood(parser)
    add_seed(parser)


def run(options: Namespace) -> None:
    """Make the smaller run, and say how large it is and what it is worth."""
    from vae import corpora
    from vae.explorer import Explorer
    from vae.runs.catalogue import remember
    from vae.training.cutting import cut

    at_least(options.iw_samples, 1, "--iw-samples")
    at_least(options.most, 1, "--most")
    if not 0 < options.below <= 1:
        raise UserError(
            "--below is {below:g}; it must be above 0, and 1 at most.", below=options.below
        )
    progress = bar()
    explorer = Explorer.load(options.run)
    before = explorer.latent_dim
    result = cut(
        explorer.run,
        options.out,
        corpora.rebuild(explorer.facts()["corpus"]["source"], progress),
        below=options.below,
        seed=options.seed,
        iw_samples=options.iw_samples,
        most_sentences=options.most,
        command=shlex.join(["python", "-m", "vae", *sys.argv[1:]]),
        progress=progress,
    )
    remember(options.out)
    kept = Explorer.load(options.out).latent_dim
    say(
        ngettext(
            "{kept} of {dimensions} dimensions is left.",
            "{kept} of {dimensions} dimensions are left.",
            kept,
            kept=kept,
            dimensions=before,
        )
    )
    say(result.sentence)
