"""`python -m vae interpolate`: the sentences on the path between two."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from vae.commands.console import print_json, say_unknown
from vae.commands.options import add_json, add_run
from vae.i18n import _, message
from vae.i18n.numbers import number

HELP = message("walk between two sentences")


def add_options(parser: ArgumentParser) -> None:
    """A run, two sentences, and the path."""
    add_run(parser)
    parser.add_argument("a", help=_("where the path starts"))
    parser.add_argument("b", help=_("where it ends"))
    parser.add_argument("--steps", type=int, default=9, help=_("points, both ends included"))
    parser.add_argument(
        "--method",
        choices=("lerp", "slerp"),
        help=_("default: slerp; lerp for codes that do not lie on a sphere"),
    )
    add_json(parser)


def run(options: Namespace) -> None:
    """Print the sentences on the path between two."""
    from vae.explorer import Explorer

    explorer = Explorer.load(options.run)
    say_unknown(explorer, options.a, options.b)
    method = options.method or explorer.usual_path
    points = explorer.interpolate(options.a, options.b, options.steps, method)
    if options.json:
        print_json(
            {
                "run": explorer.name,
                "a": options.a,
                "b": options.b,
                "method": method,
                "points": [
                    {"t": p.t, "sentence": p.sentence, "log_prior": p.log_prior, "z": p.z.tolist()}
                    for p in points
                ],
            }
        )
        return
    for point in points:
        print(f"{number(point.t, '.3f')}  {point.sentence}")
