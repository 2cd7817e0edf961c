"""What comes back: sentences from their own posterior mean, and what the decoder says elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from vae.corpora.corpus import Corpus, normalise
from vae.corpora.registry import Grammar
from vae.diagnostics.bootstrap import Interval, share_of
from vae.diagnostics.fitness import RoundTrip, round_trip
from vae.diagnostics.latent_swap import strangers, too_alike
from vae.diagnostics.samples import Sample
from vae.explorer import Explorer
from vae.models.explorable import where_available
from vae.progress import Progress, silent
from vae.studies.sentences import drawn
from vae.studies.shapes import read_as

_PRIOR_SAMPLES = 2_000
_PATHS = 500
_STEPS = 9
_TRAINED = 500
"""Training sentences that are looked at: their share is known to within 4.4%."""


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
        trip: the same beside what another sentence's mean says; None of earlier versions.
    """

    n: int
    which: Sample
    exact_match: Interval | None
    token_accuracy: float | None
    n_tokens: int | None
    unknown_tokens: int | None
    grammatical: Grammatical | None
    exact_match_drawn: Interval | None = None
    trip: RoundTrip | None = None


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
    said = where_available(lambda: explorer.decode(mean))
    exact = None if said is None else _exact(explorer, sentences, said)
    trip = None if said is None or exact is None else _trip(explorer, sentences, said, exact, seed)
    n_tokens, unknown = _tokens(explorer, sentences)
    grammar = sample.grammar if explorer.latent_dim else None
    generator = torch.Generator().manual_seed(seed)
    spoken = (
        where_available(lambda: _grammatical(explorer, grammar, mean, generator))
        if grammar
        else None
    )
    by_draw = None
    if explorer.latent_dim and not posterior.is_point:
        z = posterior.sample(generator)
        again = where_available(lambda: explorer.decode(z))
        by_draw = None if again is None else share_of(_exact(explorer, sentences, again))
    return asdict(
        Reconstruction(
            len(mean),
            which,
            None if exact is None else share_of(exact),
            None if trip is None else trip.tokens,
            n_tokens,
            unknown,
            spoken,
            by_draw,
            trip,
        )
    )


def trained(explorer: Explorer, learned: Corpus, seed: int, progress: Progress) -> RoundTrip | None:
    """What comes back of at most 500 training sentences, which differ.

    None where the run did not learn them, or cannot write.
    """
    if explorer.run.adapter() or not len(learned.indices("train")):
        return None
    texts = drawn(learned, "train", _TRAINED, seed).sentences
    return round_trip_of(explorer, list({normalise(s): s for s in texts}.values()), seed, progress)


def round_trip_of(
    explorer: Explorer, sentences: Sequence[str], seed: int, progress: Progress = silent
) -> RoundTrip | None:
    """What comes back of N sentences from their posterior means; None where the model is silent.

    Raises:
        UserError: a sentence cannot be read.
    """
    mean = explorer.encode(sentences, progress=progress).mean
    said = where_available(lambda: explorer.decode(mean))
    if said is None:
        return None
    return _trip(explorer, sentences, said, _exact(explorer, sentences, said), seed)


def read(result: Mapping[str, Any]) -> Reconstruction:
    """A stored result.

    Raises:
        UserError: it is not of this shape.
    """
    return read_as(Reconstruction, result, "reconstruction")


def _exact(explorer: Explorer, sentences: Sequence[str], said: Sequence[str]) -> list[bool]:
    """(N,) whether each comes back as the tokenizer reads it."""
    read = map(explorer.as_read, sentences)
    return [normalise(a) == normalise(b) for a, b in zip(said, read, strict=True)]


def _trip(
    explorer: Explorer,
    sentences: Sequence[str],
    said: Sequence[str],
    exact: Sequence[bool],
    seed: int,
) -> RoundTrip | None:
    """Of what N means say, and `exact` of that; None where the model names no tokens."""

    def tokens(texts: Iterable[str]) -> list[tuple[str, ...]] | None:
        return where_available(lambda: [explorer.tokens(text) for text in texts])

    read, spoken = tokens(map(explorer.as_read, sentences)), tokens(said)
    if read is None or spoken is None:
        return None
    rng = np.random.default_rng(seed)
    others = None if too_alike(sentences) else [spoken[i] for i in strangers(sentences, rng)]
    return round_trip(
        exact,
        [len(r) for r in read],
        _hits(spoken, read),
        None if others is None else _hits(others, read),
        rng,
    )


def _hits(said: Sequence[Sequence[str]], read: Sequence[Sequence[str]]) -> list[int]:
    """(N,) tokens of each sentence that stand where they stood."""
    pairs = zip(said, read, strict=True)
    return [sum(x == y for x, y in zip(a, b, strict=False)) for a, b in pairs]


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
        return share_of([grammar.parse(s) is not None for s in said])

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
