"""Which dimensions of a run are in use, and what each seems to stand for."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from vae.corpora.label_names import label_name, value_name
from vae.diagnostics.information import falling
from vae.diagnostics.label_reader import with_length
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import Message, nmessage
from vae.latent.names import read_names
from vae.latent.naming import DimensionName, name_dimensions
from vae.latent.spread import spread_of
from vae.models import Posterior
from vae.studies import dimensions, made


@dataclass(frozen=True)
class Informative:
    """The dimensions of a run, most informative first.

    Attributes:
        order: (Z,) indices of the dimensions by falling `weight`.
        weight: (Z,) of each dimension (not sorted) KL(q(z_d|x) || p(z_d)) in nats, mean over
            sentences; where the model keeps a point, the standard deviation of the code.
        sample: how many sentences those are, and which.
        names: (Z) what each dimension seems to stand for; None where no label tells.
        given: dimension to the name that a person gave it, where one did.
    """

    order: tuple[int, ...]
    weight: tuple[float, ...]
    sample: Message
    names: tuple[DimensionName | None, ...]
    given: Mapping[int, str] = field(default_factory=dict)

    @property
    def titles(self) -> tuple[str, ...]:
        """(Z) `title` of every dimension."""
        return tuple(map(self.title, range(len(self.names))))

    def title(self, dimension: int) -> str:
        """The name that a person gave a dimension, else the label it tells of, else nothing."""
        proposed = self.names[dimension]
        return self.given.get(dimension) or (proposed.column if proposed else "")

    def worded(self, explorer: Explorer, given: Mapping[int, str]) -> Informative:
        """The same with labels and their values in the reader's language, and given names."""
        names = tuple(name and _worded(name, explorer) for name in self.names)
        return replace(self, names=names, given=given)


def informative(explorer: Explorer) -> Informative:
    """Which dimensions of a run are in use, in words; a file of names that is damaged is none."""
    given: Mapping[int, str] = {}
    with contextlib.suppress(UserError):
        given = read_names(explorer.run)
    return measured(explorer).worded(explorer, given)


def measured(explorer: Explorer) -> Informative:
    """Without words: by the run's study, so that every page says the same; before that is made on
    its atlas, else on its example sentences.
    """
    if (found := _studied(explorer)) is not None:
        weight = torch.tensor(found.weight)
        sample = nmessage("{n:,} held-out sentence", "{n:,} held-out sentences", found.n)
        names: Sequence[DimensionName | None] = found.proposed
    elif has_atlas(explorer):
        weight, n = _weight(explorer.atlas.posterior), len(explorer.atlas)
        sample = nmessage("{n:,} sentence of the corpus", "{n:,} sentences of the corpus", n)
        names = _named_by_atlas(explorer)
    else:
        examples = explorer.examples()
        weight = _weight(explorer.encode(examples))
        sample = nmessage("{n:,} example sentence", "{n:,} example sentences", len(examples))
        names = [None] * explorer.latent_dim
    return Informative(tuple(falling(weight)), tuple(weight.tolist()), sample, tuple(names))


def has_atlas(explorer: Explorer) -> bool:
    """Whether the run's sentences are on this machine."""
    try:
        return len(explorer.atlas) > 0
    except UserError:
        return False


def _weight(posterior: Posterior) -> Tensor:
    if posterior.is_point:
        return spread_of(posterior).deviation
    return posterior.kl_per_dimension().mean(0)


def _studied(explorer: Explorer) -> dimensions.DimensionStudy | None:
    try:
        if (stored := made(explorer.run, "dimensions")) is None:
            return None
        found = dimensions.read(stored)
    except UserError:  # the page Meaning says that it is damaged
        return None
    return found if len(found.proposed) == explorer.latent_dim else None


def _named_by_atlas(explorer: Explorer) -> Sequence[DimensionName | None]:
    atlas = explorer.atlas
    drawn = atlas.posterior.sample(torch.Generator().manual_seed(0)).numpy()
    return name_dimensions(drawn, with_length(atlas.labels, atlas.sentences), atlas.types)


def _worded(name: DimensionName, explorer: Explorer) -> DimensionName:
    source = explorer.facts().get("corpus", {}).get("source") or {}
    return replace(
        name,
        column=label_name(name.column, source),
        low=value_name(name.column, name.low, source),
        high=value_name(name.column, name.high, source),
    )
