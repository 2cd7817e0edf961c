"""What was recorded of a run from elsewhere: evaluation, changes, events and sentences."""

from __future__ import annotations

from typing import Any

from vae.errors import UserError
from vae.runs.control import check_changes
from vae.runs.store import RunDirectory
from vae.sharing.damage import damaged
from vae.sharing.values import are_texts, is_count, is_plain, is_text
from vae.studies.evaluation import Evaluation
from vae.studies.summary import figures


def check(run: RunDirectory) -> None:
    """Read evaluation.json, steering.json, metrics.jsonl and the sentences that were watched.

    Raises:
        UserError: which of them cannot be read, and why.
    """
    _check_evaluation(run)
    _check_adjustments(run)
    _check_metrics(run)
    _check_watched(run)


def _check_evaluation(run: RunDirectory) -> None:
    if not run.has("evaluation.json"):
        return
    path = run.path / "evaluation.json"
    stored = run.read_json("evaluation.json")
    if not is_plain(stored):
        raise UserError("{path} holds what no measurement gives. Ask for the run again.", path=path)
    try:
        figures(Evaluation.of_dict(stored))
    except (KeyError, TypeError, ValueError) as error:
        raise damaged(path, error) from error


def _check_adjustments(run: RunDirectory) -> None:
    if not run.has("steering.json"):
        return
    path = run.path / "steering.json"
    try:
        for change in run.read_json("steering.json")["changes"]:
            if not is_count(change["step"]) or not check_changes(change["changes"]):
                raise ValueError("an empty change")
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, UserError) and path in error.message.values.values():
            raise
        raise UserError(
            "{path} cannot be followed ({reason}). Ask for the run again.", path=path, reason=error
        ) from error


def _check_metrics(run: RunDirectory) -> None:
    """Every event can be drawn."""
    for event in run.read_metrics():
        kind = event["event"]
        values = {k: v for k, v in event.items() if k != "event"}
        if kind in ("step", "validation", "epoch"):
            fine = all(
                is_plain(v) and not isinstance(v, str | dict) and _no_text(v)
                for v in values.values()
            )
        elif kind == "snapshot":
            said = [v for v in values.values() if isinstance(v, list)]
            fine = all(map(are_texts, said)) and not any(
                isinstance(v, dict) for v in values.values()
            )
        else:
            fine = isinstance(kind, str) and is_plain(values)
        if not fine:
            raise UserError(
                "{path} has an event of step {step} that cannot be drawn. Ask for the run again.",
                path=run.path / "metrics.jsonl",
                step=event.get("step"),
            )


def _no_text(value: Any) -> bool:
    return not isinstance(value, list) or all(isinstance(v, int | float) for v in value)


def _check_watched(run: RunDirectory) -> None:
    file = "snapshots/sentences.json"
    if not run.has(file):
        return
    stored = run.read_json(file)
    labels = stored.get("labels", {})
    lists = [stored.get("sentences"), *(labels.values() if isinstance(labels, dict) else [None])]
    lengths = {len(v) if isinstance(v, list) and all(map(is_text, v)) else -1 for v in lists}
    if len(lengths) != 1 or -1 in lengths:
        raise UserError(
            "{path} does not hold sentences and labels. Ask for it again.", path=run.path / file
        )
