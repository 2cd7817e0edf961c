"""Which words of a sentence say a factor? Those that would change with its value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from vae.corpora.grammar import FACTOR_NAMES, FACTOR_VALUES, Factors, parse, render
from vae.corpora.lexicon import ATTITUDES, SUBJECTS, TIMES, TOPICS, Subject, adjectives, places
from vae.errors import UserError
from vae.i18n import enumeration


def factor_words(
    sentence: str, tokens: Callable[[str], Sequence[str]]
) -> Mapping[str, tuple[int, ...]]:
    """Places of the tokens that would change if a factor had another value, for each factor.

    The sentence is written again with the factor's next value and all else as near as the grammar
    allows: another tense takes another time with it, another topic its words. A word may so count
    for several factors; one that would only be added has no place. Empty where the sentence is
    not one of the `factors` language.

    Args:
        tokens: how a model splits a sentence; the last token stands for the end.
    """
    found = parse(sentence)
    if found is None:
        return {}
    own = list(tokens(sentence))
    places_of = {}
    for name in FACTOR_NAMES:
        other = changed(found, name)
        if other is not None:
            places_of[name] = _differing(own, list(tokens(render(other))))
    return places_of


def _differing(own: list[str], other: list[str]) -> tuple[int, ...]:
    """Places in `own` whose token `other` does not have there."""
    matcher = SequenceMatcher(None, own, other, autojunk=False)
    return tuple(
        place
        for what, start, end, _, _ in matcher.get_opcodes()
        if what in ("replace", "delete")
        for place in range(start, end)
    )


def changed(factors: Factors, name: str) -> Factors | None:
    """The same factors but for one, which has its next value that fits; None where none does.

    What depends on the factor takes its value at the same place in its table.

    Raises:
        UserError: there is no such factor.
    """
    if name not in FACTOR_NAMES:
        raise UserError(
            "There is no factor '{name}'; there are {names}.",
            name=name,
            names=enumeration(FACTOR_NAMES),
        )
    values = FACTOR_VALUES[name]
    start = values.index(getattr(factors, name))
    for step in range(1, len(values)):
        found = _with(factors, name, values[(start + step) % len(values)])
        if found is not None:
            return found
    return None


def _with(factors: Factors, name: str, value: str) -> Factors | None:
    """The factors with one value changed and what depends on it mended; None where that fails."""
    if name in ("subject", "person", "number"):
        subject = _subject(factors, name, value)
        if subject is None:
            return None
        return replace(factors, subject=subject.name, person=subject.person, number=subject.number)
    mended = {name: value}
    if name == "tense":
        mended["time"] = _same_place(factors.time, TIMES[factors.tense], TIMES[value])
    elif name in ("polarity", "sentiment"):
        sentiment = value if name == "sentiment" else factors.sentiment
        polarity = value if name == "polarity" else factors.polarity
        before = ATTITUDES[factors.sentiment][factors.polarity]
        mended["attitude"] = _same_place(factors.attitude, before, ATTITUDES[sentiment][polarity])
        mended["adjective"] = _same_place(
            factors.adjective,
            adjectives(factors.topic, factors.sentiment),
            adjectives(factors.topic, sentiment),
        )
    elif name == "topic":
        old, new = TOPICS[factors.topic], TOPICS[value]
        mended["activity"] = _same_place(factors.activity, old.activities, new.activities)
        mended["object"] = _same_place(factors.object, old.objects, new.objects)
        mended["adjective"] = _same_place(
            factors.adjective,
            adjectives(factors.topic, factors.sentiment),
            adjectives(value, factors.sentiment),
        )
        mended["place"] = _same_place(factors.place, places(factors.topic), places(value))
    try:
        return replace(factors, **mended)
    except UserError:
        return None


def _subject(factors: Factors, name: str, value: str) -> Subject | None:
    """The subject that has the value and shares most else: number, then person, then name."""
    fitting = [s for s in SUBJECTS if getattr(s, "name" if name == "subject" else name) == value]
    own = (factors.number, factors.person, factors.subject)
    return max(
        fitting,
        key=lambda s: tuple(a == b for a, b in zip((s.number, s.person, s.name), own, strict=True)),
        default=None,
    )


def _same_place(value: str, before: Sequence[str], after: Sequence[str]) -> str:
    """The value itself where it still fits, else the one at its place."""
    return value if value in after else after[before.index(value)]
