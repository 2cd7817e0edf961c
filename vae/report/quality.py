"""How good is a space, all told? The figures of evaluation.json that say so, as rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from vae.diagnostics.bootstrap import LEVEL, Interval, share_interval
from vae.report import stored
from vae.report.parts import number, percent

_MOST_LABELS = 50
_LONGEST_NAME = 60
_SCORES = {
    "dci_disentanglement": ("DCI disentanglement, by impurity", "random forest, impurity"),
    "dci_disentanglement_held_out": (
        "DCI disentanglement, by held-out loss",
        "random forest, loss without the dimension",
    ),
    "dci_informativeness": ("DCI informativeness", "random forest, held-out accuracy"),
    "mig": ("MIG, by histogram", "histogram of 20 bins"),
    "mig_neighbours": ("MIG, by neighbours", "nearest neighbours (Ross, 2014)"),
}
LOOK_FOR = (
    "Look for shares near 100%, and for disentanglement that is high beside a high "
    "informativeness. A bad sign: a property that flips while the others do not stay; then it is "
    "not moved alone."
)
_MOVED = (
    "What is moved is read by the corpus's own grammar, and what that forces to change with it is "
    "not asked to stay."
)
_SCORED = (
    "DCI after Eastwood and Williams (2018), MIG (mutual information gap) after Chen et al. (2018)."
)
_SURE = (
    "95% intervals: of shares Wilson's (1927), of scores over seeds (Student's t). The studies "
    "draw other sentences and targets, so their figures differ a little."
)


@dataclass(frozen=True)
class Quality:
    """A figure on which a latent space is judged.

    Attributes:
        value: None where the model, or a handful of sentences, does not allow it.
        low, high: ends of its 95% interval; None where they were not kept.
        n: how many `of` it rests on; None where that was not kept.
        of: what is counted: sentences, quadruples or seeds.
        is_share: of the sentences, to be read in per cent; else a score from 0 to 1.
    """

    what: str
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    of: str
    estimator: str
    is_share: bool = True

    @property
    def said(self) -> str:
        """As "98.0%", "0.39" or "not available"."""
        if self.value is None:
            return "not available"
        return _read(self.value, self.is_share)

    @property
    def between(self) -> str:
        """As "97.7% to 98.2%"; empty where there is no interval."""
        if self.low is None or self.high is None:
            return ""
        return f"{_read(self.low, self.is_share)} to {_read(self.high, self.is_share)}"

    @property
    def size(self) -> str:
        """As "1,000 sentences"; empty where it is not known."""
        return "" if self.n is None else f"{self.n:,} {self.of}"


def _read(value: float, is_share: bool) -> str:
    return percent(value) if is_share else number(value, ".2f")


def read(evaluation: Mapping[str, Any]) -> list[Quality]:
    """The rows of an evaluation, which somebody else may have written; none where it has none.

    Worst probe, steering, analogies, disentanglement, as `vae.training.evaluate` keeps them. What
    it says cannot be measured (null) is a row without a value; what is damaged is left out.
    """
    return [
        *_worst_probe(evaluation),
        *_steering(evaluation),
        *_analogies(evaluation),
        *_disentanglement(evaluation),
    ]


def available(rows: list[Quality]) -> bool:
    """Whether there is a figure among them."""
    return any(row.value is not None for row in rows)


def how(rows: list[Quality]) -> str:
    """How the rows that are there were measured, in sentences."""
    moved = any(" moved: " in row.what for row in rows)
    scored = any(not row.is_share for row in rows)
    return " ".join([*[_MOVED] * moved, *[_SCORED] * scored, _SURE])


def probe_accuracy(probe: Mapping[str, Any]) -> Interval | None:
    """A stored probe's accuracy with its interval (Wilson, 1927); None where there is none.

    An older evaluation does not hold the interval: share and count give the same.
    """
    accuracy, n = stored.share(probe, "accuracy"), stored.count(probe, "n_test")
    if accuracy is None or not n:
        return None
    low, high = _ends(accuracy, n, probe.get("low"), probe.get("high"))
    return Interval(accuracy, low, high, LEVEL, n)


def _worst_probe(evaluation: Mapping[str, Any]) -> Iterator[Quality]:
    probes = stored.part(evaluation, "probes")
    found = {label: probe_accuracy(stored.part(probes, label)) for label in probes}
    known = {label: accuracy for label, accuracy in found.items() if accuracy is not None}
    if not known:
        return
    worst = min(known, key=lambda label: known[label].value)
    which = f"worst of {len(known)} labels" if len(known) > 1 else "the one label"
    accuracy = known[worst]
    yield Quality(
        f"Linear probe of the mean, {which} ({named(worst)})",
        accuracy.value,
        accuracy.low,
        accuracy.high,
        accuracy.n,
        "sentences",
        "logistic regression, held out",
    )


def _steering(evaluation: Mapping[str, Any]) -> Iterator[Quality]:
    steering = stored.part(evaluation, "steering")
    for label in islice(steering, _MOST_LABELS):
        moved, values = f"{named(label)} moved", stored.part(steering, label)
        strength = stored.number(values, "strength")
        at = "" if strength is None else f", strength {number(strength, 'g')}"
        # "difference" is the way of `evaluate`; what a file says besides is its own affair.
        way = "difference of means" if values.get("how") == "difference" else "along a direction"
        if steering[label] is None:
            yield _not_available(f"{moved}: it flips", "sentences", way)
            continue
        worst = named(stored.text(values, "stays_worst_factor", "one that is not named"))
        for name, size, what in (
            ("flips", "n", "it flips"),
            ("stays_worst", "stays_worst_n", f"the worst of the others stays ({worst})"),
            ("all_stay", "n", "all others stay at once"),
        ):
            yield from _share(values, name, size, f"{moved}: {what}", "sentences", way + at)


def _analogies(evaluation: Mapping[str, Any]) -> Iterator[Quality]:
    what, of = "a − b + c with one factor changed: exact match", "quadruples"
    how = "the sentence as it is said"
    if "analogies" in evaluation and evaluation["analogies"] is None:
        yield _not_available(what, of, how)
    yield from _share(stored.part(evaluation, "analogies"), "exact_match", "n", what, of, how)


def _disentanglement(evaluation: Mapping[str, Any]) -> Iterator[Quality]:
    if "disentanglement" in evaluation and evaluation["disentanglement"] is None:
        yield _not_available("DCI disentanglement", "seeds", "random forest")
    metrics = stored.part(evaluation, "disentanglement")
    for name, (what, how) in _SCORES.items():
        values = stored.part(metrics, name)
        value = stored.share(values, "value")
        if value is None:
            continue
        low, high = _between(value, values.get("low"), values.get("high")) or (None, None)
        n = stored.count(values, "n")
        yield Quality(what, value, low, high, n, "seeds", how, is_share=False)


def _share(
    values: Mapping[str, Any], name: str, size: str, what: str, of: str, how: str
) -> Iterator[Quality]:
    """A share with its interval, which is stored as a pair beside it."""
    value, n = stored.share(values, name), stored.count(values, size)
    if value is None or not n:
        return
    pair = values.get(f"{name}_interval")
    kept = pair if isinstance(pair, list) and len(pair) == 2 else (None, None)
    low, high = _ends(value, n, *kept)
    yield Quality(what, value, low, high, n, of, how)


def _ends(share: float, n: int, low: Any, high: Any) -> tuple[float, float]:
    """The interval that is stored of a share; where none is that can be one, Wilson's."""
    wilson = share_interval(round(share * n), n)
    return _between(share, low, high) or (min(wilson.low, share), max(wilson.high, share))


def _between(value: float, low: Any, high: Any) -> tuple[float, float] | None:
    ends = {"low": low, "high": high}
    start, end = stored.share(ends, "low"), stored.share(ends, "high")
    if start is None or end is None or not start <= value <= end:
        return None
    return start, end


def _not_available(what: str, of: str, how: str) -> Quality:
    return Quality(what, None, None, None, None, of, how)


def named(label: object) -> str:
    """What a file calls something, as text that fits a cell and that any file can hold."""
    text = str(label).encode("utf-8", errors="replace").decode("utf-8")
    return text if len(text) <= _LONGEST_NAME else text[:_LONGEST_NAME].rstrip() + " …"
