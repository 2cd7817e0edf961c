"""`python -m vae vectors`: the VAE of the article, trained on vectors and kept in a file."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from vae.commands.console import job, say, writing
from vae.commands.options import add_progress_file
from vae.i18n import _, message

HELP = message("a small VAE on vectors: the article's, as the page of that name shows it")


def add_options(parser: ArgumentParser) -> None:
    """A file, and what is trained."""
    parser.add_argument("file", type=Path, help=_("where weights and course are kept"))
    parser.add_argument(
        "vectors", choices=("digits", "binary", "sentences"), help=_("what it learns")
    )
    parser.add_argument("--run", default="", help=_("whose sentences it learns"))
    parser.add_argument("--latents", type=int, default=2, help=_("numbers of the latent"))
    parser.add_argument("--weight", type=float, default=1.0, help=_("weight of the KL"))
    parser.add_argument("--epochs", type=int, default=100, help=_("passes over the vectors"))
    parser.add_argument("--seed", type=int, default=0, help=_("seed of weights, order and noise"))
    parser.add_argument(
        "--mistake",
        choices=("", "kl", "log", "noise", "once", "tanh"),
        default="",
        help=_("a step of the article's listing to get wrong"),
    )
    add_progress_file(parser)


def run(options: Namespace) -> None:
    """Train, and keep how far it is while it trains."""
    from vae.explorer import Explorer
    from vae.training import vector_job, vector_setting

    with job(options) as progress, writing(options.file):
        setting = vector_setting.Setting(
            options.vectors,
            options.run,
            options.latents,
            options.weight,
            options.epochs,
            options.seed,
            options.mistake,
        )
        found = (
            vector_setting.sentence_vectors(Explorer.load(setting.run))
            if setting.vectors == "sentences"
            else vector_setting.digits(setting.vectors)
        )
        training = vector_setting.begun(setting, found)
        vector_job.work(training, options.file, progress)
    last = training.history[-1]
    say(
        _(
            "Trained for {n} epochs: distortion {distortion:.1f}, rate {rate:.1f} nats. Kept in "
            "{file}.",
            n=training.done,
            distortion=last.distortion,
            rate=last.rate,
            file=str(options.file),
        )
    )
