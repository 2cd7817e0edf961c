"""A run's decoder as one safetensors file: weights in fp16, all else as JSON in its metadata."""

from __future__ import annotations

import hashlib
from typing import Any

from torch import Tensor

from vae.backends.own import OwnModel
from vae.browser.half import half_refusal, packed
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import Message, message
from vae.models import TrainableVAE
from vae.scripts import BESIDE
from vae.tokenizer import (
    ABBREVIATED,
    BOS,
    EOS,
    NO_SPACE_AFTER,
    NO_SPACE_BEFORE,
    PAD,
    UNK,
    Tokenizer,
)

FORMAT = 1
MOST_BYTES = 48 * 2**20
"""Larger decoders are too slow for a page, and too heavy to fetch."""
TOLERANCE = 0.02
"""Nats by which log p of a token may differ from the fp32 weights': a browser has them in fp16.

Where the two best logits differ by more, the browser chooses the same token. This holds where a
model was trained: at means of sentences, draws of the prior and between them. Far out, where a
sentence runs on without an end, rounding adds up along it: at two to eight times the prior's spread
0.8 nats were seen, and 6% of the sentences of `everyday` were others.
"""


def can_run(explorer: Explorer) -> bool:
    """Whether a browser can run the decoder of a run; `refusal` says why not."""
    return refusal(explorer) is None


def refusal(explorer: Explorer) -> Message | None:
    """Why a browser cannot run the decoder of a run; None where it can."""
    own = explorer.backend
    if not isinstance(own, OwnModel):
        return message("This model is of another make, which only the server can run.")
    if not own.latent_dim:
        return message("This model has no latent space, so there is no place to decode.")
    # The larger check first: it reads no number.
    size = 2 * sum(values.numel() for values in _of_decoder(own.model).values())
    if size > MOST_BYTES:
        return message(
            "The decoder of this model has {size:.0f} MB in half precision; "
            "a browser is given at most {most:.0f} MB.",
            size=size / 2**20,
            most=MOST_BYTES / 2**20,
        )
    return half_refusal(_of_decoder(own.model))


def pack(explorer: Explorer) -> bytes:
    """The decoder of a run as `Decoder.read` takes it: safetensors, fp16, the same bytes each time.

    The metadata has one entry, `decoder`: sizes, the numbers of the tokens that begin and end a
    sentence or stand for no word, and how tokens become text.

    Raises:
        UserError: a browser cannot run it (`refusal`).
    """
    if (why := refusal(explorer)) is not None:
        raise UserError(why)
    own = explorer.backend
    assert isinstance(own, OwnModel)
    return packed(_of_decoder(own.model), _told(own))


def digest(blob: bytes) -> str:
    """The name of a packed decoder in caches."""
    return hashlib.sha256(blob).hexdigest()[:32]


def _of_decoder(model: TrainableVAE) -> dict[str, Tensor]:
    parts = {*model.decoder_parts, "embedding"}
    return {n: p for n, p in model.named_parameters() if n.split(".")[0] in parts}


def _told(own: OwnModel) -> dict[str, Any]:
    c = own.model.config
    return {
        "format": FORMAT,
        "kind": c.architecture if c.architecture == "transformer" else c.cell,
        "latent_dim": c.latent_dim,
        "embedding_dim": c.embedding_dim,
        "hidden": c.decoder_hidden,
        "layers": c.decoder_layers,
        "heads": c.heads,
        "max_length": c.max_length,
        "start": BOS,
        "end": EOS,
        "unspoken": [PAD, UNK, BOS],
        "words": _words(own.tokenizer),
    }


def _words(tokenizer: Tokenizer) -> dict[str, Any]:
    """What words.js needs to write a sentence as `Tokenizer.decode` does."""
    return {
        "scheme": tokenizer.scheme,
        "vocabulary": [tokenizer.token(i) for i in range(len(tokenizer))],
        "cases": tokenizer.cases,
        "no_space_before": sorted(NO_SPACE_BEFORE),
        "no_space_after": sorted(NO_SPACE_AFTER),
        "abbreviated": sorted(ABBREVIATED),
        "unspaced": BESIDE,
    }
