"""`python -m vae page`: a run with its decoder as one HTML file, to take along."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from vae.commands.console import say
from vae.commands.options import add_large, add_run
from vae.commands.report import write_page
from vae.i18n import _, message

HELP = message("a run with its decoder as one HTML file that answers without a network")


def add_options(parser: ArgumentParser) -> None:
    """A run, and where to."""
    add_run(parser)
    add_large(parser)
    parser.add_argument("--out", type=Path, required=True, help=_("the .html file to write"))
    parser.add_argument(
        "--seed", type=int, default=0, help=_("seed of what the page draws, the same for a class")
    )


def run(options: Namespace) -> None:
    """Write the page of a run to a file."""
    from vae.explorer import Explorer
    from vae.latent.large_atlas import find_large
    from vae.sharing import page
    from vae.studies import fingerprint

    def make() -> str:
        explorer = Explorer.load(options.run)
        if (n := options.sentences) is not None:
            large = find_large(fingerprint(explorer.run), n, explorer.name)
            explorer = explorer.with_atlas(large.sample(page.MOST_POINTS))
        return page.make(explorer, options.seed)

    size = write_page(options, 2**31, make)
    say(
        _(
            "{path}: {size:.2f} MB. Open it in a browser, or send it; it needs no network.",
            path=str(options.out),
            size=size / 1e6,
        )
    )
