"""The values of a label as a column of a table: numbers as numbers, dates as ISO 8601."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vae.corpora.label_types import MEASURED, LabelType, measures, written

_EXACT = 2.0**53  # whole numbers from there on are not told apart


def typed(values: Sequence[str], kind: LabelType) -> Sequence[str] | pd.Series[float]:
    """The values of a label so that a table sorts them by what they say: numbers, and ISO dates.

    Where that would lose digits, as of long codes, they stay as they are written.
    """
    if kind not in MEASURED:
        return values
    found = measures(values, kind)
    if kind == "date":
        return [written(value, kind) for value in found]
    if (np.abs(found[np.isfinite(found)]) >= _EXACT).any():
        return values
    whole = (found[np.isfinite(found)] % 1 == 0).all()
    return pd.Series(found, dtype="Int64" if whole else "Float64")
