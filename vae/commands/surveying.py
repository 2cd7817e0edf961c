"""`python -m vae survey`: what a corpus holds, and what training on it would take here."""

from __future__ import annotations

import json
import time
from argparse import Namespace
from collections.abc import Iterator
from typing import Any

import torch

from vae.cache import write_bytes
from vae.commands import settings
from vae.commands.console import bar, describe, print_json, say
from vae.config import RunConfig
from vae.corpora import survey as surveys
from vae.corpora.survey import Survey
from vae.i18n import Message
from vae.progress import Progress
from vae.runs import jobs
from vae.training.estimate import ASKED, Estimate, estimate
from vae.training.presets import OFFERED, preset


def survey(options: Namespace) -> None:
    """Survey a corpus and estimate minutes: for the settings given, else for three presets."""
    file = options.progress_file
    progress = jobs.report(file) if file else bar()
    try:
        result: dict[str, Any] = {}
        for result in _results(options, progress):
            if options.out:
                # What is known already can be read while the rest is found out.
                write_bytes(options.out, json.dumps(result, ensure_ascii=False).encode())
    except Exception as error:
        if file:
            jobs.finish(file, str(error) or type(error).__name__)
        raise
    if file:
        jobs.finish(file)
    if options.json:
        print_json(result)
    else:
        _tell(Survey.from_dict(result["survey"]), result["estimates"])


def _results(options: Namespace, progress: Progress) -> Iterator[dict[str, Any]]:
    """The survey without an estimate, then with one, with two ..."""
    asked = settings.configuration(options)
    given = bool(settings.given(options))
    wanted = {ASKED: asked} if given else {name: preset(name) for name in OFFERED}
    began = time.perf_counter()
    corpus = settings.load_corpus(options, options.sentences, asked.train.seed, progress)
    loading = time.perf_counter() - began
    describe(corpus)
    found = surveys.survey(corpus, asked.data, [c.data for c in wanted.values()], progress)
    if options.trial_threads > 0:
        torch.set_num_threads(options.trial_threads)
    estimates: dict[str, Any] = {}
    yield {"survey": found.to_dict(), "estimates": {}}
    for name, config in wanted.items():
        shown = _named(progress, name, wanted)
        estimates[name] = estimate(corpus, config, loading=loading, progress=shown).to_dict()
        yield {"survey": found.to_dict(), "estimates": estimates}


def _named(progress: Progress, name: str, wanted: dict[str, RunConfig]) -> Progress:
    """Progress of one estimate as a part of all of them."""
    before = list(wanted).index(name)

    def show(done: int, total: int, what: Message | str) -> None:
        progress(before * total + done, len(wanted) * total, f"{what} ({name})")

    return show


def _tell(found: Survey, estimates: dict[str, Any]) -> None:
    print(f"{found.sentences:,} sentences of {found.rows:,} rows are used.")
    for reason, n in found.dropped.items():
        print(f"  {n:,} left out: {reason}")
    if found.repeated:
        print(f"  {found.repeated:,} of those used repeat an earlier one")
    parts = ", ".join(f"{n:,} {name}" for name, n in found.splits.items())
    print(f"  {parts}")
    low, middle, high = (found.length_quantile(share) for share in (0.05, 0.5, 0.95))
    print(f"Length in tokens: {middle} in the middle, {low} to {high} for nine in ten.")
    chosen = found.vocabulary
    print(f"{found.words:,} different tokens in training; {chosen.size:,} would be known, and")
    print(f"  {chosen.unknown:.1%} of {found.validation_tokens:,} validation tokens would not.")
    for choice in found.choices:
        print(
            f"  vocabulary {choice.largest:>7,}, min-count {choice.min_count}: "
            f"{choice.size:>7,} known, {choice.unknown:6.2%} unknown"
        )
    for column, values in found.labels.items():
        print(f"Label '{column}': {values:,} values")
    for name, stored in estimates.items():
        made = Estimate.from_dict(stored)
        known = ", ".join(f"{part} {s:.0f} s" for part, s in made.seconds.items())
        early = ", or less: it may end by its patience" if made.early else ""
        print(
            f"{name}: about {made.minutes:.1f} minutes{early} ({made.updates:,} updates; {known})"
        )
    say(f"Tried with {torch.get_num_threads()} CPU threads on this machine.")
