"""The views that a step of a lesson may show, by the names of `vae.course.views`.

Each is a function of the scene that draws a part of the app, with its own components and figures.
To offer one: name it in `vae.course.views.VIEWS`, and say here where it is.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from pages.learn._lesson.scene import Scene
from vae.course import View
from vae.course.lesson import Lesson

_HERE = "pages.learn._lesson.views"

PLACES: dict[str, tuple[str, str]] = {
    "formula": (f"{_HERE}.sentence", "through"),
    "sentence": (f"{_HERE}.sentence", "kept"),
    "draws": (f"{_HERE}.sentence", "draws"),
    "gradients": (f"{_HERE}.noise", "gradients"),
    "nats": (f"{_HERE}.words", "guesses"),
    "costs": (f"{_HERE}.words", "costs"),
    "kl": (f"{_HERE}.words", "kl"),
    "beta": (f"{_HERE}.beta", "tradeoff"),
    "samples": (f"{_HERE}.making", "samples"),
    "walk": (f"{_HERE}.walk", "film"),
    "shell": (f"{_HERE}.walk", "shell"),
    "swap": (f"{_HERE}.collapse", "swap"),
    "learning": (f"{_HERE}.collapse", "learning"),
    "dials": (f"{_HERE}.dimensions", "turning"),
    "tells": (f"{_HERE}.dimensions", "tells"),
    "probes": (f"{_HERE}.dimensions", "reading"),
    "disentanglement": (f"{_HERE}.dimensions", "metrics"),
    "beside": (f"{_HERE}.beside", "beside"),
    "points": (f"{_HERE}.points", "digits"),
    "inside": (f"{_HERE}.beside", "inside"),
    "page": (f"{_HERE}.collapse", "page"),
    "article": ("pages.learn._article.scenes", "part"),
    "mistake": ("pages.learn._article.scenes", "mistake"),
}
"""Name to module and function; the module is loaded when the view is first shown."""


def show(view: View, lesson: Lesson, step: int) -> None:
    """Draw the view of a step (from 1)."""
    module, function = PLACES[view.name]
    draw: Callable[[Scene], None] = getattr(import_module(module), function)
    draw(Scene(lesson, step, view.settings))
