"""config.json of a run from elsewhere: what is known of it is kept, the rest left behind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vae.config import RunConfig
from vae.corpora import given, origin
from vae.corpora.labels_by_rule import RULES
from vae.errors import UserError
from vae.runs.store import RunDirectory
from vae.sharing.values import (
    are_numbers,
    are_texts,
    are_types,
    is_count,
    is_number,
    is_plain,
    is_text,
)


def read_configuration(run: RunDirectory) -> tuple[dict[str, Any], RunConfig]:
    """What config.json says, as far as this version knows it, and the settings of the run.

    Raises:
        UserError: it is of an adapter, or says what cannot be, or not enough.
    """
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
            "name": is_text,
            "digest": is_text,
            "n_sentences": is_number,
            "splits": are_numbers,
            "labels": are_texts,
            "dropped": are_numbers,
            "examples": are_texts,
            "card": lambda v: isinstance(v, dict) and len(v) <= 2 and are_texts([*v, *v.values()]),
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
            "name": is_text,
            "created": is_text,
            "command": is_text,
            "cut_from": is_text,
            "parameters": is_number,
            "versions": is_plain,
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
        "kind": is_text,
        "name": is_text,
        "key": is_text,
        "n": is_count,
        "seed": is_count,
        "text_column": lambda v: v is None or is_text(v),
        "label_columns": are_texts,
        "label_types": are_types,
        "split_column": is_text,
        "guessed": lambda v: isinstance(v, bool),
        "max_words": is_count,
        given.DIGEST: is_text,
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
