"""What comes back: sentences from their own posterior mean, and what the decoder says elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from vae.corpora.corpus import Corpus, normalise
from vae.corpora.registry import Grammar
from vae.diagnostics.bootstrap import Interval, share_interval
from vae.diagnostics.samples import Sample
from vae.explorer import Explorer
from vae.models.explorable import where_available
from vae.progress import Progress, silent
from vae.studies.shapes import read_as

_PRIOR_SAMPLES = 2_000
_PATHS = 500
_STEPS = 9


@dataclass(frozen=True)
class Grammatical:
    """Shares of decoded sentences that the corpus's grammar accepts.

    Attributes:
        prior: of sentences decoded from draws of the prior.
        between: of those at points between two sentences; points of one path are not independent.
        paths: how many paths there were.
    """

    prior: Interval
    between: Interval
    paths: int


@dataclass(frozen=True)
class Reconstruction:
    """Greedy decoding of the posterior means of `n` sentences, against what the tokenizer reads.

    Attributes:
        exact_match: share of sentences that come back as they are; None without a decoder.
        token_accuracy: share of tokens that stand where they stood, ends counted.
        n_tokens, unknown_tokens: tokens of all sentences, and those that the model does not know.
        grammatical: None where no grammar is known of the sentences, or without a decoder.
    """

    n: int
    which: Sample
    exact_match: Interval | None
    token_accuracy: float | None
    n_tokens: int | None
    unknown_tokens: int | None
    grammatical: Grammatical | None


def measure(
    explorer: Explorer, sample: Corpus, which: Sample, seed: int = 0, progress: Progress = silent
) -> dict[str, Any]:
    """Reconstruct the sentences of a sample; see `Reconstruction`.

    At most as many draws of the prior are decoded as there are sentences, and a quarter as many
    paths.

    Raises:
        UserError: a sentence cannot be read.
    """
    sentences = sample.sentences
    mean = explorer.encode(sentences, progress=progress).mean
    exact, accuracy = _returned(explorer, sentences, mean)
    n_tokens, unknown = _tokens(explorer, sentences)
    grammar = sample.grammar if explorer.latent_dim else None
    generator = torch.Generator().manual_seed(seed)
    spoken = (
        where_available(lambda: _grammatical(explorer, grammar, mean, generator))
        if grammar
        else None
    )
    return asdict(Reconstruction(len(sentences), which, exact, accuracy, n_tokens, unknown, spoken))


def read(result: Mapping[str, Any]) -> Reconstruction:
    """A stored result.

    Raises:
        UserError: it is not of this shape.
    """
    return read_as(Reconstruction, result, "reconstruction")


def _returned(
    explorer: Explorer, sentences: Sequence[str], mean: Tensor
) -> tuple[Interval | None, float | None]:
    said = where_available(lambda: explorer.decode(mean))
    if said is None:
        return None, None
    read = [explorer.as_read(s) for s in sentences]
    exact = sum(normalise(a) == normalise(b) for a, b in zip(said, read, strict=True))
    hits = where_available(lambda: _hits(explorer, said, read))
    return share_interval(exact, len(read)), hits


def _hits(explorer: Explorer, said: Sequence[str], read: Sequence[str]) -> float:
    pairs = [(explorer.tokens(a), explorer.tokens(b)) for a, b in zip(said, read, strict=True)]
    same = sum(sum(x == y for x, y in zip(a, b, strict=False)) for a, b in pairs)
    return same / sum(len(b) for _, b in pairs)


def _tokens(explorer: Explorer, sentences: Sequence[str]) -> tuple[int | None, int | None]:
    split = where_available(lambda: [explorer.tokens(s) for s in sentences])
    if split is None:
        return None, None
    unknown = where_available(lambda: [set(explorer.unknown_words(s)) for s in sentences])
    if unknown is None:
        return sum(map(len, split)), None
    pairs = zip(split, unknown, strict=True)
    return (
        sum(map(len, split)),
        sum(t in words for tokens, words in pairs for t in tokens[:-1]),
    )


def _grammatical(
    explorer: Explorer, grammar: Grammar, means: Tensor, generator: torch.Generator
) -> Grammatical:
    def accepted(said: Sequence[str]) -> Interval:
        hits = np.array([grammar.parse(s) is not None for s in said])
        return share_interval(int(hits.sum()), len(hits))

    samples, paths = min(_PRIOR_SAMPLES, len(means)), min(_PATHS, -(-len(means) // 4))
    prior = explorer.decode(explorer.sample_prior(samples, generator))
    pairs = torch.randint(len(means), (paths, 2), generator=generator)
    inner = [
        point.sentence
        for a, b in pairs.tolist()
        for point in explorer.interpolate(means[a], means[b], _STEPS)[1:-1]
    ]
    return Grammatical(accepted(prior), accepted(inner), paths)
