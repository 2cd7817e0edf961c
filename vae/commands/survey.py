"""`python -m vae survey`: what a corpus holds, and what training on it would take here."""

from __future__ import annotations

import argparse
import json
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vae.commands import settings
from vae.commands.console import describe, job, print_json, print_table, say
from vae.commands.options import add_corpus, add_json, add_progress_file, load_corpus
from vae.corpora.label_types import TYPE_NAMES
from vae.i18n import Message, _, listed, message, ngettext
from vae.i18n.numbers import number
from vae.progress import Progress
from vae.training.presets import OFFERED, preset

if TYPE_CHECKING:
    from vae.config import RunConfig
    from vae.corpora.survey import Survey
    from vae.training.estimate import Estimate

HELP = message("what a corpus holds, and how many minutes training on it would take here")


def add_options(parser: ArgumentParser) -> None:
    """A corpus, and settings to estimate."""
    add_corpus(parser)
    settings.add_settings(parser)
    add_json(parser)
    parser.add_argument("--out", type=Path, help=_("a file to write the JSON to as well"))
    parser.add_argument("--trial-threads", type=int, default=0, help=argparse.SUPPRESS)
    add_progress_file(parser)


def run(options: Namespace) -> None:
    """Survey a corpus and estimate minutes: for the settings given, else for three presets."""
    from vae.cache import write_bytes
    from vae.corpora.survey import Survey

    with job(options) as progress:
        result: dict[str, Any] = {}
        for result in _results(options, progress):
            if options.out:
                # What is known already can be read while the rest is found out.
                write_bytes(options.out, json.dumps(result, ensure_ascii=False).encode())
    if options.json:
        print_json(result)
    else:
        _tell(Survey.from_dict(result["survey"]), result["estimates"])


def _results(options: Namespace, progress: Progress) -> Iterator[dict[str, Any]]:
    """The survey without an estimate, then with one, with two ..."""
    from vae.corpora.survey import survey

    seed = settings.configuration(options).train.seed
    began = time.perf_counter()
    corpus = load_corpus(options, options.sentences, seed, progress)
    loading = time.perf_counter() - began
    learned = corpus.sizes["train"]
    asked = settings.configuration(options, learned)
    own = settings.given(options)
    configs = [asked] if own else [preset(name, learned) for name in OFFERED]
    describe(corpus)
    found = survey(corpus, asked.data, [c.data for c in configs], progress)
    yield {"survey": found.to_dict(), "estimates": {}}

    # What a text holds, or why it cannot be used, does not wait for torch.
    import torch

    from vae.training.estimate import ASKED, estimate

    if options.trial_threads > 0:
        torch.set_num_threads(options.trial_threads)
    wanted = dict(zip((ASKED,) if own else OFFERED, configs, strict=True))
    estimates: dict[str, Any] = {}
    for name, config in wanted.items():
        shown = _named(progress, name, wanted)
        estimates[name] = estimate(corpus, config, loading=loading, progress=shown).to_dict()
        yield {"survey": found.to_dict(), "estimates": estimates}


def _named(progress: Progress, name: str, wanted: Mapping[str, RunConfig]) -> Progress:
    """Progress of one estimate as a part of all of them."""
    before = list(wanted).index(name)

    def show(done: int, total: int, what: str | Message) -> None:
        named = message("{work} ({name})", work=what, name=name)
        progress(before * total + done, len(wanted) * total, named)

    return show


def _tell(found: Survey, estimates: Mapping[str, Any]) -> None:
    import torch

    from vae.training.estimate import Estimate

    _tell_sentences(found)
    _tell_vocabulary(found)
    for column, values in found.labels.items():
        print(
            ngettext(
                "Label '{column}' ({type}): {n:,} value",
                "Label '{column}' ({type}): {n:,} values",
                values,
                column=column,
                type=str(TYPE_NAMES[found.types[column]]),
            )
        )
    if found.conflicting:
        print(
            ngettext(
                "{n:,} sentence stands there with different labels",
                "{n:,} sentences stand there with different labels",
                found.conflicting,
            )
        )
    for name, stored in estimates.items():
        print(_estimated(name, Estimate.from_dict(stored)))
    say(
        ngettext(
            "Tried with {n} CPU thread on this machine.",
            "Tried with {n} CPU threads on this machine.",
            torch.get_num_threads(),
        )
    )


def _tell_sentences(found: Survey) -> None:
    from vae.corpora.reasons import reason_message

    print(
        _(
            "{n:,} sentences of {rows:,} rows are used.",
            n=found.sentences,
            rows=found.rows,
        )
    )
    for reason, n in found.dropped.items():
        print("  " + _("{n:,} left out: {reason}", n=n, reason=reason_message(reason)))
    if found.repeated:
        print(
            "  "
            + _(
                "{distinct:,} are distinct; {n:,} of those used repeat an earlier one",
                distinct=found.distinct,
                n=found.repeated,
            )
        )
    parts = [f"{number(n, ',')} {name}" for name, n in found.splits.items()]
    print("  " + listed(parts, "unit"))
    low, middle, high = (found.length_quantile(share) for share in (0.05, 0.5, 0.95))
    print(
        _(
            "Length in tokens: {middle} in the middle, {low} to {high} for nine in ten.",
            middle=middle,
            low=low,
            high=high,
        )
    )


def _tell_vocabulary(found: Survey) -> None:
    from vae.corpora.survey import SCHEMES

    chosen = found.vocabulary
    print(
        _(
            "{words:,} different tokens in training; {known:,} would be known, and {unknown:.1%} "
            "of {n:,} validation tokens would not.",
            words=found.words,
            known=chosen.size,
            unknown=chosen.unknown,
            n=found.validation_tokens,
        )
    )
    if found.schemes:
        print(_("No blanks part the words of this text. What a model would know of it:"))
        for scheme, made in found.schemes.items():
            print(
                "  "
                + _(
                    "{what}: {known:,} tokens, {unknown:.1%} unknown in validation ({option})",
                    what=SCHEMES[scheme],
                    known=made.size,
                    unknown=made.unknown,
                    option=f"--tokenizer {scheme}",
                )
            )
    if not found.choices or found.schemes:
        return
    heading = ("  " + _("vocabulary"), "min-count", _("known"), _("unknown"))
    rows = [
        (
            number(choice.largest, ","),
            str(choice.min_count),
            number(choice.size, ","),
            number(choice.unknown, ".2%"),
        )
        for choice in found.choices
    ]
    print_table([heading, *rows], left=())


def _estimated(name: str, made: Estimate) -> str:
    from vae.training.estimate import PARTS

    values = {
        "name": name,
        "minutes": made.minutes,
        "updates": made.updates,
        "parts": listed(
            (
                _("{what} {n:.0f} s", what=PARTS.get(part, part), n=s)
                for part, s in made.seconds.items()
            ),
            "unit",
        ),
    }
    if made.early:
        return _(
            "{name}: about {minutes:.1f} minutes, or less: it may end by its patience "
            "({updates:,} updates; {parts})",
            **values,
        )
    return _("{name}: about {minutes:.1f} minutes ({updates:,} updates; {parts})", **values)
