"""`python -m vae steer`: one sentence towards one value of a label, step by step."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict

from vae.commands.console import bar, print_json, say
from vae.explorer import Explorer
from vae.latent.directions import REST
from vae.studies.steered import SteeredSentence, Step, steer_to

_STRENGTHS = (0.0, 0.5, 1.0, 1.5, 2.0)


def steer(options: Namespace) -> None:
    """Print what a sentence becomes when one property is steered, and what else changes."""
    explorer = Explorer.load(options.run)
    strengths = _STRENGTHS if options.strength is None else (options.strength,)
    found = steer_to(
        explorer,
        options.label,
        options.value,
        options.sentence,
        strengths,
        options.how,
        options.seed,
        bar(),
    )
    if options.json:
        print_json(_as_json(explorer.name, options, found))
        return
    if words := explorer.unknown_words(options.sentence):
        say(f"Unknown to '{explorer.name}': {', '.join(words)}.")
    say(_heading(options, found))
    for step in found.steps:
        print(f"{step.strength:>5.2f}  {step.sentence}")
        print(f"{'':>7}{options.label} reads as {step.reads_as or 'nothing'}; {_changes(step)}")
    if len({step.sentence for step in found.steps}) == 1 < len(found.steps):
        say(
            "No step changes a word: the decoder does not listen in this direction. See "
            f"`python -m vae diagnose {options.run}`."
        )


def _heading(options: Namespace, found: SteeredSentence) -> str:
    text = f"{options.label}: from {found.direction.source} to {options.value}, {options.how}."
    if found.before == options.value:
        text += f" The sentence reads as {options.value} already."
    if found.before is None:
        text += " The sentence cannot be read, so what else changes is not known."
    if found.told:
        share = found.told.accuracy
        text += (
            f" The direction tells {share.value:.1%} of {share.n:,} held-out sentences apart "
            f"({share.low:.1%} to {share.high:.1%}); random ones {found.told.control:.1%}."
        )
    return f"{text} Read by {found.read_by}."


def _changes(step: Step) -> str:
    if step.changed is None:
        return "what else changed cannot be read"
    if not step.changed:
        return "all else stays"
    each = (
        f"{name} {old} -> {new}{' (forced by the grammar)' if name in step.forced else ''}"
        for name, (old, new) in step.changed.items()
    )
    return f"also changed: {', '.join(each)}"


def _as_json(run: str, options: Namespace, found: SteeredSentence) -> dict[str, object]:
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
