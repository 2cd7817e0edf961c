"""`python -m vae report`: a run as one HTML file."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path

from vae.commands.console import say, writing
from vae.commands.options import add_run
from vae.errors import UserError
from vae.i18n import _, message

HELP = message("a run as one HTML file that needs no network")


def add_options(parser: ArgumentParser) -> None:
    """A run, and where to."""
    add_run(parser)
    parser.add_argument("--out", type=Path, required=True, help=_("the .html file to write"))
    parser.add_argument("--seed", type=int, default=0, help=_("seed of the prior samples"))


def run(options: Namespace) -> None:
    """Write the report of a run to a file."""
    from vae import report
    from vae.explorer import Explorer

    size = write_page(options, 2**63, lambda: report.make(Explorer.load(options.run), options.seed))
    say(
        _(
            "{path}: {size:.2f} MB. Open it in a browser; it needs no network.",
            path=str(options.out),
            size=size / 1e6,
        )
    )


def write_page(options: Namespace, seeds: int, make: Callable[[], str]) -> int:
    """Write HTML to the file that the options name; returns its bytes.

    Args:
        seeds: a seed is below it.
        make: makes the text, once the file and the seed are known to be good.

    Raises:
        UserError: there can be no such file, or no such seed.
    """
    from vae.cache import write_bytes

    out: Path = options.out
    if out.is_dir():
        raise UserError(
            "{path} is a directory. Name the file, as {file}.",
            path=str(out),
            file=str(out / "run.html"),
        )
    if out.suffix.lower() not in (".html", ".htm"):
        raise UserError("{path} should end in .html, so that a browser opens it.", path=str(out))
    if not 0 <= options.seed < seeds:
        raise UserError(
            "--seed is {seed}; choose a whole number from 0 to 2^{bits} - 1.",
            seed=str(options.seed),
            bits=seeds.bit_length() - 1,
        )
    data = make().encode("utf-8")
    with writing(out):
        write_bytes(out, data)
    return len(data)
