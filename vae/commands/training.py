"""`python -m vae train`: a run from its first update to its map."""

from __future__ import annotations

import shlex
import sys
from argparse import Namespace
from typing import Any

from tqdm import tqdm

from vae.commands import settings
from vae.commands.console import bar, describe, say
from vae.corpora import Corpus
from vae.errors import UserError
from vae.runs import queue
from vae.runs.catalogue import SHIPPED, remember
from vae.training import setup
from vae.training.events import Event, StepEvent, ValidationEvent
from vae.training.finish import finish, measure
from vae.training.session import Session
from vae.training.team import Team
from vae.training.together import together

_BRIEF = (500, 200)
"""Draws K of the likelihood bound, and sentences, of a short evaluation.

Many draws rather than many sentences: with few, a model that uses z seems worse than one that does
not, by more than any difference between them.
"""


def train(options: Namespace) -> None:
    """Start or resume a run; evaluate and map it when its training ends."""
    with together() as team:
        try:
            _train(options, team)
        finally:
            if team.rank == 0:
                # Whoever waits for this one to end may start now.
                queue.advance()


def _train(options: Namespace, team: Team) -> None:
    if options.max_minutes is not None and not options.max_minutes > 0:
        raise UserError(f"--max-minutes is {options.max_minutes:g}; it must be above 0.")
    if options.resume:
        if given := settings.given(options):
            raise UserError(f"A resumed run keeps its settings; leave out {', '.join(given)}.")
        run = setup.resume(options.out, team.first(lambda: _load_again(options)), team)
    else:
        config = settings.configuration(options)
        run = setup.start(
            options.out,
            team.first(lambda: _load(options, n=options.sentences, seed=config.train.seed)),
            config,
            max_minutes=options.max_minutes,
            command=shlex.join(["python", "-m", "vae", *sys.argv[1:]]),
            team=team,
            progress=bar(),
        )
    run.checkpoint_seconds = options.checkpoint_seconds
    if team.rank == 0 and options.out.resolve().parent != SHIPPED:
        remember(options.out)
    with run.alive():
        try:
            reason = _train_with_bar(run, options.max_minutes)
            team.leave()
            if team.rank:
                return
            result = _finish(run, options.brief) if reason != "interrupted" else None
        except OSError as error:
            raise UserError(
                f"{options.out} cannot be written: {error.strerror or error}. Make room or mend "
                "the permissions, then go on with --resume."
            ) from error
    if result is None or reason == "stopped":
        run.leave()
        say(f"Stopped at update {run.trainer.progress.step:,}. Add --resume to go on.")
        return
    run.complete()
    say(f"{result['verdict_sentence']} Look at it: streamlit run app.py")


def _finish(run: Session, brief: bool) -> dict[str, Any]:
    return measure(run, bar(), *_BRIEF) if brief else finish(run, bar())


def _load_again(options: Namespace) -> Corpus:
    stored = setup.stored_source(options.out)
    if stored.get("kind") in ("file", "shards"):
        options.text = options.text or stored["text_column"]
        options.labels = stored["label_columns"] if options.labels is None else options.labels
        options.split = options.split or stored.get("split_column")
        options.max_words = options.max_words or stored.get("max_words")
    return _load(options, n=stored.get("n"), seed=stored.get("seed", 0))


def _load(options: Namespace, n: int | None, seed: int) -> Corpus:
    corpus = settings.load_corpus(options, n, seed, bar())
    describe(corpus)
    return corpus


def _train_with_bar(run: Session, max_minutes: float | None) -> str:
    trainer = run.trainer
    if run.team.rank:
        return run.train(max_minutes=max_minutes)
    with tqdm(
        total=trainer.total_steps,
        initial=trainer.progress.step,
        desc="Training",
        unit=" updates",
        disable=None,  # a log holds no bars
        file=sys.stderr,
    ) as shown:

        def show(event: Event) -> None:
            shown.update(event.step - shown.n)
            if isinstance(event, StepEvent):
                shown.set_postfix_str(
                    f"distortion {event.distortion:.2f}, rate {event.rate:.2f}, "
                    f"beta {event.beta:.2f}"
                )
            elif isinstance(event, ValidationEvent):
                tqdm.write(
                    f"update {event.step:,}: validation ELBO {event.elbo:.2f} nats a sentence, "
                    f"rate {event.rate:.2f}, {event.active_units} active units",
                    file=sys.stderr,
                )

        return run.train(show, max_minutes)
