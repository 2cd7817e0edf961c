"""How commands speak: results on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
from typing import Any

from tqdm import tqdm

from vae.corpora import Corpus
from vae.i18n import Message
from vae.progress import Progress


def bar() -> Progress:
    """Progress as bars on standard error, one for each piece of work that takes over a second."""
    bars: dict[str, Any] = {}

    def show(done: int, total: int, piece: Message | str) -> None:
        what = str(piece)
        if what not in bars:
            for bar in bars.values():
                bar.close()
            bars[what] = tqdm(
                total=total, desc=what, delay=1, leave=False, disable=None, file=sys.stderr
            )
        bars[what].total = total
        bars[what].update(done - bars[what].n)
        if done >= total:
            bars[what].close()

    return show


def say(text: str) -> None:
    """A line for the person, not for a pipe."""
    print(text, file=sys.stderr, flush=True)


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    print(json.dumps(value, ensure_ascii=False, indent=1))


def describe(corpus: Corpus) -> None:
    """Say what was read, what was guessed and what was left out."""
    source = corpus.source
    guessed = (
        f" Sentences from column '{source['text_column']}', "
        f"labels: {', '.join(source['label_columns']) or 'none'}."
        if source.get("text_column")
        else ""
    )
    dropped = "; ".join(f"{n:,} {reason}" for reason, n in corpus.dropped.items())
    left_out = f" Left out: {dropped}." if dropped else ""
    whole = sum(corpus.sizes.values())
    sample = (
        f" Validation, test, map and probes work on a sample of {len(corpus):,}."
        if len(corpus) < whole
        else ""
    )
    say(f"{corpus.name}: {whole:,} sentences.{guessed}{left_out}{sample}")
