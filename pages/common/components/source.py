"""The code of components, which stands in files beside their Python."""

from __future__ import annotations

from pathlib import Path


def source(beside: str, *files: str) -> str:
    """Files one after the other, read from the folder of the file `beside`."""
    folder = Path(beside).parent
    return "\n".join((folder / file).read_text(encoding="utf-8") for file in files)


DOM = source(__file__, "dom.js") + "\n"
"""`make`, `put` and `bytes`, for the code of components."""
