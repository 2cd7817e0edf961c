"""The article's parts as views of a lesson."""

from __future__ import annotations

from pages.learn._article import live, mistakes, parts
from pages.learn._article.live import Setting
from pages.learn._lesson.scene import Scene
from vae.i18n import _


def part(scene: Scene) -> None:
    """One part of the article's VAE on digits, trained in the lesson if nobody has yet."""
    setting = Setting(
        scene.text("vectors", "digits"),
        latents=scene.whole("latents", 2),
        weight=scene.number("weight", 1.0),
    )
    if live.trained([setting], _("Train it")):
        show = parts.PARTS[scene.text("part", "plane")]
        show(live.training(setting), scene.whole("item", 0), scene.whole("seed", 0))


def mistake(scene: Scene) -> None:
    """One mistake beside its right form; without a name, the exercise."""
    name = scene.text("name")
    if name:
        mistakes.beside(name, mistakes.TRIAL)
    else:
        mistakes.exercise()
