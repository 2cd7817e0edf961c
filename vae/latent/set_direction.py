"""A direction from two sets of sentences that a person picked: so few that each one counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vae.corpora.corpus import normalise
from vae.diagnostics.bootstrap import mean_interval, share_of
from vae.errors import UserError
from vae.i18n import message
from vae.latent.directions import (
    HOWS,
    Direction,
    Floats,
    Told,
    hits,
    random_hits,
    value_space,
)
from vae.models.explorable import Explorable

SOURCE, TARGET = "the first set", "the second set"
MOST_PICKED = 2_000
_FOLDS = 5


@dataclass(frozen=True)
class SetDirection:
    """A direction from the first set to the second, and how well it tells them apart.

    Attributes:
        direction: from all the sentences.
        told: cross-validated: each sentence is placed by a direction made without it. Both sets
            count alike, however large each is, so that chance is one half: of a large set nearly
            all lie on its side of any middle, whatever the sets are.
        folds: of the cross-validation; as many as the smaller set has sentences, 5 at most.
    """

    direction: Direction
    told: Told
    folds: int


def set_directions(
    explorable: Explorable,
    source: Sequence[str],
    target: Sequence[str],
    seed: int = 0,
) -> dict[str, SetDirection]:
    """Directions from a set of sentences to another, one for each of `HOWS`.

    A sentence that a set holds twice counts once. The accuracy is the mean of those of both sets;
    its interval is made of theirs (`mean_interval`), and takes the sentences as drawn at random
    from all that might have been picked.

    Args:
        source, target: 2 to 2,000 sentences each, none of them in both.
        seed: of the folds and of the random control.

    Raises:
        UserError: a set is too small or too large, a sentence is in both or cannot be read, or both
            sets have the same mean.
    """
    sets = [_distinct(sentences) for sentences in (source, target)]
    _check(*sets)
    z = explorable.encode([s for each in sets for s in each.values()]).mean.double().numpy()
    is_target = np.arange(len(z)) >= len(sets[0])
    rng = np.random.default_rng(seed)
    folds = min(_FOLDS, *map(len, sets))
    fold = np.concatenate([rng.permutation(len(each)) % folds for each in sets])
    return {how: _measured(z, is_target, fold, how, rng) for how in HOWS}


def _measured(
    z: Floats,
    is_target: npt.NDArray[np.bool_],
    fold: npt.NDArray[np.intp],
    how: str,
    rng: np.random.Generator,
) -> SetDirection:
    names = np.where(is_target, TARGET, SOURCE)
    right, controls, folds = np.zeros(len(z), dtype=bool), [], int(fold.max()) + 1
    for k in range(folds):
        out = fold == k
        space = value_space(z[~out], names[~out].tolist())
        direction = space.direction(TARGET, SOURCE, how)
        right[out] = hits(direction, z[out], is_target[out])
        for one in (out & is_target, out & ~is_target):
            controls.append(random_hits(space, direction, z[one], is_target[one], rng))
    accuracy = mean_interval([share_of(right[one]) for one in (is_target, ~is_target)])
    told = Told(accuracy, 0.5, float(np.mean(controls)))
    whole = value_space(z, names.tolist()).direction(TARGET, SOURCE, how)
    return SetDirection(whole, told, folds)


def _distinct(sentences: Sequence[str]) -> dict[str, str]:
    """Normalised sentence to the first that is written so; empty ones are left out."""
    found: dict[str, str] = {}
    for sentence in sentences:
        if key := normalise(sentence):
            found.setdefault(key, sentence)
    return found


def _check(source: dict[str, str], target: dict[str, str]) -> None:
    first, second = message("the first set"), message("the second set")
    for name, each in ((first, source), (second, target)):
        if not 2 <= len(each) <= MOST_PICKED:
            raise UserError(
                "Pick from {least} to {most:,} different sentences for {name}, not {n:,}.",
                least=2,
                most=MOST_PICKED,
                name=name,
                n=len(each),
            )
    if both := [source[key] for key in source if key in target]:
        raise UserError(
            "“{sentence}” is in both sets. Take it out of one of them.", sentence=both[0]
        )
