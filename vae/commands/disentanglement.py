"""`python -m vae disentanglement`: does each dimension of any codes stand for one factor?"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from vae.commands.console import bar, print_json, print_table, say
from vae.commands.options import add_json, add_reading, add_seed, reading
from vae.errors import UserError
from vae.i18n import _, listed, message
from vae.i18n.numbers import number

HELP = message("does each dimension of any codes stand for one factor?")

_MOST_SEEDS = 50


def add_options(parser: ArgumentParser) -> None:
    """Two files, and how many draws."""
    parser.add_argument("codes", type=Path, help=_("numbers, a column for each dimension: .csv"))
    parser.add_argument("factors", type=Path, help=_("values, a column for each factor: .csv"))
    parser.add_argument("--seeds", type=int, default=5, help=_("draws of rows that are averaged"))
    add_seed(parser)
    add_reading(parser)
    add_json(parser)


def run(options: Namespace) -> None:
    """Measure any representation from two files: codes, and the factors that they stand for."""
    from vae.corpora.codes import read_codes, read_factors
    from vae.corpora.label_ranges import in_thirds
    from vae.diagnostics.disentanglement import WHAT, Representation, measure
    from vae.diagnostics.disentanglement.representation import MOST_VALUES
    from vae.studies.disentanglement import as_json

    if not 2 <= options.seeds <= _MOST_SEEDS:
        raise UserError(
            "--seeds is {seeds}; choose from 2 to {most}.", seeds=options.seeds, most=_MOST_SEEDS
        )
    asked = reading(options)
    codes, factors = read_codes(options.codes, asked), read_factors(options.factors, asked)
    for file, index in ((options.codes, codes.index), (options.factors, factors.index)):
        if index:
            say(
                _(
                    "Column '{column}' of {file} only counts the rows, and is left out.",
                    column=index,
                    file=str(file),
                )
            )
    columns, measured = in_thirds(factors.columns, MOST_VALUES)
    if measured:
        said = listed(measured, "unit")
        say(_("Numbers and dates of many values, taken by their thirds: {factors}.", factors=said))
    representation = Representation.of(codes.values, columns)
    scores = measure(representation, seed=options.seed, seeds=options.seeds, progress=bar())
    if scores.not_fixed:
        labels = listed(scores.not_fixed, "unit")
        say(_("Too few rows of a value to hold fixed: {factors}.", factors=labels))
    for factor, others in as_json(scores, representation)["dependent"].items():
        shares = [f"{other} {number(share, '.0%')}" for other, share in others.items()]
        say(
            _(
                "Factor '{factor}' depends on others; share of its entropy they tell: {shares}.",
                factor=factor,
                shares=listed(shares, "unit"),
            )
        )
    if options.json:
        print_json(
            {
                name: {
                    "value": each.value,
                    "ci": [each.low, each.high],
                    "level": each.level,
                    "seeds": each.n,
                    "n": scores.rows,
                    "noise": scores.noise.get(name),
                    "what": str(WHAT[name]),
                }
                for name, each in scores.metrics.items()
            }
        )
        return
    print(
        _(
            "{dimensions} dimensions, {factors} factors; {seeds} seeds of {rows:,} rows each, of "
            "{of:,}; 95% intervals; then the score of noise: the same codes dealt out anew.",
            dimensions=codes.values.shape[1],
            factors=len(representation.names),
            seeds=options.seeds,
            rows=scores.rows,
            of=scores.of_rows,
        )
    )
    print_table(
        (
            (
                name,
                number(each.value, ".4f"),
                f"[{number(each.low, '.4f')}, {number(each.high, '.4f')}]",
                number(scores.noise[name], ".4f") if name in scores.noise else "",
                str(WHAT[name]),
            )
            for name, each in scores.metrics.items()
        ),
        left=(0, 4),
    )
