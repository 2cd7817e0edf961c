"""`python -m vae report`: a run as one HTML file."""

from __future__ import annotations

from argparse import Namespace

from vae import report as reports
from vae.cache import write_bytes
from vae.commands.console import say
from vae.errors import UserError
from vae.explorer import Explorer


def report(options: Namespace) -> None:
    """Write the report of a run to a file."""
    if options.out.is_dir():
        raise UserError(f"{options.out} is a directory. Name the file, as {options.out}/run.html.")
    if options.out.suffix.lower() not in (".html", ".htm"):
        raise UserError(f"{options.out} should end in .html, so that a browser opens it.")
    if not 0 <= options.seed < 2**63:
        raise UserError(f"--seed is {options.seed}; choose a whole number from 0 to 2^63 - 1.")
    text = reports.make(Explorer.load(options.run), options.seed)
    try:
        write_bytes(options.out, text.encode("utf-8"))
    except OSError as error:
        raise UserError(
            f"{options.out} cannot be written ({error.strerror or error}). Name another place."
        ) from error
    say(f"{options.out}: {len(text) / 1e6:.2f} MB. Open it in a browser; it needs no network.")
