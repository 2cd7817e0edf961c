"""Latent Lens: see, steer and question the latent space of a text VAE.

from vae import Explorer
explorer = Explorer.load("factors")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vae.explorer import Explorer

__all__ = ["Explorer"]


def __getattr__(name: str) -> Any:
    # Loaded on first use: `python -m vae corpora` and the app's first frame need no torch.
    if name == "Explorer":
        from vae.explorer import Explorer

        return Explorer
    raise AttributeError(f"module 'vae' has no attribute '{name}'")
