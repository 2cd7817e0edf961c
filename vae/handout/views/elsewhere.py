"""What is on a screen alone: another page of the app, and what is trained in the lesson."""

from __future__ import annotations

from vae.handout.scene import Scene
from vae.i18n import _
from vae.report.parts import Missing, Part


def page(_scene: Scene) -> list[Part]:
    """A way to a page of the app."""
    return [Missing(_("Here the lesson leads to another page of the app."))]


def article(_scene: Scene) -> list[Part]:
    """A part of the article, which trains while one looks."""
    return [Missing(_("This part is trained while one looks: open the lesson for it."))]
