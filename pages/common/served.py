"""The files of large maps, sent to browsers from the disk, whole or a range of bytes.

They are in nobody's memory: the system keeps of a file what is asked for often.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

_ROUTE = "large-map"
_FOLDER = re.compile(r"[0-9a-f]{8,32}")
_MAP = re.compile(r"\d+-[0-9a-f]{16}")
_FILE = re.compile(r"(umap|pca)\.f32|mean\.f16|text\.u8|starts\.u32|(label-\d+|measures)\.u\d+")


@dataclass(frozen=True)
class Served:
    """A file that a browser fetches by itself.

    Attributes:
        url: its address on this server.
        size: bytes.
    """

    url: str
    size: int

    def __len__(self) -> int:
        return self.size


def served(folder: Path, file: str) -> Served:
    """Where a browser finds a file of a large map."""
    url = address_of(_ROUTE, folder.parent.name, folder.name, file)
    return Served(url, (folder / file).stat().st_size)


def address_of(*parts: str) -> str:
    """The address of something on this server."""
    return "/" + "/".join(part for part in (_base(), *parts) if part)


def routes() -> list[Any]:
    """What the server adds to its own addresses."""
    from starlette.routing import Route

    base = f"/{_base()}" if _base() else ""
    return [Route(f"{base}/{_ROUTE}/{{learned}}/{{version}}/{{file}}", _send)]


async def _send(request: Any) -> Any:
    from starlette.responses import FileResponse, Response

    asked = request.path_params
    found = path_of(asked["learned"], asked["version"], asked["file"])
    if found is None:
        return Response(status_code=404)
    # What has a digest in its address never changes. Numbers are not worth the time of gzip.
    headers = {
        "Cache-Control": "private, max-age=31536000, immutable",
        "Content-Encoding": "identity",
    }
    return FileResponse(found, media_type="application/octet-stream", headers=headers)


def path_of(learned: str, version: str, file: str) -> Path | None:
    """The file of an address; None where it is none of a map that is whole."""
    if not (_FOLDER.fullmatch(learned) and _MAP.fullmatch(version) and _FILE.fullmatch(file)):
        return None
    # The server reads this file before anybody asks for a page: torch is loaded after it.
    from vae.latent.large_atlas import FACTS, home

    folder = home(learned) / version
    path = folder / file
    return path if (folder / FACTS).is_file() and path.is_file() else None


def _base() -> str:
    return str(st.get_option("server.baseUrlPath") or "").strip("/")
