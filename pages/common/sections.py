"""Every page of the app: its section, script, title, icon, address, and what it is for."""

from __future__ import annotations

import streamlit as st

_PAGES: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "Explore": (
        ("home", "Home", "home", "What this is, and a sentence to try: what is kept of it."),
        ("map", "Map", "scatter_plot", "Up to 10,000 sentences, each where the model keeps it."),
        (
            "interpolate",
            "Interpolate",
            "linear_scale",
            "Walk from one sentence to another and read what lies between.",
        ),
        ("dimensions", "Dimensions", "tune", "Turn one dial of the latent space at a time."),
        (
            "sentence",
            "Sentence",
            "radiology",
            "What each word of a sentence costs, and what z tells of it.",
        ),
    ),
    "Train": (
        (
            "lab",
            "Training lab",
            "science",
            "Train a model on your own text: what it takes, how long, and go.",
        ),
        (
            "training",
            "Training",
            "timeline",
            "How the chosen run learned, step by step; a run in progress appears live.",
        ),
        (
            "runs",
            "Runs",
            "folder_open",
            "All runs with their figures: rename, delete, send one, open one that was sent.",
        ),
        (
            "compare",
            "Compare",
            "compare_arrows",
            "Any set of runs on equal terms: rate and distortion, figures, sentences.",
        ),
        (
            "clinic",
            "Collapse clinic",
            "healing",
            "Cause a posterior to collapse, and cure it, side by side in three minutes.",
        ),
        (
            "sweep",
            "Sweep",
            "grid_on",
            "Train over a grid of one or two settings, and see what they trade.",
        ),
    ),
    "Diagnose": (
        (
            "collapse",
            "Collapse",
            "vital_signs",
            "Does the decoder read the latents, or has the posterior collapsed?",
        ),
        (
            "meaning",
            "Meaning",
            "psychology",
            "What each dimension stands for, what can be read off, and steering one property.",
        ),
    ),
}
"""Section to its pages: (script, which is its address too; title; icon; help)."""


def sections() -> dict[str, list[st.Page]]:
    """What `st.navigation` takes; the first page is the one without an address."""
    return {
        section: [
            st.Page(
                f"pages/{section.lower()}/{name}.py",
                title=title,
                icon=f":material/{icon}:",
                url_path=None if name == "home" else name,
                default=name == "home",
                help=text,
            )
            for name, title, icon, text in pages
        ]
        for section, pages in _PAGES.items()
    }
