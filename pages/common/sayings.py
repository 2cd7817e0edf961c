"""What draws of z decode to, as a table."""

from __future__ import annotations

from collections.abc import Sequence

from pages.common import parts
from vae.diagnostics.xray import Saying
from vae.report.saying import sayings


def show(said: Sequence[Saying], sentence: str) -> None:
    """What some draws decode to, the words marked that were not typed."""
    parts.table(sayings(said, sentence))
