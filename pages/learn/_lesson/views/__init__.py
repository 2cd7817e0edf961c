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
    "sentence": (f"{_HERE}.sentence", "kept"),
    "draws": (f"{_HERE}.sentence", "draws"),
}
"""Name to module and function; the module is loaded when the view is first shown."""


def show(view: View, lesson: Lesson, step: int) -> None:
    """Draw the view of a step (from 1)."""
    module, function = PLACES[view.name]
    draw: Callable[[Scene], None] = getattr(import_module(module), function)
    draw(Scene(lesson, step, view.settings))
