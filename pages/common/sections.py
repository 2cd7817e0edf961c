"""Every page of the app: its section, script, title, icon, address, and what it is for."""

from __future__ import annotations

import streamlit as st

from vae.i18n import _


def sections() -> dict[str, list[st.Page]]:
    """What `st.navigation` takes; the first page is the one without an address."""
    return {
        _("Explore"): _explore(),
        _("Learn"): _learn(),
        _("Train"): _train(),
        _("Diagnose"): _diagnose(),
    }


def by_address() -> dict[str, st.Page]:
    """Every page by its address."""
    return {page.url_path: page for pages in sections().values() for page in pages}


def _explore() -> list[st.Page]:
    return [
        _page(
            "explore/home",
            _("Home"),
            "home",
            _("What this is, and a sentence to try: what is kept of it."),
        ),
        _page(
            "explore/map",
            _("Map"),
            "scatter_plot",
            _("Up to 10,000 sentences, each where the model keeps it."),
        ),
        _page(
            "explore/interpolate",
            _("Interpolate"),
            "linear_scale",
            _("Walk from one sentence to another and read what lies between."),
        ),
        _page(
            "explore/dimensions",
            _("Dimensions"),
            "tune",
            _("Turn one dial of the latent space at a time."),
        ),
        _page(
            "explore/sentence",
            _("Sentence"),
            "radiology",
            _("What each word of a sentence costs, and what z tells of it."),
        ),
    ]


def _learn() -> list[st.Page]:
    return [
        _page(
            "learn/lesson",
            _("Lessons"),
            "school",
            _("Ten lessons of ten minutes on a living model: predict, do, compare, explain."),
        ),
        _page(
            "learn/glossary",
            _("Glossary"),
            "dictionary",
            _("What the technical words mean, each in a sentence or two."),
        ),
        _page(
            "learn/article",
            _("The article's VAE"),
            "article",
            _("A VAE trained in seconds, part by part, and five mistakes to find in its code."),
        ),
        _page(
            "learn/questions",
            _("Questions"),
            "quiz",
            _("Twenty questions, before the lessons and after them: what was learned?"),
        ),
        _page(
            "learn/prepare",
            _("Prepare a class"),
            "qr_code_2",
            _("A link with everything set and hidden as you want it, and its QR code."),
        ),
        _page(
            "learn/classroom",
            _("Class"),
            "groups",
            _("For the teacher: what the class predicts, and what it has learned."),
        ),
    ]


def _train() -> list[st.Page]:
    return [
        _page(
            "train/lab",
            _("Training lab"),
            "science",
            _("Train a model on your own text: what it takes, how long, and go."),
        ),
        _page(
            "train/training",
            _("Training"),
            "timeline",
            _("How the chosen run learned, step by step; a run in progress appears live."),
        ),
        _page(
            "train/runs",
            _("Runs"),
            "folder_open",
            _("All runs with their figures: rename, delete, send one, open one that was sent."),
        ),
        _page(
            "train/compare",
            _("Compare"),
            "compare_arrows",
            _("Any set of runs on equal terms: rate and distortion, figures, sentences."),
        ),
        _page(
            "train/clinic",
            _("Collapse clinic"),
            "healing",
            _("Cause a posterior to collapse, and cure it, side by side in three minutes."),
        ),
        _page(
            "train/sweep",
            _("Sweep"),
            "grid_on",
            _("Train over a grid of one or two settings, and see what they trade."),
        ),
    ]


def _diagnose() -> list[st.Page]:
    return [
        _page(
            "diagnose/collapse",
            _("Collapse"),
            "vital_signs",
            _("Does the decoder read the latents, or has the posterior collapsed?"),
        ),
        _page(
            "diagnose/meaning",
            _("Meaning"),
            "psychology",
            _("What each dimension stands for, what can be read off, and steering one property."),
        ),
    ]


def _page(script: str, title: str, icon: str, purpose: str) -> st.Page:
    address = script.rpartition("/")[2]
    home = address == "home"
    return st.Page(
        f"pages/{script}.py",
        title=title,
        icon=f":material/{icon}:",
        url_path=None if home else address,
        default=home,
        help=purpose,
    )
