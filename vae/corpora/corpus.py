"""The one type that every source of sentences becomes."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from vae.corpora.label_types import LabelType, types_of
from vae.errors import UserError

if TYPE_CHECKING:
    from vae.corpora.registry import BuiltIn, Grammar

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = ("train", "validation", "test")

# Tenths of the hash range: eight for training, one each for validation and test.
_VALIDATION_FROM, _TEST_FROM = 0.8, 0.9


def normalise(sentence: str) -> str:
    """The form in which two sentences count as the same: NFKC, lower case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", sentence).lower().split())


def sentence_key(sentence: str) -> int:
    """A 64-bit key of the normalised sentence: it decides the split and matches stored latents."""
    digest = hashlib.blake2b(normalise(sentence).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def splits_of(keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.int8]:
    """(N,) index into `SPLITS` that each `sentence_key` decides."""
    position = keys / float(2**64)
    return (position >= _VALIDATION_FROM).astype(np.int8) + (position >= _TEST_FROM)


@dataclass(frozen=True)
class Corpus:
    """Sentences with optional labels, a split that duplicates cannot straddle, and a digest.

    Attributes:
        name: what the corpus is called in the interface and in a run's configuration.
        sentences: N sentences as they are read by a person.
        labels: column name to N values, one for each sentence ("" where a row has none).
        dropped: reason to number of rows of the source that are not in `sentences`.
        source: what is needed to make the corpus again, as JSON
            (``{"kind": "factors", "n": 200000, "seed": 0}``), and the types of labels
            (``"label_types"``) where they were stated or guessed once for all.
        examples: a few sentences to start from; written for the corpus or taken from it.
        assigned: N names of splits where the source divides its sentences itself, as a benchmark
            does; else empty.

    Raises:
        UserError: a label column is not as long as the sentences.
    """

    name: str
    sentences: tuple[str, ...]
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dropped: Mapping[str, int] = field(default_factory=dict)
    source: Mapping[str, Any] = field(default_factory=dict)
    examples: tuple[str, ...] = ()
    assigned: tuple[Split, ...] = ()

    def __post_init__(self) -> None:
        for column, values in self.labels.items():
            if len(values) != len(self.sentences):
                raise UserError(
                    "Label column '{column}' has {values:,} values for {sentences:,} sentences.",
                    column=column,
                    values=len(values),
                    sentences=len(self.sentences),
                )

    def __len__(self) -> int:
        return len(self.sentences)

    @property
    def origin(self) -> BuiltIn | None:
        """The corpus known by name that this is, or is a part of; None of files and pasted text."""
        # Loaded on first use: the modules of the corpora make corpora.
        from vae.corpora import registry

        return registry.origin(self.source)

    @property
    def grammar(self) -> Grammar | None:
        """Of its language, which reads the labels of any sentence; None where none is known."""
        return self.origin.grammar if self.origin else None

    @property
    def lexicon(self) -> tuple[str, ...]:
        """The words that its sentences fall into where no blanks part them; else empty."""
        return self.origin.lexicon if self.origin else ()

    @cached_property
    def types(self) -> dict[str, LabelType]:
        """Column name to the type of the label: as the source says, else guessed."""
        return types_of(self.labels, self.source.get("label_types"))

    @cached_property
    def keys(self) -> npt.NDArray[np.uint64]:
        """(N,) `sentence_key` of every sentence."""
        return np.fromiter(
            (sentence_key(s) for s in self.sentences), dtype=np.uint64, count=len(self)
        )

    @cached_property
    def digest(self) -> str:
        """Hex digest of the sentences and labels, in order: equal digests, equal corpora."""
        state = hashlib.blake2b(digest_size=16)
        given = (self.assigned,) if self.assigned else ()
        for column in [self.sentences, *(self.labels[k] for k in sorted(self.labels)), *given]:
            state.update("\x1e".join(column).encode("utf-8", "surrogatepass"))
            state.update(b"\x1d")
        state.update("\x1e".join(sorted(self.labels)).encode())
        return state.hexdigest()

    @cached_property
    def split(self) -> npt.NDArray[np.int8]:
        """(N,) index into `SPLITS`: as assigned, else a function of the normalised sentence alone.

        The one exception to the latter: where a small corpus would leave validation or test
        without a sentence, the distinct sentences nearest to that part of the hash range are
        moved there.
        """
        if self.assigned:
            return np.array([SPLITS.index(name) for name in self.assigned], dtype=np.int8)
        split = splits_of(self.keys)
        for part in (1, 2):
            if len(self) and not (split == part).any():
                donor = self.keys[split == 0]
                if len(donor):
                    split[self.keys == donor.max()] = part
        return split

    @cached_property
    def sizes(self) -> dict[Split, int]:
        """Sentences in each split; of a sample, in the corpus that it was drawn from."""
        return {name: int((self.split == i).sum()) for i, name in enumerate(SPLITS)}

    def indices(self, split: Split) -> npt.NDArray[np.intp]:
        """Row numbers of one split, ascending."""
        return np.flatnonzero(self.split == SPLITS.index(split))

    def subset(self, rows: npt.NDArray[np.intp]) -> Corpus:
        """The rows asked for, in the order asked for, with their labels."""
        return Corpus(
            name=self.name,
            sentences=tuple(self.sentences[i] for i in rows),
            labels={k: tuple(v[i] for i in rows) for k, v in self.labels.items()},
            dropped=dict(self.dropped),
            source=dict(self.source),
            examples=self.examples,
            assigned=tuple(self.assigned[i] for i in rows) if self.assigned else (),
        )

    def select(self, split: Split) -> Corpus:
        """One split as a corpus of its own."""
        return self.subset(self.indices(split))
