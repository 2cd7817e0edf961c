"""The figures on which a space is judged, read from an evaluation that anybody may have written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from vae.diagnostics.bootstrap import LEVEL, Interval, share_interval
from vae.report import stored
from vae.report.quality import ANALOGIES, PROBE, SCORES, STEERED, Quality, named

_MOST_LABELS = 50


def read(evaluation: Mapping[str, Any]) -> list[Quality]:
    """The rows of an evaluation, which somebody else may have written; none where it has none.

    Worst probe, steering, analogies, disentanglement. What it says cannot be measured (null) is a
    row without a value; what is damaged is left out.
    """
    return [
        *_worst_probe(evaluation),
        *_steering(evaluation),
        *_analogies(evaluation),
        *_disentanglement(evaluation),
    ]


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
    best = known[worst]
    yield Quality(
        PROBE, best.value, best.low, best.high, best.n, label=named(worst), labels=len(known)
    )


def _steering(evaluation: Mapping[str, Any]) -> Iterator[Quality]:
    steering = stored.part(evaluation, "steering")
    for label in islice(steering, _MOST_LABELS):
        values = stored.part(steering, label)
        about: dict[str, Any] = {
            "label": named(label),
            "strength": stored.number(values, "strength"),
            "difference": values.get("how") == "difference",
        }
        if steering[label] is None:
            yield Quality("flips", **about | {"difference": True})
            continue
        for kind, size in STEERED.items():
            if kind == "stays_worst" and "stays_worst_factor" in values:
                about["other"] = named(stored.text(values, "stays_worst_factor"))
            yield from _share(values, kind, size, **about)


def _analogies(evaluation: Mapping[str, Any]) -> Iterator[Quality]:
    if "analogies" in evaluation and evaluation["analogies"] is None:
        yield Quality(ANALOGIES)
    yield from _share(stored.part(evaluation, "analogies"), ANALOGIES, "n")


def _disentanglement(evaluation: Mapping[str, Any]) -> Iterator[Quality]:
    if "disentanglement" in evaluation and evaluation["disentanglement"] is None:
        yield Quality("disentanglement")
    metrics = stored.part(evaluation, "disentanglement")
    for name in SCORES:
        values = stored.part(metrics, name)
        value = stored.share(values, "value")
        if value is None:
            continue
        low, high = _between(value, values.get("low"), values.get("high")) or (None, None)
        yield Quality(name, value, low, high, stored.count(values, "n"))


def _share(values: Mapping[str, Any], kind: str, size: str, **about: Any) -> Iterator[Quality]:
    """A share with its interval, which is stored as a pair beside it."""
    value, n = stored.share(values, kind), stored.count(values, size)
    if value is None or not n:
        return
    pair = values.get(f"{kind}_interval")
    kept = pair if isinstance(pair, list) and len(pair) == 2 else (None, None)
    low, high = _ends(value, n, *kept)
    yield Quality(kind, value, low, high, n, **about)


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
