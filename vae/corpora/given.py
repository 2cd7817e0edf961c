"""The file of a run that ships without its text, where somebody has it on this machine.

`Corpus.source` of such a run has a `text_digest` in place of a path. A file is known by it once
somebody has pointed at the file; what is kept is where it is, never a copy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vae.cache import cache_dir, write_bytes
from vae.corpora.corpus import Corpus
from vae.errors import UserError
from vae.i18n import Message, message

DIGEST = "text_digest"


def text_digest(corpus: Corpus) -> str:
    """Digest of the sentences alone, in order: labels made by a later rule change nothing of it."""
    return Corpus(corpus.name, corpus.sentences).digest


def card_said(corpus: object) -> Message | None:
    """Whose text a run learned from and under which licence, by what config.json says of it."""
    card = corpus.get("card") if isinstance(corpus, Mapping) else None
    if not isinstance(card, Mapping) or not card.get("origin"):
        return None
    if card.get("licence"):
        return message(
            "The text is by {origin}, {licence}.", origin=card["origin"], licence=card["licence"]
        )
    return message("The text is by {origin}.", origin=card["origin"])


def remember(source: Mapping[str, Any], corpus: Corpus, path: Path) -> None:
    """Keep where the text of a run is on this machine.

    Raises:
        UserError: it is another text, or that cannot be kept.
    """
    if text_digest(corpus) != source[DIGEST]:
        raise UserError(
            "{path} is not the text that '{name}' was trained on: its sentences are others (digest "
            "{digest}, not {wanted}).",
            path=path,
            name=source.get("name", ""),
            digest=text_digest(corpus)[:8],
            wanted=str(source[DIGEST])[:8],
        )
    try:
        write_bytes(_note(source), json.dumps({"path": str(path.resolve())}).encode())
    except OSError as error:
        raise UserError(
            "{folder} cannot be written: {reason}. Make room or mend the permissions.",
            folder=str(cache_dir()),
            reason=error.strerror or str(error),
        ) from error


def path_of(source: Mapping[str, Any]) -> Path | None:
    """Where the text of a run is, as somebody said; None where nobody did, or it is gone."""
    if DIGEST not in source:
        return None
    try:
        path = Path(json.loads(_note(source).read_text(encoding="utf-8"))["path"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return path if path.is_file() else None


def _note(source: Mapping[str, Any]) -> Path:
    return cache_dir() / "texts" / f"{source[DIGEST]}.json"
