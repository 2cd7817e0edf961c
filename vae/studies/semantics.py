"""Are sentences that lie together alike? The model's space against words and a sentence encoder."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict
from itertools import combinations
from typing import Any

import numpy as np

from vae.corpora.corpus import Corpus, normalise
from vae.diagnostics.bootstrap import Floats, Interval
from vae.diagnostics.samples import Reason
from vae.diagnostics.semantics import (
    chance_overlap,
    cosine,
    euclidean,
    neighbour_overlap,
    rank_correlation,
)
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import message
from vae.latent import sentence_encoder
from vae.latent.parts import encode_in_parts
from vae.latent.sentence_encoder import Embedder
from vae.latent.spaces import ENCODER, MODEL, SPACES, WORDS, bag_of_words
from vae.models.explorable import NotAvailableError
from vae.progress import Progress, silent
from vae.studies.sentences import at_most, drawn
from vae.studies.shapes import damaged

MOST_SENTENCES = 1_000
NEIGHBOURS = 10
DRAWS = 300
"""Bootstrap draws of the rank correlation; every one ranks half a million pairs anew."""


def measure(
    explorer: Explorer,
    corpus: Corpus,
    seed: int = 0,
    progress: Progress = silent,
    encoder: Callable[[], Embedder] = sentence_encoder.load,
) -> Mapping[str, Any]:
    """Neighbour overlap and rank correlation of distances between three spaces, as JSON.

    On up to 1,000 different held-out sentences; Euclidean distance between posterior means, cosine
    distance elsewhere. What rests on a sentence encoder is null where none is installed.

    Raises:
        NotAvailableError: the run has no latent space.
        UserError: there are too few different held-out sentences.
    """
    if not explorer.latent_dim:
        raise NotAvailableError("This run is a plain language model: it has no latent space.")
    sentences = _different(corpus, seed)
    n = len(sentences)
    if n < NEIGHBOURS + 2:
        raise UserError(
            "There are {n:,} different held-out sentences, and {needed} are needed to compare "
            "neighbours. Train on a larger text.",
            n=n,
            needed=NEIGHBOURS + 2,
        )
    distances: dict[str, Floats] = {
        MODEL: euclidean(encode_in_parts(explorer, sentences, progress).mean.numpy()),
        WORDS: cosine(bag_of_words(sentences)),
    }
    why: Reason | None = None
    try:
        distances[ENCODER] = cosine(encoder()(sentences, progress))
    except NotAvailableError as error:
        why = Reason.error(error)
    pairs = []
    for i, (a, b) in enumerate(combinations(SPACES, 2)):
        progress(i, 3, message("Comparing spaces"))
        if a in distances and b in distances:
            pairs.append(_compared(a, b, distances[a], distances[b], seed + i))
        else:
            pairs.append(
                {"a": a, "b": b, "overlap": None, "correlation": None, "why": why and asdict(why)}
            )
    progress(3, 3, message("Comparing spaces"))
    return {
        "split": "test",
        "n_sentences": n,
        "k": NEIGHBOURS,
        "chance": chance_overlap(n, NEIGHBOURS),
        "correlation_draws": DRAWS,
        "encoder": None if why else sentence_encoder.NAME,
        "pairs": pairs,
    }


def _different(corpus: Corpus, seed: int) -> tuple[str, ...]:
    """Held-out sentences, each once: a copy would be its own neighbour in every space."""
    held_out = drawn(corpus, "test", len(corpus), seed)
    first = {normalise(s): i for i, s in reversed(list(enumerate(held_out.sentences)))}
    rows = np.sort(np.fromiter(first.values(), dtype=np.intp, count=len(first)))
    return at_most(held_out, rows, MOST_SENTENCES, seed).sentences


def _compared(a: str, b: str, one: Floats, other: Floats, seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    overlap = neighbour_overlap(one, other, NEIGHBOURS, rng)
    order: Interval | None = rank_correlation(one, other, rng, DRAWS)
    return {
        "a": a,
        "b": b,
        "overlap": overlap.to_dict(),
        "correlation": order.to_dict() if order else None,
        "why": None if order else asdict(Reason("constant")),
    }


def read(result: Mapping[str, Any]) -> Mapping[str, Any]:
    """A stored result, of the shape that pages read.

    Raises:
        UserError: it has not.
    """
    try:
        fine = (
            isinstance(result["split"], str)
            and len(result["split"]) < 100
            and all(_is_count(result[name]) for name in ("n_sentences", "k", "correlation_draws"))
            and _is_within(result["chance"], 0, 1)
            and (result["encoder"] is None or isinstance(result["encoder"], str))
            and len(result["encoder"] or "") < 200
            and [(p["a"], p["b"]) for p in result["pairs"]] == list(combinations(SPACES, 2))
            and all(_is_pair(p) for p in result["pairs"])
        )
    except (KeyError, TypeError, AttributeError):
        fine = False
    if not fine:
        raise damaged("semantics")
    return result


def _is_pair(pair: Mapping[str, Any]) -> bool:
    why = pair["why"]
    if why is not None:
        try:
            Reason.of_json(why)
        except ValueError:
            return False
    intervals = (pair["overlap"], 0), (pair["correlation"], -1)
    given = [_is_interval(found, low) for found, low in intervals if found is not None]
    # What is not available says why.
    return all(given) and (len(given) == 2 or why is not None)


def _is_interval(value: Mapping[str, Any], low: float) -> bool:
    ends = [value[name] for name in ("low", "value", "high")]
    return (
        all(_is_within(v, low, 1) for v in ends)
        and _is_within(value["level"], 0, 1)
        and _is_count(value["n"])
    )


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


def _is_within(value: Any, low: float, high: float) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value) and low - 1e-9 <= value <= high + 1e-9
