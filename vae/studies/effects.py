"""What moving many sentences along a direction does: one of a label, or one of two sets."""

from __future__ import annotations

from dataclasses import dataclass

from vae.latent.steering import Curve
from vae.studies.by_hand import Tried
from vae.studies.directions_read import RANDOM, DirectionsStudy


@dataclass(frozen=True)
class Effects:
    """What steps of several strengths do to n sentences, beside random steps as long.

    Attributes:
        label: whose value changes; None for a direction between two sets.
        how: "difference" or "classifier".
        along: what the direction does.
        random: what random directions do; None where that was not measured.
        read_by: "grammar" or "probes": who read the sentences.
        accuracy: how often the label's probe is right on held-out sentences; None where the
            grammar reads, which never errs, or there is no label.
        majority: how often the label's commonest value is; None as above.
    """

    label: str | None
    how: str
    along: Curve
    random: Curve | None
    read_by: str
    accuracy: float | None = None
    majority: float | None = None

    @property
    def n(self) -> int:
        """Sentences that were moved."""
        return self.along.flips.n

    @property
    def is_label(self) -> bool:
        """Whether a label's value changes, so that all else can be told from it."""
        return self.label is not None and bool(self.along.stays)

    def nearest(self, strength: float) -> int:
        """The index of the strength that was measured nearest to one asked for."""
        strengths = self.along.strengths
        return min(range(len(strengths)), key=lambda i: abs(strengths[i] - strength))


def of_label(study: DirectionsStudy, label: str, how: str) -> Effects | None:
    """What the study found that moving along directions of a label does; None where unknown."""
    found = study.of(label)
    along = found.curve(how) if found else None
    if found is None or along is None:
        return None
    probe = next((probe for probe in study.probes if probe.label == label), None)
    right = (probe.accuracy, probe.majority) if probe else ()
    return Effects(label, how, along, found.curve(RANDOM), study.read_by, *right)


def of_sets(tried: Tried, how: str) -> Effects:
    """What was tried by hand."""
    return Effects(None, how, tried.curves[how], tried.curves.get(RANDOM), tried.read_by)
