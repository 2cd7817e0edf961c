"""What a change of one factor leaves free, and what it forces on the others.

A sentence in the past tense says "yesterday", one in the future cannot: who changes its tense has
to change its time. "Last week" is lost to the future too, but a sentence without a time may stay
without one. What the grammar forces is no side effect of a change; all else is.
"""

from __future__ import annotations

from dataclasses import replace

from vae.corpora.grammar import FACTOR_NAMES, FACTOR_VALUES, Factors
from vae.corpora.slots import values_together
from vae.errors import UserError
from vae.i18n import enumeration


def must_change(factors: Factors, name: str, value: str) -> frozenset[str]:
    """The other factors that cannot keep their value where factor `name` becomes `value`.

    A factor is one of them where no sentence of the language has both its present value and the
    new one: those that the changed factor decides (time by tense, attitude by polarity, objects by
    topic), and those that decide it (a new object needs its topic). What may stay can stay all at
    once, since a sentence is a product of slots.

    Raises:
        UserError: there is no such factor, or it has no such value.
    """
    _check(name, value)
    return frozenset(
        other
        for other in FACTOR_NAMES
        if other != name and (value, getattr(factors, other)) not in values_together(name, other)
    )


def changed(factors: Factors, name: str, value: str) -> Factors | None:
    """The same sentence with one factor changed and no other; None where the grammar has none.

    Raises:
        UserError: there is no such factor, or it has no such value.
    """
    _check(name, value)
    try:
        return replace(factors, **{name: value})
    except UserError:
        return None


def free_values(factors: Factors, name: str) -> tuple[str, ...]:
    """The values, other than its own, that a factor can take with every other one kept."""
    return tuple(
        value
        for value in FACTOR_VALUES[name]
        if value != getattr(factors, name) and changed(factors, name, value) is not None
    )


def _check(name: str, value: str) -> None:
    if name not in FACTOR_VALUES:
        raise UserError(
            "There is no factor '{name}'; choose one of {names}.",
            name=name,
            names=enumeration(FACTOR_NAMES),
        )
    if value not in FACTOR_VALUES[name]:
        raise UserError(
            "The factor {name} has no value '{value}'; it has {values}.",
            name=name,
            value=value,
            values=enumeration(FACTOR_VALUES[name]),
        )
