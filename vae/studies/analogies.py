"""Does a - b + c say what it should? On the corpus whose grammar knows the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vae.corpora.corpus import Corpus, normalise
from vae.corpora.registry import Grammar, Values
from vae.diagnostics.bootstrap import share_of
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import message
from vae.latent.arithmetic import answers
from vae.progress import Progress, silent

MOST = 1_000
_TRIES = 50


@dataclass(frozen=True)
class Quadruple:
    """a is to b as the expected d is to c: one factor of b and c has a new value in a and d."""

    factor: str
    a: str
    b: str
    c: str
    d: str


def measure(
    explorer: Explorer, held_out: Corpus, most: int, seed: int, progress: Progress = silent
) -> dict[str, Any]:
    """How often the decoder says exactly d at a - b + c, over all factors and for each.

    The quadruples are spread evenly over the factors that can change alone (`quadruples`). Stated
    beside it: how often it says c, so that nothing has changed, and how often d comes back from its
    own mean, which is the most that any arithmetic could reach.

    Raises:
        UserError: no grammar is known of the sentences, or they are too few for a quadruple.
    """
    asked = quadruples(held_out, most, np.random.default_rng(seed))
    progress(0, 1, message("Analogies"))
    said = answers(explorer, [q.a for q in asked], [q.b for q in asked], [q.c for q in asked])
    again = explorer.decode(explorer.encode([q.d for q in asked]).mean)
    right = np.array([normalise(s) == normalise(q.d) for s, q in zip(said, asked, strict=True)])
    still = np.array([normalise(s) == normalise(q.c) for s, q in zip(said, asked, strict=True)])
    back = np.array([normalise(s) == normalise(q.d) for s, q in zip(again, asked, strict=True)])
    factor = np.array([q.factor for q in asked])
    progress(1, 1, message("Analogies"))
    return {
        "n": len(asked),
        "exact_match": share_of(right).to_dict(),
        "unchanged": share_of(still).to_dict(),
        "ceiling": share_of(back).to_dict(),
        "per_factor": [
            {"factor": name, "exact_match": share_of(right[factor == name]).to_dict()}
            for name in dict.fromkeys(q.factor for q in asked)
        ],
        "never_alone": [name for name in _grammar(held_out).factors if name not in set(factor)],
        "examples": [
            {**vars(asked[i]), "said": said[i]} for i in np.unique(factor, return_index=True)[1]
        ],
    }


def quadruples(held_out: Corpus, most: int, rng: np.random.Generator) -> list[Quadruple]:
    """At most `most` quadruples, as many for each factor that can change alone as for another.

    b and c are held-out sentences that share a factor's value and, in general, nothing else; a and
    d are they with a new value of it, the same in both, rendered by the grammar. A factor that
    the others decide or that decides others cannot change alone and has none: the sentiment, say.

    Raises:
        UserError: no grammar is known of the sentences, or they are too few for a quadruple.
    """
    grammar = _grammar(held_out)
    names = grammar.factors
    columns = zip(*(held_out.labels[name] for name in names), strict=True)
    said = [dict(zip(names, values, strict=True)) for values in columns]
    sources = {
        name: _of_factor(grammar, name, said, held_out.sentences, own)
        for name, own in zip(names, rng.spawn(len(names)), strict=True)
    }
    found: list[Quadruple] = []
    while sources and len(found) < most:
        for name in list(sources)[: most - len(found)]:
            quadruple = next(sources[name], None)
            if quadruple is None:
                del sources[name]
            else:
                found.append(quadruple)
    if not found:
        raise UserError("There are too few held-out sentences for an analogy.")
    return sorted(found, key=lambda q: names.index(q.factor))


def _grammar(corpus: Corpus) -> Grammar:
    grammar = corpus.grammar
    if grammar is None or any(name not in corpus.labels for name in grammar.factors):
        raise UserError("Analogies are measured on the factors corpus, whose grammar knows them.")
    return grammar


def _of_factor(
    grammar: Grammar,
    name: str,
    said: Sequence[Values],
    sentences: Sequence[str],
    rng: np.random.Generator,
) -> Iterator[Quadruple]:
    """One quadruple for each sentence b of which the factor can change alone, in random order."""
    rows_of: dict[str, list[int]] = {}
    for i, f in enumerate(said):
        rows_of.setdefault(f[name], []).append(i)
    for i in rng.permutation(len(said)):
        free = grammar.free(said[i], name)
        if not free:
            continue
        value = str(rng.choice(free))
        a = grammar.changed(said[i], name, value)
        others = rng.permutation(rows_of[said[i][name]])[:_TRIES]
        for j in others:
            d = grammar.changed(said[j], name, value)
            if j != i and a is not None and d is not None:
                yield Quadruple(name, a, sentences[i], sentences[j], d)
                break
