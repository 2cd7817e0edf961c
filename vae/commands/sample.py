"""`python -m vae sample`: sentences decoded from the prior."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from vae.commands.console import print_json
from vae.commands.options import add_json, add_run
from vae.errors import UserError
from vae.i18n import _, message

HELP = message("sentences from the prior")

_MOST = 100_000


def add_options(parser: ArgumentParser) -> None:
    """A run, how many, and how they are drawn."""
    add_run(parser)
    parser.add_argument("-n", type=int, default=10, help=_("how many"))
    parser.add_argument("--seed", type=int, default=0, help=_("same seed, same sentences"))
    parser.add_argument(
        "--temperature",
        type=float,
        help=_("draw words at this temperature; without it the most probable ones are taken"),
    )
    add_json(parser)


def run(options: Namespace) -> None:
    """Print sentences decoded from the prior."""
    import torch

    from vae.explorer import Explorer

    if not 1 <= options.n <= _MOST:
        raise UserError("-n is {n:,}; choose from 1 to {most:,}.", n=options.n, most=_MOST)
    explorer = Explorer.load(options.run)
    generator = torch.Generator().manual_seed(options.seed)
    z = explorer.sample_prior(options.n, generator)
    if options.temperature is None:
        said = explorer.decode(z)
    else:
        said = explorer.decode(z, "sample", generator=generator, temperature=options.temperature)
    if options.json:
        print_json(
            {
                "run": explorer.name,
                "seed": options.seed,
                "temperature": options.temperature,
                "sentences": said,
            }
        )
        return
    print("\n".join(said))
