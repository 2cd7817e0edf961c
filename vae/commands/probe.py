"""`python -m vae probe`: what can be read off a latent, label by label."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vae.commands.console import bar, print_json, print_table, say
from vae.commands.options import add_columns, add_json, add_run, add_seed, no_columns, read_data
from vae.i18n import _, message, pgettext
from vae.i18n.numbers import number

if TYPE_CHECKING:
    from vae.diagnostics.probes import LabelProbe
    from vae.explorer import Explorer

HELP = message("what can be read off a latent, label by label")


def add_options(parser: ArgumentParser) -> None:
    """A run, or a file to probe it on."""
    add_run(parser)
    parser.add_argument("--data", type=Path, help=_("sentences and labels of this file instead"))
    add_seed(parser)
    add_columns(parser)
    add_json(parser)


def run(options: Namespace) -> None:
    """Probe every label; without a file of its own, the study of the run is shown, or made."""
    from vae.explorer import Explorer
    from vae.studies import probes

    explorer = Explorer.load(options.run)
    progress = bar()
    if options.data is not None:
        corpus = read_data(options, options.data, explorer, progress)
        found = probes.read(probes.measure_file(explorer, corpus, options.seed, progress))
    else:
        found = probes.read(_study(explorer, options))
    for label, reason in found.left_out.items():
        say(_("Left out: {label} ({reason}).", label=label, reason=str(reason)))
    if options.json:
        print_json({label: _as_json(each) for label, each in found.labels.items()})
        return
    print(
        _(
            "{which}, {folds} folds; 95% intervals over sentences.",
            which=str(found.which),
            folds=found.folds,
        )
    )
    heading = (
        "",
        "",
        pgettext("probe", "linear"),
        "",
        pgettext("probe", "one draw"),
        pgettext("probe", "nearest"),
        pgettext("probe", "shuffled"),
        pgettext("probe", "majority"),
    )
    print_table([heading, *(_row(label, each) for label, each in found.labels.items())])


def _study(explorer: Explorer, options: Namespace) -> Mapping[str, Any]:
    from vae import studies
    from vae.studies import probes
    from vae.studies.sentences import corpus_of

    no_columns(options)
    found = studies.made(explorer.run, "probes") if options.seed == 0 else None
    if found is not None:
        return found
    progress = bar()
    corpus = corpus_of(explorer, progress)
    if options.seed != 0:
        return probes.measure(explorer, corpus, options.seed, progress)
    return studies.make(explorer, corpus, "probes", progress=progress)


def _row(label: str, each: LabelProbe) -> tuple[str, ...]:
    linear = each.linear
    value, low, high, near, shuffled, majority = (
        number(v, ".3f")
        for v in (
            linear.value,
            linear.low,
            linear.high,
            each.neighbours.value,
            each.shuffled.value,
            each.majority,
        )
    )
    drawn = number(each.drawn.value, ".3f") if each.drawn else ""
    return label[:23], each.metric, value, f"[{low}, {high}]", drawn, near, shuffled, majority


def _as_json(each: LabelProbe) -> dict[str, Any]:
    return {
        "kind": each.kind,
        each.metric: each.linear.value,
        "ci": [each.linear.low, each.linear.high],
        "level": each.linear.level,
        "n": each.n,
        "classes": each.classes,
        "drawn": each.drawn.value if each.drawn else None,
        "drawn_ci": [each.drawn.low, each.drawn.high] if each.drawn else None,
        "majority": each.majority,
        "shuffled": each.shuffled.value,
        "shuffled_ci": [each.shuffled.low, each.shuffled.high],
        "neighbours": each.neighbours.value,
        "neighbours_ci": [each.neighbours.low, each.neighbours.high],
    }
