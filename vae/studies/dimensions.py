"""What does each dimension do? The study "dimensions": information, names, ends, and changes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import torch

from vae.corpora.corpus import Corpus
from vae.corpora.label_ranges import with_ranges
from vae.diagnostics.bootstrap import Interval
from vae.diagnostics.information import falling
from vae.diagnostics.label_information import SHUFFLES, LabelInformation, countable, information
from vae.diagnostics.label_reader import LabelReader, reader_for, with_length
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import message
from vae.i18n.numbers import ERRORS
from vae.latent import traversal
from vae.latent.naming import NOT_A_FACTOR, DimensionName, best_names
from vae.latent.spread import Spread, spread_of
from vae.models import Posterior
from vae.models.explorable import NotAvailableError
from vae.progress import Progress, silent
from vae.studies.labelled import LeftOut, Probe
from vae.studies.sentences import drawn
from vae.studies.shapes import damaged, read_as, rounded

HELD_OUT = 4_000
MOVED = 200
LEARNED = 3_000
SHOWN = 5
_DIGITS = 5
_LONGEST_VALUE = 200

Floats = tuple[float, ...]
Shares = tuple[float | None, ...]


@dataclass(frozen=True)
class Kept:
    """(Z,) KL of each dimension to the prior, in nats: the mean with a normal 95% interval."""

    value: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Told:
    """What a draw of each of Z dimensions tells of a label, in nats (`LabelInformation`)."""

    label: str
    value: Floats
    low: Floats
    high: Floats
    chance: Floats
    entropy: float
    values: int


@dataclass(frozen=True)
class Changed:
    """How often a label differs between both ends of Z dimensions, with Wilson's interval.

    Attributes:
        value, low, high: (Z,) shares; None where no sentence could be read.
        random: the same along random directions, as far; None where none could be read.
    """

    label: str
    value: Shares
    low: Shares
    high: Shares
    random: Interval | None


@dataclass(frozen=True)
class Ends:
    """Keys (`key`) of the map's sentences at the low end of a dimension, its median, its high."""

    low: tuple[str, ...]
    middle: tuple[str, ...]
    high: tuple[str, ...]


@dataclass(frozen=True)
class Moved:
    """What changes when a dimension is moved from `start` to `end`, all else as in the sentence.

    Attributes:
        sentences: how many were moved.
        read_by: "grammar" or "probes"; `accuracy` is that of the probes.
        readable: (Z,) how many could be read at both ends.
        same: how often nothing changed at all (its label is empty).
    """

    start: float
    end: float
    sentences: int
    read_by: Literal["grammar", "probes"]
    accuracy: tuple[Probe, ...]
    readable: tuple[int, ...]
    same: Changed
    labels: tuple[Changed, ...]


@dataclass(frozen=True)
class DimensionStudy:
    """The result.

    Attributes:
        n: held-out sentences of `kl` and `told`.
        kl: None where the model keeps a point.
        deviation: (Z,) standard deviation of the code in each dimension, where it does; the places
            of `moved` are in these, around the mean code.
        shuffles: how often the labels were shuffled for `Told.chance`.
        proposed: (Z,) names.
        ends: (Z,), or nothing where the run has no map.
    """

    n: int
    shuffles: int
    kl: Kept | None
    told: tuple[Told, ...]
    left_out: tuple[LeftOut, ...]
    proposed: tuple[DimensionName | None, ...]
    ends: tuple[Ends, ...]
    moved: Moved
    deviation: Floats | None = None

    @property
    def weight(self) -> Floats:
        """(Z,) what the dimensions are ranked by: KL, or without one the deviation of the code."""
        return self.kl.value if self.kl else self.deviation or (0.0,) * len(self.proposed)

    @property
    def order(self) -> list[int]:
        """(Z,) the dimensions by falling `weight`."""
        return falling(self.weight)

    def ties(self, d: int) -> int:
        """How many other dimensions have a KL whose interval meets that of dimension d."""
        if self.kl is None:
            return 0
        low, high = self.kl.low[d], self.kl.high[d]
        each = zip(self.kl.low, self.kl.high, strict=True)
        return sum(start <= high and low <= end for start, end in each) - 1


def measure(
    explorer: Explorer, corpus: Corpus, seed: int = 0, progress: Progress = silent
) -> dict[str, Any]:
    """Information on 4,000 held-out sentences, and what moving 200 of them changes.

    The result holds no sentence, only keys of those of the map: nobody's text travels with a run.

    Raises:
        NotAvailableError: the run has no latent space.
        UserError: too few sentences are held out.
    """
    if explorer.latent_dim == 0:
        raise NotAvailableError(
            "'{run}' is a plain language model: it has no dimension to study. Choose another run.",
            run=explorer.name,
        )
    held_out = drawn(corpus, "test", HELD_OUT, seed)
    progress(0, 1, message("Encoding sentences"))
    posterior = explorer.encode(held_out.sentences)
    z = posterior.sample(torch.Generator().manual_seed(seed)).numpy()
    labels = {k: v for k, v in held_out.labels.items() if k not in NOT_A_FACTOR}
    kept, left_out = countable(with_length(labels, held_out.sentences), held_out.types)
    rng = np.random.default_rng(seed)
    told = information(z, kept, rng, progress=progress)
    names = best_names(told, kept, z)
    ranged = with_ranges(corpus)
    train, asked = drawn(ranged, "train", LEARNED, seed), drawn(ranged, "test", HELD_OUT, seed)
    reader = reader_for(explorer, train, asked, progress)
    rows = rng.permutation(len(z))[:MOVED]
    spread = spread_of(posterior)
    study = DimensionStudy(
        n=len(z),
        shuffles=SHUFFLES,
        kl=None if posterior.is_point else _kl(posterior),
        told=tuple(_told(label, found) for label, found in told.items()),
        left_out=tuple(LeftOut(label, why) for label, why in left_out.items()),
        proposed=tuple(map(_short, names)),
        ends=_ends(explorer),
        moved=_moved(explorer, reader, posterior.mean[rows], spread, seed, progress),
        deviation=_floats(spread.deviation.numpy()) if posterior.is_point else None,
    )
    result: dict[str, Any] = rounded(asdict(study), _DIGITS)
    return result


def read(result: Mapping[str, Any]) -> DimensionStudy:
    """A stored result, from somebody else perhaps.

    Raises:
        UserError: it cannot be shown.
    """
    study = read_as(DimensionStudy, result, "dimensions")
    z = len(study.proposed)
    columns: list[Kept | Told | Changed] = [
        *([study.kl] if study.kl else []),
        *study.told,
        study.moved.same,
        *study.moved.labels,
    ]
    lengths = {len(c) for column in columns for c in (column.value, column.low, column.high)}
    lengths |= {len(study.weight), len(study.moved.readable)}
    lengths |= {len(told.chance) for told in study.told}
    keys = [k for e in study.ends for k in (*e.low, *e.middle, *e.high)]
    if lengths != {z} or len(study.ends) not in (0, z) or not all(map(_is_key, keys)):
        raise damaged("dimensions")
    return study


def key_of(sentence_key: int) -> str:
    """The key of a sentence as it stands in the study."""
    return f"{sentence_key:016x}"


def _is_key(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9a-f]{16}", text))


def _kl(posterior: Posterior) -> Kept:
    kl = posterior.kl_per_dimension().double().numpy()  # (N, Z)
    reach = ERRORS * kl.std(0) / np.sqrt(len(kl))
    middle = kl.mean(0)
    return Kept(_floats(middle), _floats(np.maximum(middle - reach, 0.0)), _floats(middle + reach))


def _told(label: str, found: LabelInformation) -> Told:
    return Told(
        label,
        value=_floats(found.value),
        low=_floats(found.low),
        high=_floats(found.high),
        chance=_floats(found.chance),
        entropy=found.entropy,
        values=found.values,
    )


def _short(name: DimensionName | None) -> DimensionName | None:
    return name and replace(name, low=name.low[:_LONGEST_VALUE], high=name.high[:_LONGEST_VALUE])


def _ends(explorer: Explorer) -> tuple[Ends, ...]:
    try:
        atlas = explorer.atlas
    except UserError:  # no map, or its sentences are not on this machine
        return ()
    out = []
    for d in range(atlas.mean.shape[1]):
        order = np.argsort(atlas.mean[:, d], kind="stable")
        half = max(0, (len(order) - SHOWN) // 2)
        places = order[:SHOWN], order[half : half + SHOWN], order[::-1][:SHOWN]
        out.append(Ends(*(tuple(key_of(int(atlas.keys[i])) for i in rows) for rows in places)))
    return tuple(out)


def _moved(
    explorer: Explorer,
    reader: LabelReader,
    z: torch.Tensor,
    spread: Spread,
    seed: int,
    progress: Progress,
) -> Moved:
    along = traversal.along_each_dimension(explorer, reader, z, progress, spread)
    generator = torch.Generator().manual_seed(seed)
    control = traversal.along_random_directions(explorer, reader, z, generator, spread)
    return Moved(
        start=traversal.LOW,
        end=traversal.HIGH,
        sentences=len(z),
        read_by="grammar" if reader.how == "grammar" else "probes",
        accuracy=tuple(
            Probe(label, right, reader.majority.get(label))
            for label, right in reader.accuracy.items()
        ),
        readable=tuple(change.readable for change in along),
        same=_changed("", [change.same for change in along], control.same),
        labels=tuple(
            _changed(label, [c.labels.get(label) for c in along], control.labels.get(label))
            for label in reader.labels
        ),
    )


def _changed(label: str, along: Sequence[Interval | None], control: Interval | None) -> Changed:
    def column(name: str) -> Shares:
        return tuple(None if i is None else getattr(i, name) for i in along)

    return Changed(label, column("value"), column("low"), column("high"), control)


def _floats(values: npt.NDArray[np.floating]) -> Floats:
    return tuple(map(float, values))
