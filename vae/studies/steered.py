"""One sentence steered to a value of a label, and what that changed: for the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vae import studies
from vae.corpora.corpus import Corpus
from vae.corpora.label_ranges import with_ranges
from vae.diagnostics.label_reader import LENGTH, LabelReader, reader_for
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import enumeration
from vae.latent.directions import REST, Direction, Told, ValueSpace, value_space
from vae.latent.steering import Values, forced, steer
from vae.progress import Progress, silent
from vae.studies.directions import OTHERS, grouped
from vae.studies.directions_read import LabelDirections, read
from vae.studies.sentences import corpus_of, corpus_of_map, drawn

LEARNED = 6_000
_HELD_OUT = 1_000


@dataclass(frozen=True)
class Step:
    """What is said at a strength.

    Attributes:
        strength: 1 is the difference of the means.
        sentence: what the decoder says.
        reads_as: the property in it; None where the sentence cannot be read.
        flipped: it is the value asked for.
        changed: each other label that differs, as (before, now); None where it cannot be read.
        forced: those of them that the grammar forces to change.
    """

    strength: float
    sentence: str
    reads_as: str | None
    flipped: bool
    changed: Mapping[str, tuple[str, str]] | None
    forced: tuple[str, ...]


@dataclass(frozen=True)
class SteeredSentence:
    """A sentence moved towards a value.

    Attributes:
        before: its own value as it is read; None where it cannot be read.
        direction: the step that was taken.
        told: how well it tells held-out sentences apart, where the study of the run has measured.
        read_by: "grammar" or "probes".
        steps: one for each strength.
    """

    before: str | None
    direction: Direction
    told: Told | None
    read_by: str
    steps: tuple[Step, ...]


def steer_to(
    explorer: Explorer,
    label: str,
    value: str,
    sentence: str,
    strengths: Sequence[float],
    how: str = "difference",
    seed: int = 0,
    progress: Progress = silent,
) -> SteeredSentence:
    """Move a sentence towards `label` = `value`, from the value that it has as it is read.

    The direction is that of the study "directions" where the run has one, else of 6,000 training
    sentences of its map or corpus. Where the value cannot be read, or is the one asked for already,
    the step is that from all other values.

    Raises:
        UserError: there is no such label or value, with those there are; the run has no latent
            space, its sentences are not on this machine, or as `vae.latent.steering.steer`.
    """
    if explorer.latent_dim == 0:
        raise UserError(
            "'{run}' is a plain language model: it has no latent space to steer in.",
            run=explorer.name,
        )
    corpus = with_ranges(at_hand(explorer, progress))
    train = grouped(drawn(corpus, "train", LEARNED, seed))
    stored = _stored(explorer, label)
    space = stored.space if stored else _space(explorer, train, label)
    if value not in space.values or value == OTHERS:
        values = enumeration(v for v in space.values if v != OTHERS)
        raise UserError(
            "'{label}' has no value '{value}' here; it has {values}.",
            label=label,
            value=value,
            values=values,
        )
    held_out = drawn(corpus, "test", _HELD_OUT, seed)
    reader = reader_for(explorer, train, held_out, progress)
    read_now = reader.read([sentence])[0]
    before = read_now.get(label) if read_now else None
    away = before is not None and before in space.values and before != value
    direction = space.direction(value, before if before and away else REST, how)
    moved = steer(explorer, direction, sentence, strengths)
    after = reader.read([step.sentence for step in moved])
    told = stored.how_told(value, direction.source, how) if stored else None
    return SteeredSentence(
        before,
        direction,
        told,
        reader.how,
        tuple(
            _step(reader, label, value, read_now, step.strength, step.sentence, values)
            for step, values in zip(moved, after, strict=True)
        ),
    )


def at_hand(explorer: Explorer, progress: Progress = silent) -> Corpus:
    """The sentences of the run's map with their labels; its corpus where it has no map.

    Raises:
        UserError: neither is on this machine.
    """
    try:
        return corpus_of_map(explorer)
    except UserError:
        return corpus_of(explorer, progress)


def _stored(explorer: Explorer, label: str) -> LabelDirections | None:
    result = studies.made(explorer.run, "directions")
    return None if result is None else read(result).of(label)


def _space(explorer: Explorer, train: Corpus, label: str) -> ValueSpace:
    if label not in train.labels:
        if not train.labels:
            raise UserError("The sentences of '{run}' have no labels.", run=explorer.name)
        raise UserError(
            "The sentences of '{run}' have no label '{label}'; it has {labels}.",
            run=explorer.name,
            label=label,
            labels=enumeration(train.labels),
        )
    rows = [i for i, value in enumerate(train.labels[label]) if value]
    if len({train.labels[label][i] for i in rows}) < 2:
        raise UserError(
            "'{label}' has fewer than two values with enough sentences to steer by.", label=label
        )
    means = explorer.encode([train.sentences[i] for i in rows]).mean
    return value_space(means.double().numpy(), [train.labels[label][i] for i in rows])


def _step(
    reader: LabelReader,
    label: str,
    value: str,
    before: Values | None,
    strength: float,
    sentence: str,
    after: Values | None,
) -> Step:
    if after is None or before is None:
        now = after.get(label) if after else None
        return Step(strength, sentence, now, now == value, None, ())
    changed = {
        name: (old, after[name])
        for name, old in before.items()
        if name not in (label, LENGTH) and after.get(name, old) != old
    }
    owed = forced(reader, before, label, value)
    return Step(
        strength,
        sentence,
        after.get(label),
        after.get(label) == value,
        changed,
        tuple(name for name in changed if name in owed),
    )
