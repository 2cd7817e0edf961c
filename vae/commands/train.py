"""`python -m vae train`: a run from its first update to its map."""

from __future__ import annotations

import shlex
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from vae.commands import settings
from vae.commands.console import bar, describe, say
from vae.commands.options import add_corpus, load_corpus, reading
from vae.errors import UserError
from vae.i18n import _, listed, message, pgettext

if TYPE_CHECKING:
    from vae.corpora import Corpus
    from vae.studies.evaluation import Evaluation
    from vae.training.distributed import Team
    from vae.training.events import Event
    from vae.training.session import Session

HELP = message("train a model into a run directory")

_BRIEF = (500, 200)
"""Draws K of the likelihood bound, and sentences, of a short evaluation.

Many draws rather than many sentences: with few, a model that uses z seems worse than one that does
not, by more than any difference between them.
"""

_ALL_TOLD = 1.2
"""Of the minutes that a person allows a training: when all is done, map and figures with it."""


def add_options(parser: ArgumentParser) -> None:
    """A corpus, where to, for how long, and every setting."""
    parser.add_argument("--out", type=Path, required=True, help=_("the run directory to make"))
    parser.add_argument(
        "--max-minutes",
        type=float,
        help=_("train for at most this long; measured and mapped a fifth of it later"),
    )
    parser.add_argument("--resume", action="store_true", help=_("go on where the run was left"))
    parser.add_argument(
        "--checkpoint-seconds",
        type=float,
        default=30.0,
        help=_("the most work a crash may cost"),
    )
    parser.add_argument(
        "--brief",
        action="store_true",
        help=_("end with a short evaluation (K = 500, 200 sentences) and no map, for experiments"),
    )
    add_corpus(parser)
    settings.add_settings(parser)


def run(options: Namespace) -> None:
    """Start or resume a run; evaluate and map it when its training ends."""
    from vae.runs import queue
    from vae.runs.failure import fail_starting
    from vae.runs.store import RunDirectory
    from vae.training.distributed import torchrun_team

    with torchrun_team() as team:
        queue.await_start()
        try:
            _train(options, team)
        except Exception as error:
            if team.rank == 0:
                fail_starting(RunDirectory(options.out), error)
            raise
        finally:
            if team.rank == 0:
                # Whoever waits for this one to end may start now.
                queue.advance()


def _train(options: Namespace, team: Team) -> None:
    from vae.runs.catalogue import remember

    began = time.monotonic()
    if options.max_minutes is not None and not options.max_minutes > 0:
        raise UserError(
            "--max-minutes is {minutes:g}; it must be above 0.", minutes=options.max_minutes
        )
    session = _resumed(options, team) if options.resume else _started(options, team, began)
    session.checkpoint_seconds = options.checkpoint_seconds
    if team.rank == 0:
        remember(options.out)
    with session.alive():
        try:
            reason = _train_with_bar(session, _left(options.max_minutes, began))
            team.leave()
            if team.rank:
                return
            diverged = session.trainer.divergence
            kept = reason != "interrupted" and session.trainer.progress.best_step
            until = _until(options.max_minutes, began)
            result = _measured(session, options.brief, until) if kept else None
            if diverged is not None:
                raise diverged
        except OSError as error:
            raise UserError(
                "{path} cannot be written: {reason}. Make room or mend the permissions, then go "
                "on with --resume.",
                path=str(options.out),
                reason=str(error.strerror or error),
            ) from error
    if result is None or reason == "stopped":
        session.leave()
        step = session.trainer.progress.step
        say(_("Stopped at update {step:,}. Add --resume to go on.", step=step))
        return
    session.complete()
    say(result.sentence)
    say(_("Look at it: {command}", command="streamlit run app.py"))


def _started(options: Namespace, team: Team, began: float) -> Session:
    from vae.training import setup

    seed = settings.configuration(options).train.seed
    corpus = team.first(lambda: _load(options, n=options.sentences, seed=seed))
    return setup.start(
        options.out,
        corpus,
        settings.configuration(options, corpus.sizes["train"]),
        max_minutes=_left(options.max_minutes, began),
        command=shlex.join(["python", "-m", "vae", *sys.argv[1:]]),
        team=team,
        progress=bar(),
    )


def _resumed(options: Namespace, team: Team) -> Session:
    from vae.training import setup

    return setup.resume(options.out, team.first(lambda: _load_again(options)), team)


def _left(max_minutes: float | None, began: float) -> float | None:
    """Minutes that are left for training; a tenth of a minute at least."""
    return None if max_minutes is None else max(0.1, max_minutes - (time.monotonic() - began) / 60)


def _until(max_minutes: float | None, began: float) -> float | None:
    """When a run of so many minutes is to be measured and mapped: a fifth of them later."""
    return None if max_minutes is None else began + _ALL_TOLD * 60 * max_minutes


def _measured(session: Session, brief: bool, until: float | None) -> Evaluation:
    from vae.training.finish import finish, measure

    return measure(session, bar(), *_BRIEF) if brief else finish(session, bar(), until)


def _load_again(options: Namespace) -> Corpus:
    from vae.corpora.reading import Reading
    from vae.runs.store import RunDirectory

    directory = RunDirectory(options.out)
    facts = directory.read_json("config.json")
    stored = dict(facts["corpus"]["source"])
    where = str(directory.path / "config.json")
    if others := _other_columns(options, stored) + settings.differing(options, facts, where):
        raise UserError(
            "A resumed run keeps its settings, and was started with others: {differences}. Leave "
            "these out.",
            differences=listed(others),
        )
    if stored.get("kind") in ("file", "shards"):
        options.labels_by_rule = stored.get("labels_by_rule")
        options.text = options.text or stored["text_column"]
        options.labels = stored["label_columns"] if options.labels is None else options.labels
        options.label_types = stored.get("label_types")
        options.split = options.split or stored.get("split_column")
        options.max_words = options.max_words or stored.get("max_words")
        for name, value in Reading.from_source(stored).to_dict().items():
            setattr(options, name, value)
    n = stored.get("n") or options.sentences
    return _load(options, n=n, seed=stored.get("seed", 0))


def _other_columns(options: Namespace, source: Mapping[str, Any]) -> list[settings.Difference]:
    """Options of the corpus that differ from what the run was made of, as far as that is known."""
    from vae.corpora.reading import Reading

    kept = {
        "sentences": source.get("n"),
        "text": source.get("text_column"),
        "labels": source.get("label_columns"),
        "split": source.get("split_column"),
        "max_words": source.get("max_words"),
        "labels_by_rule": source.get("labels_by_rule"),
        **Reading.from_source(source).to_dict(),
    }
    types = source.get("label_types", {})
    asked = {**vars(options), **reading(options).to_dict()}
    return [
        settings.Difference(f"--label-type {name}", types.get(name), kind)
        for name, kind in (options.label_types or {}).items()
        if types.get(name) != kind
    ] + [
        settings.Difference(settings.flag(name), stored, given)
        for name, stored in kept.items()
        if stored is not None
        and (given := asked[name]) is not None
        and (sorted(given) != sorted(stored) if name == "labels" else given != stored)
    ]


def _load(options: Namespace, n: int | None, seed: int) -> Corpus:
    corpus = load_corpus(options, n, seed, bar())
    describe(corpus)
    return corpus


def _train_with_bar(session: Session, max_minutes: float | None) -> str:
    from vae.training.events import StepEvent, ValidationEvent

    trainer = session.trainer
    if session.team.rank:
        return session.train(max_minutes=max_minutes)
    with tqdm(
        total=trainer.total_steps,
        initial=trainer.progress.step,
        desc=_("Training"),
        unit=f" {pgettext('unit of a progress bar', 'updates')}",
        disable=None,  # a log holds no bars
        file=sys.stderr,
    ) as shown:

        def show(event: Event) -> None:
            shown.update(event.step - shown.n)
            if isinstance(event, StepEvent):
                shown.set_postfix_str(
                    _(
                        "distortion {distortion:.2f}, rate {rate:.2f}, beta {beta:.2f}",
                        distortion=event.distortion,
                        rate=event.rate,
                        beta=event.beta,
                    )
                )
            elif isinstance(event, ValidationEvent):
                told = _(
                    "update {step:,}: validation ELBO {elbo:.2f} nats a sentence, rate {rate:.2f}, "
                    "{principal} principal units ({units} active dimensions)",
                    step=event.step,
                    elbo=event.elbo,
                    rate=event.rate,
                    principal=event.principal_units,
                    units=event.active_units,
                )
                tqdm.write(told, file=sys.stderr)

        return session.train(show, max_minutes)
