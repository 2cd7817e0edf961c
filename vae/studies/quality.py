"""How good is a space, all told? The figures of an evaluation that say so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from vae.diagnostics.bootstrap import Interval
from vae.errors import UserError
from vae.studies import control, disentanglement, probes
from vae.studies.evaluation import Evaluation

Kind = Literal[
    "probe",
    "probe_drawn",
    "flips",
    "stays_worst",
    "all_stay",
    "exact_match",
    "disentanglement",
    "dci_disentanglement",
    "dci_disentanglement_held_out",
    "dci_informativeness",
    "mig",
    "mig_neighbours",
]
SCORES: tuple[Kind, ...] = (
    "dci_disentanglement",
    "dci_disentanglement_held_out",
    "dci_informativeness",
    "mig",
    "mig_neighbours",
    "disentanglement",
)
"""Scores from 0 to 1, over seeds; the last stands for all where none could be measured."""

_MOST_LABELS = 50
_LONGEST_NAME = 60


@dataclass(frozen=True)
class Quality:
    """A figure on which a latent space is judged.

    Attributes:
        kind: one of `SCORES`, or a share: of a linear probe of the mean or of a draw, of steered
            sentences in which the label flips, the worst of the others stays or all stay, or of
            analogies.
        found: None where the model, or a handful of sentences, does not allow it.
        label: that was probed or steered.
        labels: among how many it was the worst.
        other: the label that stays worst.
        strength: of the step; None where it is not known.
        difference: whether the step was the difference of means.
        majority: what a probe has right that only knows how often values occur; None elsewhere.
    """

    kind: Kind
    found: Interval | None = None
    label: str = ""
    labels: int = 1
    other: str = ""
    strength: float | None = None
    difference: bool = True
    majority: float | None = None

    @property
    def is_share(self) -> bool:
        """Whether it is a share, to be read in per cent; else a score from 0 to 1."""
        return self.kind not in SCORES


def rows(evaluation: Evaluation) -> list[Quality]:
    """Worst probe, steering, analogies, disentanglement; what is damaged is left out.

    Args:
        evaluation: the fullest, so that a study stands in the place of its brief making.
    """
    made: tuple[Callable[[Evaluation], Iterable[Quality]], ...] = (
        _worst_probe,
        _steering,
        _analogies,
        _disentanglement,
    )
    found: list[Quality] = []
    for part in made:
        try:
            found += part(evaluation)
        except UserError:  # where the study itself is shown, its damage is told of
            continue
    return found


def available(found: Iterable[Quality]) -> bool:
    """Whether there is a figure among them."""
    return any(row.found is not None for row in found)


def _worst_probe(evaluation: Evaluation) -> Iterator[Quality]:
    asked = probes.read_linear(evaluation.results.get("probes", {"labels": {}}))
    named = {label: probe for label, probe in asked.items() if probe.metric == "accuracy"}
    kinds: tuple[tuple[Kind, Mapping[str, Interval | None]], ...] = (
        ("probe", {label: probe.linear for label, probe in named.items()}),
        ("probe_drawn", {label: probe.drawn for label, probe in named.items()}),
    )
    for kind, found in kinds:
        known = {label: each for label, each in found.items() if each and _holds(each)}
        if known:
            worst = min(known, key=lambda label: known[label].value)
            majority = named[worst].majority
            yield Quality(kind, known[worst], _cut(worst), len(known), majority=majority)


def _steering(evaluation: Evaluation) -> Iterator[Quality]:
    steering = control.read_steering(evaluation.results.get("control", {}))
    for name, moved in islice(steering.items(), _MOST_LABELS):
        label = _cut(name)
        if moved is None:
            yield Quality("flips", label=label)
            continue
        how, difference, other = (
            moved.strength,
            moved.how == "difference",
            _cut(moved.stays_worst_factor),
        )
        yield Quality("flips", moved.flipped, label, 1, "", how, difference)
        yield Quality("stays_worst", moved.worst_stays, label, 1, other, how, difference)
        yield Quality("all_stay", moved.all_others_stay, label, 1, "", how, difference)


def _analogies(evaluation: Evaluation) -> Iterator[Quality]:
    result = evaluation.results.get("control", {})
    if "analogies" in result:
        yield Quality("exact_match", control.read_analogies(result))


def _disentanglement(evaluation: Evaluation) -> Iterator[Quality]:
    result = evaluation.results.get("disentanglement")
    if result is None:
        if "disentanglement" in evaluation.not_available:
            yield Quality("disentanglement")
        return
    metrics = disentanglement.read_metrics(result)
    for kind in SCORES:
        if (score := metrics.get(kind)) is not None and 0 <= score.value <= 1:
            yield Quality(kind, score if _holds(score) else replace(score, level=0.0))


def _holds(found: Interval) -> bool:
    """Whether it is an interval of a share that holds it."""
    return 0 <= found.low <= found.value <= found.high <= 1


def _cut(label: str) -> str:
    """What a file calls something, as text that fits a cell and that any file can hold."""
    text = label.encode("utf-8", errors="replace").decode("utf-8")
    return text if len(text) <= _LONGEST_NAME else text[:_LONGEST_NAME].rstrip() + " …"
