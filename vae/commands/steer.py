"""`python -m vae steer`: one sentence towards one value of a label, step by step."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from typing import TYPE_CHECKING

from vae.commands.console import bar, print_json, say, say_unknown
from vae.commands.options import add_json, add_run, add_seed
from vae.i18n import _, listed, message
from vae.i18n.numbers import number

if TYPE_CHECKING:
    from vae.studies.steered import SteeredSentence, Step

HELP = message("move a sentence towards one value of a label")

_STRENGTHS = (0.0, 0.5, 1.0, 1.5, 2.0)


def add_options(parser: ArgumentParser) -> None:
    """A run, a sentence, and what it should become."""
    add_run(parser)
    parser.add_argument("label", help=_("the property, as 'tense'"))
    parser.add_argument("value", help=_("what it should become, as 'past'"))
    parser.add_argument("sentence", help=_("the sentence to move"))
    parser.add_argument(
        "--strength",
        type=float,
        help=_("how far; 1 is the difference of the means (default: several)"),
    )
    parser.add_argument(
        "--how",
        choices=("difference", "classifier"),
        default="difference",
        help=_("the direction: difference of means, or normal of a logistic classifier"),
    )
    add_seed(parser)
    add_json(parser)


def run(options: Namespace) -> None:
    """Print what a sentence becomes when one property is steered, and what else changes."""
    from vae.explorer import Explorer
    from vae.studies.steered import steer_to

    explorer = Explorer.load(options.run)
    found = steer_to(
        explorer,
        options.label,
        options.value,
        options.sentence,
        _STRENGTHS if options.strength is None else (options.strength,),
        options.how,
        options.seed,
        bar(),
    )
    if options.json:
        print_json(_as_json(explorer.name, options, found))
        return
    say_unknown(explorer, options.sentence)
    _tell(options, found)
    for step in found.steps:
        print(f"{number(step.strength, '>5.2f')}  {step.sentence}")
        print(f"{'':>7}{_reading(options.label, step)}")
        print(f"{'':>7}{_changes(step)}")
    if len({step.sentence for step in found.steps}) == 1 < len(found.steps):
        say(
            _(
                "No step changes a word: the decoder does not listen in this direction. See "
                "`{command}`.",
                command=f"python -m vae diagnose {options.run}",
            )
        )


def _tell(options: Namespace, found: SteeredSentence) -> None:
    from vae.studies.direction_names import HOWS, READERS, value_name

    say(
        _(
            "{label}: from {source} to {value}, {how}.",
            label=options.label,
            source=value_name(str(found.direction.source)),
            value=options.value,
            how=HOWS[options.how],
        )
    )
    if found.before == options.value:
        say(_("The sentence reads as {value} already.", value=options.value))
    if found.before is None:
        say(_("The sentence cannot be read, so what else changes is not known."))
    if found.told:
        share = found.told.accuracy
        say(
            _(
                "The direction tells {share:.1%} of {n:,} held-out sentences apart ({low:.1%} to "
                "{high:.1%}); random ones {control:.1%}.",
                share=share.value,
                n=share.n,
                low=share.low,
                high=share.high,
                control=found.told.control,
            )
        )
    say(_("Read by {reader}.", reader=READERS[found.read_by]))


def _reading(label: str, step: Step) -> str:
    if step.reads_as is None:
        return _("{label} reads as nothing", label=label)
    return _("{label} reads as {value}", label=label, value=step.reads_as)


def _changes(step: Step) -> str:
    if step.changed is None:
        return _("what else changed cannot be read")
    if not step.changed:
        return _("all else stays")
    each = []
    for name, (old, new) in step.changed.items():
        change = f"{name} {old} -> {new}"
        if name in step.forced:
            change = _("{change} (forced by the grammar)", change=change)
        each.append(change)
    return _("also changed: {changes}", changes=listed(each, "unit"))


def _as_json(run: str, options: Namespace, found: SteeredSentence) -> dict[str, object]:
    from vae.latent.directions import REST

    return {
        "run": run,
        "label": options.label,
        "value": options.value,
        "sentence": options.sentence,
        "before": found.before,
        "from": found.direction.source,
        "from_all_others": found.direction.source == REST,
        "how": options.how,
        "length": found.direction.length,
        "told": asdict(found.told) if found.told else None,
        "read_by": found.read_by,
        "seed": options.seed,
        "steps": [asdict(step) for step in found.steps],
    }
