"""What does z tell the decoder, word by word? Gains of log-likelihood over a foreign z.

The same sentence is scored under its own z, under the z of another sentence and under one from the
prior. What its own z gains is what the decoder reads. Bosc and Vincent (2020) found that text VAEs
memorise the first words and the length: so gains are told by position, and the end by itself. The
words before a word are given in all three cases, so a late word that the earlier ones give away
gains little even where z holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vae.diagnostics.bootstrap import DRAWS, LEVEL, Floats, Interval, bootstrap_mean
from vae.diagnostics.latent_swap import Scores
from vae.i18n import _, message
from vae.progress import Progress, silent

OPENING = 3
"""Words that count as the opening of a sentence."""
LEAST = 20
"""Words that a group has at least; of fewer nothing is said."""
FEWEST_SENTENCES = 10
"""Sentences that they stand in at least: those of one have no interval, however many they are."""
CERTAIN = 0.01
"""Nats a word: of less surprise no share is told, but of this much."""
LITTLE = 1.0
"""Nats a sentence: less is as good as nothing heard."""
NEARLY = 0.1
"""Shares of surprise that differ by less count as alike."""
MOST_POSITIONS = 40
MOST_RANKED = 1_000
BANDS = ((1, 10), (11, 30), (31, 100), (101, MOST_RANKED))
"""Parts of a vocabulary, by rank of frequency."""
_RANK = "rank:"
_UNSEEN = f"{_RANK}none"


@dataclass(frozen=True)
class Gain:
    """What its own z gains a group of words, nats a word, with intervals over sentences.

    Attributes:
        name: of the group: a place, a factor, "rank:FIRST-LAST" or "rank:none".
        words: how many there are.
        own, another, prior: mean log p of a word under the three latents.
        over_another, over_prior: what own gains over the others.
        resolved: the share of -log p under another's z that own z takes away: words that are easy
            to guess gain little, and may be resolved all the same. Of words that are surer than
            `CERTAIN` it is the share of that.
    """

    name: str
    words: int
    own: float
    another: float
    prior: float
    over_another: Interval
    over_prior: Interval
    resolved: Interval

    @property
    def title(self) -> str:
        """The name, for a person."""
        if not self.name.startswith(_RANK):
            return self.name
        first, _dash, last = self.name.removeprefix(_RANK).partition("-")
        if self.name == _UNSEEN:
            return _("not seen there")
        if not last:
            return _("rank above {rank:,}", rank=int(first) - 1)
        if first == "1":
            return _("{n} most frequent", n=int(last))
        return _("rank {first:,} to {last:,}", first=int(first), last=int(last))


@dataclass(frozen=True)
class Listening:
    """What the decoder hears of z, nats a sentence, and where.

    Attributes:
        own, another, prior: mean log p(x|z) under the sentence's own z, another's, a prior one.
        over_another, over_prior: mean gain of own, sentence by sentence.
        opening, rest, end: the first words, the others, and the end of the sentence.
        positions: each place in the sentence, the end left out.
    """

    own: Interval
    another: Interval
    prior: Interval
    over_another: Interval
    over_prior: Interval
    opening: Gain | None
    rest: Gain | None
    end: Gain | None
    positions: tuple[Gain, ...]


def listening(scores: Scores, rng: np.random.Generator) -> Listening:
    """What the decoder hears overall and by position; later positions are left out."""
    totals = [scores.totals(v) for v in (scores.own, scores.another, scores.prior)]
    inside = ~scores.end
    groups = {
        "opening": inside & (scores.position < OPENING),
        "rest": inside & (scores.position >= OPENING),
        "end": scores.end,
    }
    parts = gains(scores, groups, rng)
    last = min(int(scores.position.max()), MOST_POSITIONS)
    positions = {str(p + 1): inside & (scores.position == p) for p in range(last)}
    by_name = {part.name: part for part in parts}
    return Listening(
        own=bootstrap_mean(totals[0], rng),
        another=bootstrap_mean(totals[1], rng),
        prior=bootstrap_mean(totals[2], rng),
        over_another=bootstrap_mean(totals[0] - totals[1], rng),
        over_prior=bootstrap_mean(totals[0] - totals[2], rng),
        opening=by_name.get("opening"),
        rest=by_name.get("rest"),
        end=by_name.get("end"),
        positions=gains(scores, positions, rng),
    )


def gains(
    scores: Scores, groups: Mapping[str, npt.NDArray[np.bool_]], rng: np.random.Generator
) -> tuple[Gain, ...]:
    """The gain of each group of words (W,).

    A group of fewer than `LEAST` words, or in fewer than `FEWEST_SENTENCES`, is left out. A word's
    neighbours are no independent draws: whole sentences are drawn again.
    """
    kept = {name: chosen for name, chosen in groups.items() if _enough(scores, chosen)}
    if not kept:
        return ()

    def by_sentence(values: Floats) -> Floats:
        """(N, G) sums."""
        columns = [scores.totals(np.where(chosen, values, 0.0)) for chosen in kept.values()]
        return np.stack(columns, axis=1)

    counts = by_sentence(np.ones(len(scores.own)))
    drawn = rng.multinomial(scores.n, np.full(scores.n, 1 / scores.n), size=DRAWS)
    weights = drawn.astype(np.float64)

    def intervals(over: Floats, under: Callable[[Floats], Floats]) -> list[Interval]:
        """Of ratios of sums over sentences, each counted as often as weights (..., N) say."""
        with np.errstate(invalid="ignore", divide="ignore"):
            again = (weights @ over) / under(weights)  # (draws, G)
        low, high = np.nanquantile(again, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
        value, n = over.sum(0) / under(np.ones(scores.n)), (counts > 0).sum(0)
        return [
            Interval(float(value[g]), float(low[g]), float(high[g]), LEVEL, int(n[g]))
            for g in range(len(kept))
        ]

    own, another, prior = map(by_sentence, (scores.own, scores.another, scores.prior))

    def words(of: Floats) -> Floats:
        return np.asarray(of @ counts)

    def surprise(of: Floats) -> Floats:
        # A share of next to no surprise would be any number at all.
        return np.maximum(of @ -another, CERTAIN * words(of))

    over = (
        intervals(own - another, words),
        intervals(own - prior, words),
        intervals(own - another, surprise),
    )
    return tuple(
        Gain(
            name=name,
            words=int(chosen.sum()),
            own=float(scores.own[chosen].mean()),
            another=float(scores.another[chosen].mean()),
            prior=float(scores.prior[chosen].mean()),
            over_another=over[0][g],
            over_prior=over[1][g],
            resolved=over[2][g],
        )
        for g, (name, chosen) in enumerate(kept.items())
    )


def vocabulary_gains(
    scores: Scores, counts: Mapping[str, int], rng: np.random.Generator
) -> tuple[Gain, ...]:
    """The gain by how frequent a word is in other text: bands of its rank there.

    Args:
        counts: how often each word was seen; ranks follow it. The end of a sentence is no word.
    """
    ranks = {word: r for r, word in enumerate(sorted(counts, key=lambda w: (-counts[w], w)), 1)}
    rank = np.array([ranks.get(word, 0) for word in scores.words])
    groups = {
        f"{_RANK}{low}-{high}": ~scores.end & (rank >= low) & (rank <= high) for low, high in BANDS
    }
    groups[f"{_RANK}{MOST_RANKED + 1}-"] = ~scores.end & (rank > MOST_RANKED)
    groups[_UNSEEN] = ~scores.end & (rank == 0)
    return gains(scores, groups, rng)


def factor_gains(
    scores: Scores,
    sentences: Sequence[str],
    words_of: Callable[[str], Mapping[str, Sequence[int]]],
    rng: np.random.Generator,
    progress: Progress = silent,
) -> tuple[Gain, ...]:
    """The gain of the words that say each factor; a word may count for several.

    Args:
        words_of: the places of each factor's words in a sentence, as a `Grammar` finds them.
    """
    starts = np.searchsorted(scores.sentence, np.arange(len(sentences)))
    groups: dict[str, npt.NDArray[np.bool_]] = {}
    for i, sentence in enumerate(sentences):
        for name, places in words_of(sentence).items():
            chosen = groups.setdefault(name, np.zeros(len(scores.own), dtype=bool))
            chosen[starts[i] + np.array(places, dtype=np.intp)] = True
        if i % 50 == 0:
            progress(i, len(sentences), message("Finding the words of each factor"))
    return gains(scores, groups, rng)


def _enough(scores: Scores, chosen: npt.NDArray[np.bool_]) -> bool:
    sentences = len(np.unique(scores.sentence[chosen]))
    return bool(chosen.sum() >= LEAST and sentences >= FEWEST_SENTENCES)


def opening_finding(heard: Listening) -> str:
    """Whether z holds the opening alone, as Bosc and Vincent (2020) found, in a sentence."""
    if heard.opening is None or heard.rest is None:
        return _("The sentences are too short to tell their opening from the rest.")
    first, later = heard.opening.resolved, heard.rest.resolved
    # A share of almost nothing is not "−0%".
    figures = {
        "words": OPENING,
        "first": round(first.value, 2) + 0.0,
        "later": round(later.value, 2) + 0.0,
    }
    if heard.over_another.high < LITTLE:
        return _(
            "The decoder hears next to nothing: its own z takes {first:.0%} of the surprise from "
            "the first {words} words and {later:.0%} from the later ones.",
            **figures,
        )
    if first.low > later.high + NEARLY:
        return _(
            "The opening is what z holds: its own z takes {first:.0%} of the surprise from the "
            "first {words} words and {later:.0%} from the later ones. Bosc and Vincent (2020) "
            "found that text VAEs memorise the first words.",
            **figures,
        )
    return _(
        "z holds more than the opening, to which Bosc and Vincent (2020) found text VAEs limited: "
        "its own z takes {first:.0%} of the surprise from the first {words} words and {later:.0%} "
        "from the later ones.",
        **figures,
    )


def length_finding(heard: Listening) -> str:
    """What z tells of the length beyond what the words tell, in a sentence; "" where unknown."""
    if heard.end is None:
        return ""
    figures = {"surprise": -heard.end.another, "gain": heard.end.over_another.value}
    if figures["surprise"] < 0.5:
        return _(
            "Where the sentence ends its words nearly tell ({surprise:.2f} nats of surprise under "
            "another's z), which says nothing of what z holds of the length.",
            **figures,
        )
    if heard.end.resolved.low > 0.5:
        return _(
            "The end of the sentence gains {gain:.2f} of {surprise:.2f} nats: z tells when to stop "
            "where the words do not.",
            **figures,
        )
    return _(
        "The end of the sentence gains {gain:.2f} of {surprise:.2f} nats: z tells little of the "
        "length.",
        **figures,
    )
