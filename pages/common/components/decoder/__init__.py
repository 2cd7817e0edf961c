"""The decoder of a run in the page, for all components of it that decode where one points.

A run's weights are a file that the browser fetches once and keeps by its digest. A worker decodes,
for as long as the page is open; `window.latentLensDecoder` of code.js is what components ask.
Where it cannot run (no Worker, a model of another make) nothing is there to ask, and the server
decodes.
"""

from __future__ import annotations

import json
from pathlib import Path

import streamlit as st

from pages.common import media, resources
from vae.browser import can_run, client_source, decoder_source, digest, pack, walk_source
from vae.explorer import Explorer

_CODE = (Path(__file__).parent / "code.js").read_text(encoding="utf-8")
_COMPONENT = st.components.v2.component(
    "latent_lens_decoder",
    html="<i></i>",
    js="\n".join(
        [
            client_source(),
            walk_source(),
            f"const DECODER = {json.dumps(decoder_source())};",
            _CODE,
        ]
    ),
)


def name(explorer: Explorer) -> str:
    """By what a component of the page asks for the decoder; "" where only the server decodes."""
    return _packed(explorer)[0]


def mount(explorer: Explorer) -> None:
    """Let the browser have the decoder, if it has a name.

    Call it at the end of a page, outside of its fragments: it is sent again only for another run.
    """
    called, weights = _packed(explorer)
    if called:
        url = media.address(weights, "latent-lens-decoder")
        _COMPONENT(key="decoder", data={"name": called, "url": url}, height=1)


@resources.shared(max_entries=6)
def _packed(explorer: Explorer) -> tuple[str, bytes]:
    if not can_run(explorer):
        return "", b""
    weights = pack(explorer)
    return digest(weights), weights
