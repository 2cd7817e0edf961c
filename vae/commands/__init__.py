"""The commands of `python -m vae`: a module each, which holds its options and what it does.

A module names only what its options need when it is imported; what the work needs is loaded when
it runs, so that help and mistakes answer at once.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from importlib import import_module
from typing import Protocol, cast

from vae.i18n import Message

NAMES = (
    "corpora",
    "train",
    "survey",
    "evaluate",
    "encode",
    "interpolate",
    "sample",
    "xray",
    "prepare",
    "map",
    "export",
    "adopt",
    "cut",
    "publish",
    "diagnose",
    "probe",
    "disentanglement",
    "steer",
    "study",
    "report",
    "page",
    "handout",
    "vectors",
)
"""Every command, in the order in which help lists them."""


class Command(Protocol):
    """What the module of a command offers.

    Attributes:
        HELP: what it does, on a line of help.
    """

    HELP: Message

    def add_options(self, parser: ArgumentParser) -> None:
        """Say what can be given."""

    def run(self, options: Namespace) -> None:
        """Do it, and print what came of it."""


def command(name: str) -> Command:
    """The command of a name."""
    return cast(Command, import_module(f"vae.commands.{name}"))
