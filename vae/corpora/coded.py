"""Columns of very many sentences as files that are mapped into memory: texts, and labels by code.

A column reads as any sequence of strings, and holds in memory what is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import overload

import numpy as np
import numpy.typing as npt

_AT_ONCE = 65_536
MOST_BYTES = 2**31 - 1
"""Of all texts of a column."""


@dataclass(frozen=True, eq=False)
class Texts(Sequence[str]):
    """N texts as UTF-8, one after the other.

    Attributes:
        starts: (N + 1,) at which byte each begins, and the end.
        text: the bytes.
    """

    starts: npt.NDArray[np.uint32]
    text: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.starts) - 1

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        row = range(len(self))[at]
        return self.text[self.starts[row] : self.starts[row + 1]].tobytes().decode()

    def __iter__(self) -> Iterator[str]:
        for first in range(0, len(self), _AT_ONCE):
            bounds = self.starts[first : first + _AT_ONCE + 1].astype(np.int64)
            bounds -= bounds[0]
            part = self.text[self.starts[first] : self.starts[first] + bounds[-1]].tobytes()
            ends = bounds.tolist()
            yield from (part[a:b].decode() for a, b in pairwise(ends))

    def holding(self, text: str) -> npt.NDArray[np.intp]:
        """Rows of the texts that hold every word of a text, in any order, case aside."""
        import pyarrow as pa
        import pyarrow.compute as pc

        words = [pc.utf8_lower(pa.scalar(word)).as_py() for word in text.split()]
        found = [np.arange(0, dtype=np.intp)]
        whole = pa.StringArray.from_buffers(
            len(self), pa.py_buffer(self.starts.view(np.int32)), pa.py_buffer(self.text)
        )
        for first in range(0, len(self) if words else 0, _AT_ONCE):
            low = pc.utf8_lower(whole.slice(first, _AT_ONCE))
            holds = np.ones(len(low), dtype=bool)
            for word in words:
                holds &= pc.match_substring(low, word).to_numpy(zero_copy_only=False)
            found.append(np.flatnonzero(holds) + first)
        return np.concatenate(found)


@dataclass(frozen=True, eq=False)
class Coded(Sequence[str]):
    """N values of a label, of which few differ.

    Attributes:
        values: those that differ, ascending.
        codes: (N,) which of them each row has.
    """

    values: tuple[str, ...]
    codes: npt.NDArray[np.unsignedinteger]

    @classmethod
    def of(cls, values: Sequence[str]) -> Coded:
        """Any values by their codes; as they are where they have codes."""
        if isinstance(values, Coded):
            return values
        found, of = np.unique(np.asarray(values, dtype=object).astype(str), return_inverse=True)
        return cls(tuple(map(str, found)), narrow(of))

    def __len__(self) -> int:
        return len(self.codes)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self.values[code] for code in self.codes[at].tolist()]
        return self.values[int(self.codes[at])]

    def __iter__(self) -> Iterator[str]:
        for first in range(0, len(self), _AT_ONCE):
            yield from self[first : first + _AT_ONCE]

    def without(self) -> int:
        """How many rows have no value."""
        none = [code for code, value in enumerate(self.values) if not value]
        return int(np.isin(self.codes, none).sum())

    def read_as(self, read: Callable[[Sequence[str]], Sequence[str]]) -> Coded:
        """What a function of the different values makes of each row."""
        found, of = np.unique(np.asarray(read(self.values), dtype=object), return_inverse=True)
        return Coded(tuple(map(str, found)), narrow(of)[self.codes])


def narrow(codes: npt.NDArray[np.integer]) -> npt.NDArray[np.unsignedinteger]:
    """Codes in as few bytes as hold the greatest."""
    return codes.astype(np.min_scalar_type(int(codes.max(initial=0))))
