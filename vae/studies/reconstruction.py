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
        prior: of sentences decoded greedily from draws of the prior; None where the model has no
            prior.
        prior_drawn: of sentences drawn word by word from the same draws of the prior, at
            temperature 1, which is what the model says; None where it draws none, or of earlier
            versions.
        between: of those at points between two sentences; points of one path are not independent.
        paths: how many paths there were.
    """

    prior: Interval | None
    between: Interval
    paths: int
    prior_drawn: Interval | None = None


@dataclass(frozen=True)
class Reconstruction:
    """Greedy decoding of the posteriors of `n` sentences, against what the tokenizer reads.

    Attributes:
        exact_match: share of sentences that come back as they are; None without a decoder.
        exact_match_drawn: the same from one draw of each posterior; None of earlier versions.
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
    exact_match_drawn: Interval | None = None


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
    posterior = explorer.encode(sentences, progress=progress)
    mean = posterior.mean
    exact, accuracy = _returned(explorer, sentences, mean)
    n_tokens, unknown = _tokens(explorer, sentences)
    grammar = sample.grammar if explorer.latent_dim else None
    generator = torch.Generator().manual_seed(seed)
    spoken = (
        where_available(lambda: _grammatical(explorer, grammar, mean, generator))
        if grammar
        else None
    )
    drawn = None
    if explorer.latent_dim and not posterior.is_point:
        drawn, _accuracy = _returned(explorer, sentences, posterior.sample(generator))
    return asdict(
        Reconstruction(len(mean), which, exact, accuracy, n_tokens, unknown, spoken, drawn)
    )


def read(result: Mapping[str, Any]) -> Reconstruction:
    """A stored result.

    Raises:
        UserError: it is not of this shape.
    """
    return read_as(Reconstruction, result, "reconstruction")


def _returned(
    explorer: Explorer, sentences: Sequence[str], z: Tensor
) -> tuple[Interval | None, float | None]:
    said = where_available(lambda: explorer.decode(z))
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
    z = where_available(lambda: explorer.sample_prior(samples, generator))
    prior = None if z is None else accepted(explorer.decode(z))
    pairs = torch.randint(len(means), (paths, 2), generator=generator)
    inner = [
        point.sentence
        for a, b in pairs.tolist()
        for point in explorer.interpolate(means[a], means[b], _STEPS)[1:-1]
    ]
    drawn = None
    if z is not None:
        drawn = where_available(lambda: explorer.decode(z, "sample", generator=generator))
    word_by_word = None if drawn is None else accepted(drawn)
    return Grammatical(prior, accepted(inner), paths, word_by_word)
