"""The decoder of a run in the page, for all components of it that decode where one points.

A run's weights are a file that the browser fetches once and keeps by its digest. A worker decodes,
for as long as the page is open; `window.latentLensDecoder` of code.js is what components ask.
Where it cannot run (no Worker, a model of another make) nothing is there to ask, and the server
decodes: what follows the pointer asks it through `mount_server`, with the same interface.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

import numpy as np
import streamlit as st
import torch

from pages.common import adapter_wait, media, resources
from pages.common.components.source import source
from vae.browser import can_run, client_source, decoder_source, digest, pack, walk_source
from vae.errors import UserError
from vae.explorer import Explorer

_COMPONENT = st.components.v2.component(
    "latent_lens_decoder",
    html="<i></i>",
    js="\n".join(
        [
            client_source(),
            walk_source(),
            f"const DECODER = {json.dumps(decoder_source())};",
            source(__file__, "code.js"),
        ]
    ),
)


_SERVER = st.components.v2.component(
    "latent_lens_server_decoder",
    html="<i></i>",
    js=source(__file__, "server.js"),
)
_SERVER_KEY = "server_decoder"
_MOST_ASKED = 16


def name(explorer: Explorer) -> str:
    """By what a component of the page asks for the decoder; "" where only the server decodes."""
    return _packed(explorer)[0]


def mount(explorer: Explorer, key: str = "decoder") -> None:
    """Let the browser have the decoder, if it has a name; a page of two has one by each key.

    Call it at the end of a page, outside of its fragments: it is sent again only for another run.
    """
    called, weights = _packed(explorer)
    if called:
        url = media.address(weights, f"latent-lens-{key}")
        _COMPONENT(key=key, data={"name": called, "url": url}, height=1)


def name_anywhere(explorer: Explorer) -> str:
    """As `name`; where only the server decodes, the name by which the page asks it."""
    return name(explorer) or f"server-{explorer.name}"


@st.fragment
def mount_server(explorer: Explorer) -> None:
    """Let the page ask the server for what a model says, a place or a few at a time.

    What is asked reruns this much only. Call it beside `mount`.
    """
    told = st.session_state.get(_SERVER_KEY)
    answer = answered(explorer, told.get("asked") if told else None)
    _SERVER(
        key=_SERVER_KEY,
        on_asked_change=lambda: None,
        data={"name": f"server-{explorer.name}", "answer": answer},
        height=1,
    )


def answered(explorer: Explorer, asked: Any) -> dict[str, Any] | None:
    """What a browser is answered that asked {"id", "z": latents (n, Z) of float32 in base 64}; None
    where that is no question to this model."""
    if not isinstance(asked, dict) or not isinstance(asked.get("id"), str):
        return None
    try:
        raw = base64.b64decode(str(asked.get("z")), validate=True)
        z = np.frombuffer(raw, dtype="<f4").reshape(-1, explorer.latent_dim)
    except (binascii.Error, ValueError):
        return None
    if not 0 < len(z) <= _MOST_ASKED or not np.isfinite(z).all():
        return None
    try:
        with adapter_wait.shown():
            return {"id": asked["id"], "said": _said(explorer, torch.from_numpy(z.copy()))}
    except UserError as error:
        return {"id": asked["id"], "error": str(error)}


@resources.shared(max_entries=200)
def _said(explorer: Explorer, z: torch.Tensor) -> list[str]:
    return list(explorer.decode(z))


@resources.shared(max_entries=6)
def _packed(explorer: Explorer) -> tuple[str, bytes]:
    if not can_run(explorer):
        return "", b""
    weights = pack(explorer)
    return digest(weights), weights
