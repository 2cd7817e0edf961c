"""The views of lessons as parts of a page: what the app's player lays out, and what is printed.

Each is a function of the scene; what it is made of, the player uses as well
(`pages/learn/_lesson/views`), so that a page and its handout say the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module

from vae.course import View
from vae.handout.scene import Scene
from vae.report.parts import Part, attempt

_HERE = "vae.handout.views"

PLACES: dict[str, tuple[str, str]] = {
    "formula": ("sentence", "through"),
    "sentence": ("sentence", "kept"),
    "draws": ("sentence", "draws"),
    "gradients": ("words", "gradients"),
    "nats": ("words", "guesses"),
    "costs": ("words", "costs"),
    "kl": ("words", "kl"),
    "beta": ("models", "tradeoff"),
    "samples": ("making", "samples"),
    "walk": ("walk", "film"),
    "shell": ("walk", "shell"),
    "swap": ("models", "swap"),
    "learning": ("models", "learning"),
    "dials": ("dimensions", "dials"),
    "tells": ("dimensions", "tells"),
    "probes": ("dimensions", "reading"),
    "disentanglement": ("dimensions", "metrics"),
    "beside": ("models", "beside"),
    "points": ("pictures", "points"),
    "inside": ("models", "inside"),
    "page": ("elsewhere", "page"),
    "article": ("elsewhere", "article"),
    "mistake": ("elsewhere", "article"),
}
"""Name to module and function; a module is loaded when its view is shown."""


def parts(view: View, scene: Scene) -> list[Part]:
    """A view with the settings of its step; where it cannot be made, a sentence that says why."""
    module, function = PLACES[view.name]
    draw: Callable[[Scene], list[Part]] = getattr(import_module(f"{_HERE}.{module}"), function)
    set_so = replace(scene, settings=view.settings)
    return attempt(scene.explorer.run, lambda: draw(set_so))
