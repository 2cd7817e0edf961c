"""The decoder of a run for a browser: its weights as one file, and the JavaScript that runs them.

The app's pages (`pages.common.components.decoder`) and the page to take along (`vae.sharing`) hold
the same source. Nothing in it is imported, fetched or evaluated from text.
"""

import json
import re
from pathlib import Path

from vae.browser.encoder_weights import encoder_refusal, pack_encoder
from vae.browser.vector import pack_vector
from vae.browser.weights import TOLERANCE, can_run, digest, pack, refusal
from vae.latent.changes import PIECES

__all__ = [
    "TOLERANCE",
    "can_run",
    "client_source",
    "decoder_source",
    "digest",
    "encoder_refusal",
    "encoder_source",
    "pack",
    "pack_encoder",
    "pack_vector",
    "reading_source",
    "refusal",
    "vector_source",
    "walk_source",
]

_HERE = Path(__file__).parent
# Each uses those before it.
_PARTS = (
    *("half.js", "tensors.js", "linear.js", "reading.js", "words.js"),
    *("random.js", "networks.js", "decoder.js"),
)


def decoder_source() -> str:
    """One ES module without imports that exports `Decoder` (decoder.js tells its interface)."""
    return "\n".join((_HERE / part).read_text(encoding="utf-8") for part in _PARTS)


def client_source() -> str:
    """One ES module without imports that exports `DecoderClient`, which keeps a `Decoder` in a
    worker (decoder_client.js tells its interface).
    """
    return (_HERE / "decoder_client.js").read_text(encoding="utf-8")


def encoder_source() -> str:
    """What stands behind `decoder_source` in one module, and exports `Encoder` (encoder.js tells
    its interface).
    """
    return (_HERE / "encoder.js").read_text(encoding="utf-8")


def reading_source() -> str:
    """Functions that read a text as a model does, a part of `decoder_source`: `asRead`, `partsOf`
    (reading.js).
    """
    return (_HERE / "reading.js").read_text(encoding="utf-8")


def vector_source() -> str:
    """One ES module without imports that exports `VectorDecoder` (vector.js tells its interface);
    small enough to run where the pointer is followed, without a worker."""
    parts = ("half.js", "tensors.js", "vector.js")
    return "\n".join((_HERE / part).read_text(encoding="utf-8") for part in parts)


def walk_source() -> str:
    """Functions for a page that follows a pointer: `between`, `logPrior`, `marked` (walk.js)."""
    pattern = PIECES.pattern.replace(r"\w", r"\p{L}\p{N}_")
    pattern = re.sub(r"\\U([0-9a-f]{8})", lambda sign: rf"\u{{{sign[1].lstrip('0')}}}", pattern)
    source = (_HERE / "walk.js").read_text(encoding="utf-8")
    return f'const PIECE = new RegExp({json.dumps(pattern)}, "gsu");\n{source}'
