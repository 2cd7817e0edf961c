"""`python -m vae export`: a run's map for another tool that shows maps."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from vae.commands.console import bar, say, writing
from vae.commands.options import add_large, add_run
from vae.i18n import _, listed, message

HELP = message("a run's map for Embedding Atlas or for the projector of TensorBoard")


def add_options(parser: ArgumentParser) -> None:
    """A run, the tool, and where to."""
    add_run(parser)
    add_large(parser)
    parser.add_argument(
        "--for",
        dest="tool",
        choices=("embedding-atlas", "tensorboard"),
        required=True,
        help=_("what will open it"),
    )
    parser.add_argument("--out", type=Path, required=True, help=_("the folder to write into"))


def run(options: Namespace) -> None:
    """Write the map of a run into a folder, and say how it is opened."""
    from vae.explorer import Explorer
    from vae.latent.large_atlas import find_large
    from vae.sharing import other_tools
    from vae.studies import fingerprint

    out: Path = options.out
    explorer = Explorer.load(options.run)
    if (n := options.sentences) is not None:
        large = find_large(fingerprint(explorer.run), n, explorer.name)
        explorer = explorer.with_atlas(large)
    with writing(out):
        files = other_tools.export(explorer, options.tool, out, bar())
    say(_("{path}: {files}.", path=str(out), files=listed(files, "unit")))
    say(other_tools.about(explorer))
    say(other_tools.how_to_open(explorer, options.tool, str(out)))
