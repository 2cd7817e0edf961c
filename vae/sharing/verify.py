"""Everything that is read of a run later, read once before a run from elsewhere is let in."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import torch
from safetensors import SafetensorError, safe_open

from vae.backends import OwnModel
from vae.config import DataConfig, RunConfig
from vae.errors import UserError
from vae.i18n import listed
from vae.latent.names import read_names
from vae.models import make_model
from vae.models.explorable import NotAvailableError
from vae.runs.store import RunDirectory
from vae.sharing import arrays, records
from vae.sharing.configuration import read_configuration
from vae.sharing.damage import damaged
from vae.studies import STUDIES, made
from vae.tokenizer import EARLIER_WORDS, SPECIAL, Tokenizer, lexicon_pattern

# What a tensor of a file becomes when a model reads it.
_READ_AS = {
    **dict.fromkeys(("F32", "F16", "BF16"), torch.float32),
    "F64": torch.float64,
    "I64": torch.int64,
}


def check(run: RunDirectory) -> dict[str, Any]:
    """Read every file of a run; returns what its config.json says, as far as this version knows it.

    Raises:
        UserError: which file cannot be read, and why.
    """
    facts, config = read_configuration(run)
    _check_tokenizer(run, config)
    _check_weights(run, config)
    was_cut = bool(config.train.cut_below or facts.get("cut_from"))
    arrays.check(run, config.model.latent_dim, was_cut=was_cut)
    records.check(run)
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
        raise damaged(path, error) from error
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
        raise damaged(path, error) from error
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
