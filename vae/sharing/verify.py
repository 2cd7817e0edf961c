"""Everything that is read of a run later, read once before a run from elsewhere is let in."""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

import torch
from safetensors import SafetensorError, safe_open

from vae.backends import OwnModel
from vae.config import DataConfig, RunConfig
from vae.corpora import given, origin
from vae.corpora.label_types import TYPES
from vae.corpora.labels_by_rule import RULES
from vae.errors import UserError
from vae.i18n import listed
from vae.latent.names import read_names
from vae.models import make_model
from vae.models.explorable import NotAvailableError
from vae.runs.control import check_changes
from vae.runs.store import RunDirectory
from vae.sharing import arrays
from vae.studies import STUDIES, made
from vae.studies.evaluation import Evaluation
from vae.studies.summary import figures
from vae.tokenizer import EARLIER_WORDS, SPECIAL, Tokenizer, lexicon_pattern

# What a tensor of a file becomes when a model reads it.
_READ_AS = {
    **dict.fromkeys(("F32", "F16", "BF16"), torch.float32),
    "F64": torch.float64,
    "I64": torch.int64,
}
_MOST_TEXT = 10_000
_MOST_EXAMPLES = 100
_DEEPEST = 10


def check(run: RunDirectory) -> dict[str, Any]:
    """Read every file of a run; returns what its config.json says, as far as this version knows it.

    Raises:
        UserError: which file cannot be read, and why.
    """
    facts, config = _facts(run)
    _check_tokenizer(run, config)
    _check_weights(run, config)
    was_cut = bool(config.train.cut_below or facts.get("cut_from"))
    arrays.check(run, config.model.latent_dim, was_cut=was_cut)
    _check_evaluation(run)
    _check_adjustments(run)
    _check_metrics(run)
    _check_watched(run)
    _check_studies(run)
    read_names(run)
    if run.has("checkpoint.safetensors"):
        run.read_tensors("checkpoint.safetensors")
    return facts


def _check_studies(run: RunDirectory) -> None:
    for study in STUDIES.values():
        with contextlib.suppress(NotAvailableError):
            # What an evaluation made briefly has another shape, and was read with it.
            found = made(run, study.name)
            if found is not None:
                study.check(found)


def is_number(value: Any) -> bool:
    """Whether a value of JSON is a number that a float can hold."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e18


# -- config.json -----------------------------------------------------------------------------------


def _facts(run: RunDirectory) -> tuple[dict[str, Any], RunConfig]:
    where = str(run.path / "config.json")
    stored = run.read_json("config.json")
    if "adapter" in stored:
        raise UserError(
            "{where} is of a model of another make, whose code is not in the file and is never "
            "taken from one. Get the model itself, and adopt it: `python -m vae adopt --help`.",
            where=where,
        )
    config = RunConfig.from_dict(stored.get("config", {}), where)
    corpus = stored.get("corpus")
    if not isinstance(corpus, Mapping):
        raise UserError(
            "{where} does not say what the run learned from. Ask for it again.", where=where
        )
    kept = _only(
        corpus,
        {
            "name": _is_text,
            "digest": _is_text,
            "n_sentences": is_number,
            "splits": _are_numbers,
            "labels": _are_texts,
            "dropped": _are_numbers,
            "examples": _are_texts,
            "card": lambda v: isinstance(v, dict) and len(v) <= 2 and _are_texts([*v, *v.values()]),
        },
        where,
    )
    if missing := {"name", "digest", "examples"} - set(kept):
        raise UserError(
            "{where} has no {fact} of its corpus. Ask for it again.",
            where=where,
            fact=sorted(missing)[0],
        )
    facts = _only(
        stored,
        {
            "format_version": is_number,
            "name": _is_text,
            "created": _is_text,
            "command": _is_text,
            "cut_from": _is_text,
            "parameters": is_number,
            "versions": _is_plain,
            "threads": is_number,
            "processes": is_number,
        },
        where,
    )
    source = _source(corpus.get("source"), where)
    return {**facts, "corpus": {**kept, "source": source}, "config": config.to_dict()}, config


def _source(source: Any, where: str) -> dict[str, Any]:
    """What the corpus was made from, without any path: none of another machine is opened here."""
    if not isinstance(source, Mapping):
        raise UserError(
            "{where} does not say what the run learned from. Ask for it again.", where=where
        )
    tests = {
        "kind": _is_text,
        "name": _is_text,
        "key": _is_text,
        "n": _is_count,
        "seed": _is_count,
        "text_column": lambda v: v is None or _is_text(v),
        "label_columns": _are_texts,
        "label_types": _are_types,
        "split_column": _is_text,
        "guessed": lambda v: isinstance(v, bool),
        "max_words": _is_count,
        given.DIGEST: _is_text,
        "labels_by_rule": lambda v: isinstance(v, str) and v in RULES,
    }
    known = _only(source, tests, where)
    built_in = origin(known)
    if built_in and not built_in.needs <= set(known):
        raise UserError(
            "{where} does not say which sentences were generated. Ask for it again.", where=where
        )
    return known


def _only(values: Mapping[str, Any], tests: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The values that are known, each of its kind; what is not known is left behind."""
    known = {name: values[name] for name in tests if name in values}
    for name, value in known.items():
        if not tests[name](value):
            raise UserError(
                "{where} has a '{name}' that cannot be one. Ask for the run again.",
                where=where,
                name=name,
            )
    return known


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _MOST_TEXT


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= _MOST_EXAMPLES and all(map(_is_text, value))


def _are_types(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and all(map(_is_text, value))
        and all(kind in TYPES for kind in value.values())
    )


def _are_numbers(value: Any) -> bool:
    values: Iterable[Any] = value.values() if isinstance(value, dict) else [None]
    return all(map(is_number, values))


def _is_plain(value: Any, depth: int = 0) -> bool:
    """Texts, numbers, and lists and objects of them, not deep."""
    if isinstance(value, list | dict) and depth < _DEEPEST:
        inner = value.values() if isinstance(value, dict) else value
        return all(_is_plain(v, depth + 1) for v in inner)
    return (
        value is None
        or isinstance(value, bool)
        or _is_text(value)
        or (isinstance(value, float) and not math.isfinite(value))
        or is_number(value)
    )


# -- the model -------------------------------------------------------------------------------------


def _check_tokenizer(run: RunDirectory, config: RunConfig) -> None:
    """It works as ours do: a foreign pattern could take hours over a sentence."""
    path = run.path / "tokenizer.json"
    scheme = config.data.tokenizer
    like = Tokenizer.train(["a"], DataConfig(scheme, vocabulary=10, min_count=1))
    ours = json.loads(like.to_json())
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        model, same = stored["model"], ours["model"]
        split = ours["pre_tokenizer"]
        earlier = [{**split, "pattern": {"Regex": pattern}} for pattern in EARLIER_WORDS]
        if scheme == "word" and stored["pre_tokenizer"] != split:
            known = sorted({*model["vocab"]} - {*SPECIAL})
            lexicon = {**split, "pattern": {"Regex": lexicon_pattern(known)}}
            if stored["pre_tokenizer"] in [*earlier, lexicon]:
                ours["pre_tokenizer"] = stored["pre_tokenizer"]
        whole = all(stored.get(k) == ours[k] for k in ours if k != "model") and all(
            model.get(k) == same[k] for k in same if k not in ("vocab", "merges")
        )
        whole = whole and sorted(model["vocab"].values()) == list(range(len(model["vocab"])))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UserError(
            "{path} is damaged ({reason}). Ask for the run again.", path=path, reason=error
        ) from error
    if not whole:
        raise UserError("{path} is no tokenizer that this version of Latent Lens makes.", path=path)
    if (n := len(Tokenizer.load(path))) != config.model.vocabulary_size:
        raise UserError(
            "{path} knows {n:,} tokens, and the model {size:,}. One of them belongs "
            "to another run.",
            path=path,
            n=n,
            size=config.model.vocabulary_size,
        )


def _check_weights(run: RunDirectory, config: RunConfig) -> None:
    """The tensors are the model's; their shapes are compared before any memory is taken."""
    path = run.path / "weights.safetensors"
    with torch.device("meta"):
        wanted = {
            k: (tuple(v.shape), v.dtype) for k, v in make_model(config.model).state_dict().items()
        }
    try:
        with safe_open(path, framework="pt") as handle:
            slices = {key: handle.get_slice(key) for key in handle.keys()}  # noqa: SIM118
            found = {
                k: (tuple(s.get_shape()), _READ_AS.get(s.get_dtype())) for k, s in slices.items()
            }
    except (SafetensorError, OSError, ValueError) as error:
        raise UserError(
            "{path} is damaged ({reason}). Ask for the run again.", path=path, reason=error
        ) from error
    if found != wanted:
        odd = sorted(k for k in {*found, *wanted} if found.get(k) != wanted.get(k))
        raise UserError(
            "{path} does not fit config.json: {tensors}. One of them belongs to another run.",
            path=path,
            tensors=listed(odd[:3], "unit"),
        )
    for name, value in OwnModel.load(run).model.state_dict().items():
        if value.is_floating_point() and not bool(torch.isfinite(value).all()):
            raise UserError(
                "{path}: {name} holds values that are not numbers. Train it again.",
                path=path,
                name=name,
            )


# -- what was recorded -----------------------------------------------------------------------------


def _check_evaluation(run: RunDirectory) -> None:
    if not run.has("evaluation.json"):
        return
    path = run.path / "evaluation.json"
    stored = run.read_json("evaluation.json")
    if not _is_plain(stored):
        raise UserError("{path} holds what no measurement gives. Ask for the run again.", path=path)
    try:
        figures(Evaluation.of_dict(stored))
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(
            "{path} is not whole ({reason}). Ask for the run again.", path=path, reason=error
        ) from error


def _check_adjustments(run: RunDirectory) -> None:
    if not run.has("steering.json"):
        return
    path = run.path / "steering.json"
    try:
        for change in run.read_json("steering.json")["changes"]:
            if not _is_count(change["step"]) or not check_changes(change["changes"]):
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
                _is_plain(v) and not isinstance(v, str | dict) and _no_text(v)
                for v in values.values()
            )
        elif kind == "snapshot":
            said = [v for v in values.values() if isinstance(v, list)]
            fine = all(map(_are_texts, said)) and not any(
                isinstance(v, dict) for v in values.values()
            )
        else:
            fine = isinstance(kind, str) and _is_plain(values)
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
    lengths = {len(v) if isinstance(v, list) and all(map(_is_text, v)) else -1 for v in lists}
    if len(lengths) != 1 or -1 in lengths:
        raise UserError(
            "{path} does not hold sentences and labels. Ask for it again.", path=run.path / file
        )
