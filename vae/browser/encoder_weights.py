"""A run's encoder for a browser: its weights in fp16, and how its tokenizer finds words."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from vae.backends.own import OwnModel
from vae.browser.half import half_refusal, packed
from vae.browser.weights import refusal
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import Message, message
from vae.tokenizer import EOS, UNK


def encoder_refusal(explorer: Explorer) -> Message | None:
    """Why a browser cannot read sentences as a run does; None where it can."""
    if (why := refusal(explorer)) is not None:
        return why
    own = explorer.backend
    assert isinstance(own, OwnModel)
    if own.tokenizer.scheme == "bpe":
        return message("This model reads pieces of words, which a browser cannot find.")
    return half_refusal(_of_encoder(own))


def pack_encoder(explorer: Explorer) -> bytes:
    """The encoder of a run as `Encoder.read` takes it, beside the packed decoder, which holds the
    vectors of the words: safetensors, fp16, the same bytes each time.

    Raises:
        UserError: a browser cannot run it (`encoder_refusal`).
    """
    if (why := encoder_refusal(explorer)) is not None:
        raise UserError(why)
    own = explorer.backend
    assert isinstance(own, OwnModel)
    return packed(_of_encoder(own), _told(own))


def _of_encoder(own: OwnModel) -> dict[str, Tensor]:
    # What batches it has seen is no part of what it computes.
    kept = own.model.state_dict().items()
    return {
        name: values
        for name, values in kept
        if name.split(".")[0] in own.model.encoder_parts and name != "mean_norm.seen"
    }


def _told(own: OwnModel) -> dict[str, Any]:
    c = own.model.config
    return {
        "kind": c.architecture if c.architecture == "transformer" else c.cell,
        "latent_dim": c.latent_dim,
        "embedding_dim": c.embedding_dim,
        "hidden": c.encoder_hidden,
        "layers": c.encoder_layers,
        "heads": c.heads,
        "mean_scale": c.mean_scale,
        "longest": 4 * c.max_length,
        "unknown": UNK,
        "end": EOS,
        "scheme": own.tokenizer.scheme,
        "clusters": own.tokenizer.finds_clusters,
    }
