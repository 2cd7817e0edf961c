"""No package and no template may fill the docstring corpus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from vae.corpora.reasons import above

MAX_SHARE = 0.2  # of the corpus, for one package
MIN_CAP = 1_000  # sentences of one package that are never too many
MAX_ALIKE = 20  # sentences of one package that differ in the same single word

Row = tuple[str, str]  # sentence, package


def spread(rows: Sequence[Row], dropped: Counter[str]) -> list[Row]:
    """The rows, in their order, without what one template or one package has too many of.

    The rows that come first are kept: give them in the order of a hash, and the choice is a
    fair sample that does not depend on where the sentences were found.

    Args:
        rows: N pairs of sentence and package.
        dropped: the counts are added here, by reason.
    """
    kept = _limit_templates(rows)
    if len(kept) < len(rows):
        dropped[above("alike", MAX_ALIKE)] += len(rows) - len(kept)
    cap = package_cap(Counter(package for _, package in kept))
    taken: Counter[str] = Counter()
    result: list[Row] = []
    for row in kept:
        taken[row[1]] += 1
        if taken[row[1]] <= cap:
            result.append(row)
        else:
            dropped[above("share", MAX_SHARE, row[1])] += 1
    return result


def package_cap(sizes: Counter[str]) -> int:
    """The most sentences that one package may give so that it is `MAX_SHARE` of the result.

    Where `b` packages are over the cap and the others hold `rest` sentences, the cap is
    ``share * rest / (1 - share * b)``; at least `MIN_CAP`.
    """
    counts = sorted(sizes.values(), reverse=True)
    cap = float(counts[0]) if counts else 0.0
    for over in range(1, len(counts) + 1):
        if counts[over - 1] <= MAX_SHARE * (sum(counts[over:]) + cap * (over - 1) + cap):
            break
        if MAX_SHARE * over >= 1:
            break
        cap = MAX_SHARE * sum(counts[over:]) / (1 - MAX_SHARE * over)
        if over < len(counts) and counts[over] <= cap:
            break
    return max(MIN_CAP, int(cap))


def _limit_templates(rows: Sequence[Row]) -> list[Row]:
    """At most `MAX_ALIKE` rows of each template: a sentence with one word left open."""
    counts: Counter[int] = Counter()
    kept: list[Row] = []
    for sentence, package in rows:
        words = sentence.lower().split()
        templates = [
            _hash_of(package, *words[:i], "\0", *words[i + 1 :]) for i in range(len(words))
        ]
        if all(counts[template] < MAX_ALIKE for template in templates):
            counts.update(templates)
            kept.append((sentence, package))
    return kept


def _hash_of(*parts: str) -> int:
    """A key for this process only: the tuple itself would hold every word in memory."""
    return hash(parts)
