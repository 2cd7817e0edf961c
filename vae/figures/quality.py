"""How good is a space, all told? Worst probe, steering, analogies and scores in one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from vae.i18n import Message, _, message, ngettext, sentences
from vae.i18n.numbers import number, percent
from vae.studies.evaluation import Evaluation
from vae.studies.quality import Quality

_SCORES: Mapping[str, tuple[Message, Message]] = {
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
"""Each score with its estimator."""


def what(row: Quality) -> str:
    """What was measured."""
    if not row.is_share:
        return str(_SCORES[row.kind][0])
    if row.kind == "exact_match":
        return _("a − b + c with one factor changed: exact match")
    if row.kind == "flips":
        return _("{label} moved: it flips", label=row.label)
    if row.kind == "all_stay":
        return _("{label} moved: all others stay at once", label=row.label)
    if row.kind == "stays_worst":
        return _(
            "{label} moved: the worst of the others stays ({other})",
            label=row.label,
            other=row.other or _("one that is not named"),
        )
    if row.kind == "probe_drawn":
        return _(
            "Linear probe of one draw, worst of {n} labels ({label})", n=row.labels, label=row.label
        )
    if row.labels == 1:
        return _("Linear probe of the mean, the one label ({label})", label=row.label)
    return _(
        "Linear probe of the mean, worst of {n} labels ({label})",
        n=row.labels,
        label=row.label,
    )


def estimator(row: Quality) -> str:
    """How it was measured."""
    if not row.is_share:
        return str(_SCORES[row.kind][1])
    if row.kind == "exact_match":
        return _("the sentence as it is said")
    if row.kind in ("probe", "probe_drawn"):
        # Of a label with rare classes the accuracy alone says little.
        return _(
            "logistic regression, held out; {share:.1%} without the model",
            share=row.majority or 0.0,
        )
    if row.strength is None:
        return _("difference of means") if row.difference else _("along a direction")
    if row.difference:
        return _("difference of means, strength {strength:g}", strength=row.strength)
    return _("along a direction, strength {strength:g}", strength=row.strength)


def said(row: Quality) -> str:
    """As "98.0%", "0.39" or "not available"."""
    return _("not available") if row.found is None else _written(row, row.found.value)


def between(row: Quality) -> str:
    """As "97.7% to 98.2%"; empty where there is no interval."""
    if row.found is None or not row.found.known:
        return ""
    low, high = (_written(row, end) for end in (row.found.low, row.found.high))
    return _("{low} to {high}", low=low, high=high)


def of(row: Quality) -> str:
    """What is counted."""
    if not row.is_share:
        return _("seeds")
    return _("quadruples") if row.kind == "exact_match" else _("sentences")


def size(row: Quality) -> str:
    """As "1,000 sentences"; empty where it is not known."""
    if row.found is None:
        return ""
    if not row.is_share:
        return ngettext("{n:,} seed", "{n:,} seeds", row.found.n)
    if row.kind == "exact_match":
        return ngettext("{n:,} quadruple", "{n:,} quadruples", row.found.n)
    return ngettext("{n:,} sentence", "{n:,} sentences", row.found.n)


def _written(row: Quality, value: float) -> str:
    return percent(value) if row.is_share else number(value, ".2f")


def table(rows: Sequence[Quality]) -> pd.DataFrame:
    """The rows as numbers, to be shown in a report and downloaded."""
    return pd.DataFrame(
        [
            {
                _("figure"): what(row),
                _("measured"): row.found.value if row.found else None,
                _("low (95%)"): row.found.low if row.found and row.found.known else None,
                _("high (95%)"): row.found.high if row.found and row.found.known else None,
                _("n"): row.found.n if row.found else None,
                _("of"): of(row),
                _("estimator"): estimator(row),
            }
            for row in rows
        ]
    ).astype({_("n"): "Int64"})


def caption(rows: Sequence[Quality], evaluation: Evaluation, run: str) -> str:
    """What to look for, and how the rows that are there were measured."""
    steered = any(row.kind in ("flips", "stays_worst", "all_stay") for row in rows)
    scored = not all(row.is_share for row in rows)
    drawn = any(row.kind == "probe_drawn" for row in rows)
    return sentences(
        _(
            "Look for shares near 100%, and for disentanglement that is high beside a high "
            "informativeness. A bad sign: a property that flips while the others do not stay; "
            "then it is not moved alone."
        ),
        _measured_on(evaluation, run),
        *([_drawn()] if drawn else []),
        *([_moved()] if steered else []),
        *([_scored()] if scored else []),
        _("95% intervals: of shares Wilson's (1927), of scores over seeds (Student's t)."),
    )


def _measured_on(evaluation: Evaluation, run: str) -> str:
    evidence, command = evaluation.evidence, f"python -m vae evaluate {run}"
    if evidence is None:
        return _(
            "Measured by `{command}` on held-out sentences; each row says on how many it rests.",
            command=command,
        )
    return _(
        "Measured by `{command}` on {which}, or by the study where it has been made; each row says "
        "on how many it rests.",
        command=command,
        which=evidence.which,
    )


def _drawn() -> str:
    return _(
        "A probe of standardised means is blind to scale: it finds what differs, however little "
        "beside the width of the posteriors. One of draws finds what the decoder can hear."
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
