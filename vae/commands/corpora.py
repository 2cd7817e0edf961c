"""`python -m vae corpora`: the corpora that are known by name."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from vae.i18n import message

HELP = message("list the corpora that are known by name")


def add_options(parser: ArgumentParser) -> None:
    """It has none."""


def run(options: Namespace) -> None:
    """Print each with what it is and how large."""
    from vae import corpora

    for known in corpora.describe():
        print(f"{known.name:<12}{known.what} ({known.size})")
