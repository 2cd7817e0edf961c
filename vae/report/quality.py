"""How good is a space, all told? The figures of an evaluation that say so, as rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from vae.i18n import Message, _, message, ngettext
from vae.i18n.numbers import number, percent
from vae.report import stored

_LONGEST_NAME = 60

STEERED: Mapping[str, str] = {"flips": "n", "stays_worst": "stays_worst_n", "all_stay": "n"}
"""Shares of steering: each with the field that says of how many sentences."""
ANALOGIES = "exact_match"
PROBE = "probe"

SCORES: Mapping[str, tuple[Message, Message]] = {
    "dci_disentanglement": (
        message("DCI disentanglement, by impurity"),
        message("random forest, impurity"),
    ),
    "dci_disentanglement_held_out": (
        message("DCI disentanglement, by held-out loss"),
        message("random forest, loss without the dimension"),
    ),
    "dci_informativeness": (
        message("DCI informativeness"),
        message("random forest, held-out accuracy"),
    ),
    "mig": (message("MIG, by histogram"), message("histogram of 20 bins")),
    "mig_neighbours": (
        message("MIG, by neighbours"),
        message("nearest neighbours (Ross, 2014)"),
    ),
    "disentanglement": (message("DCI disentanglement"), message("random forest")),
}
"""Scores from 0 to 1 with their estimators; the last stands for all where none was measured."""

_SPLITS: Mapping[str, Message] = {
    "train": message("training"),
    "validation": message("validation"),
    "test": message("test"),
}


@dataclass(frozen=True)
class Quality:
    """A figure on which a latent space is judged.

    Attributes:
        kind: `PROBE`, `ANALOGIES`, one of `STEERED` (shares) or of `SCORES` (from 0 to 1).
        value: None where the model, or a handful of sentences, does not allow it.
        low, high: ends of its 95% interval; None where they were not kept.
        n: how many it rests on (`size`); None where that was not kept.
        label: that was probed or steered.
        labels: among how many it was the worst.
        other: the label that stays worst.
        strength: of the step; None where it is not known.
        difference: whether the step was the difference of means.
    """

    kind: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    label: str = ""
    labels: int = 1
    other: str = ""
    strength: float | None = None
    difference: bool = True

    @property
    def is_share(self) -> bool:
        """Whether it is a share, to be read in per cent; else a score from 0 to 1."""
        return self.kind not in SCORES

    @property
    def what(self) -> str:
        """What was measured."""
        if self.kind in SCORES:
            return str(SCORES[self.kind][0])
        if self.kind == ANALOGIES:
            return _("a − b + c with one factor changed: exact match")
        if self.kind == "flips":
            return _("{label} moved: it flips", label=self.label)
        if self.kind == "all_stay":
            return _("{label} moved: all others stay at once", label=self.label)
        if self.kind == "stays_worst":
            return _(
                "{label} moved: the worst of the others stays ({other})",
                label=self.label,
                other=self.other or _("one that is not named"),
            )
        if self.labels == 1:
            return _("Linear probe of the mean, the one label ({label})", label=self.label)
        return _(
            "Linear probe of the mean, worst of {n} labels ({label})",
            n=self.labels,
            label=self.label,
        )

    @property
    def estimator(self) -> str:
        """How it was measured."""
        if self.kind in SCORES:
            return str(SCORES[self.kind][1])
        if self.kind == ANALOGIES:
            return _("the sentence as it is said")
        if self.kind == PROBE:
            return _("logistic regression, held out")
        if self.strength is None:
            return _("difference of means") if self.difference else _("along a direction")
        if self.difference:
            return _("difference of means, strength {strength:g}", strength=self.strength)
        return _("along a direction, strength {strength:g}", strength=self.strength)

    @property
    def said(self) -> str:
        """As "98.0%", "0.39" or "not available"."""
        return _("not available") if self.value is None else self._written(self.value)

    @property
    def between(self) -> str:
        """As "97.7% to 98.2%"; empty where there is no interval."""
        if self.low is None or self.high is None:
            return ""
        return _("{low} to {high}", low=self._written(self.low), high=self._written(self.high))

    @property
    def of(self) -> str:
        """What is counted."""
        if self.kind in SCORES:
            return _("seeds")
        return _("quadruples") if self.kind == ANALOGIES else _("sentences")

    @property
    def size(self) -> str:
        """As "1,000 sentences"; empty where it is not known."""
        if self.n is None:
            return ""
        if self.kind in SCORES:
            return ngettext("{n:,} seed", "{n:,} seeds", self.n)
        if self.kind == ANALOGIES:
            return ngettext("{n:,} quadruple", "{n:,} quadruples", self.n)
        return ngettext("{n:,} sentence", "{n:,} sentences", self.n)

    def _written(self, value: float) -> str:
        return percent(value) if self.is_share else number(value, ".2f")


def available(rows: list[Quality]) -> bool:
    """Whether there is a figure among them."""
    return any(row.value is not None for row in rows)


def table(rows: list[Quality]) -> pd.DataFrame:
    """The rows as numbers, to be shown in a report and downloaded."""
    return pd.DataFrame(
        [
            {
                _("figure"): row.what,
                _("measured"): row.value,
                _("low (95%)"): row.low,
                _("high (95%)"): row.high,
                _("n"): row.n,
                _("of"): row.of,
                _("estimator"): row.estimator,
            }
            for row in rows
        ]
    ).astype({_("n"): "Int64"})


def caption(rows: list[Quality], evaluation: Mapping[str, Any], run: str) -> str:
    """What to look for, and how the rows that are there were measured."""
    kinds = {row.kind for row in rows}
    return " ".join(
        [
            _(
                "Look for shares near 100%, and for disentanglement that is high beside a high "
                "informativeness. A bad sign: a property that flips while the others do not stay; "
                "then it is not moved alone."
            ),
            _measured_on(evaluation, run),
            *([_moved()] if kinds & STEERED.keys() else []),
            *([_scored()] if kinds & SCORES.keys() else []),
            _(
                "95% intervals: of shares Wilson's (1927), of scores over seeds (Student's t). The "
                "studies draw other sentences and targets, so their figures differ a little."
            ),
        ]
    )


def _measured_on(evaluation: Mapping[str, Any], run: str) -> str:
    n, command = stored.count(evaluation, "n_sentences"), f"python -m vae evaluate {run}"
    if n is None:
        return _(
            "Measured by `{command}` on held-out sentences; each row says on how many it rests.",
            command=command,
        )
    split = named(stored.text(evaluation, "split", "test"))
    return _(
        "Measured by `{command}` on {n:,} {split} sentences; each row says on how many it rests.",
        command=command,
        n=n,
        split=str(_SPLITS.get(split, split)),
    )


def _moved() -> str:
    return _(
        "What is moved is read by the corpus's own grammar, and what that forces to change with it "
        "is not asked to stay."
    )


def _scored() -> str:
    return _(
        "DCI after Eastwood and Williams (2018), MIG (mutual information gap) after Chen et al. "
        "(2018)."
    )


def named(label: object) -> str:
    """What a file calls something, as text that fits a cell and that any file can hold."""
    text = str(label).encode("utf-8", errors="replace").decode("utf-8")
    return text if len(text) <= _LONGEST_NAME else text[:_LONGEST_NAME].rstrip() + " …"
