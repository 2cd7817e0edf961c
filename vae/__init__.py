"""Latent Lens: see, steer and question the latent space of a text VAE.

from vae import Explorer, figures
explorer = Explorer.load("factors")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vae import figures
    from vae.explorer import Explorer

__all__ = ["Explorer", "figures"]


def __getattr__(name: str) -> Any:
    # Loaded on first use: `vae corpora` and the first frame need neither torch nor Plotly.
    if name == "Explorer":
        from vae.explorer import Explorer

        return Explorer
    if name == "figures":
        return import_module("vae.figures")
    raise AttributeError(f"module 'vae' has no attribute '{name}'")
