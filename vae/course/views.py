"""The views that a step may show: their names, and what may be set of each.

The app draws them (`pages/learn/_lesson/views`); here they are named, so that a file that asks for
one that does not exist is found without the app.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from vae.course.lesson import Value
from vae.i18n import Message, enumeration, message

Read = Callable[[str], Value]


class UnfitError(ValueError):
    """What was given is not what is needed; `needed` says what is."""

    def __init__(self, needed: Message) -> None:
        super().__init__(needed.text)
        self.needed = needed


def whole(low: int, high: int) -> Read:
    """Reads a whole number from low to high."""

    def read(text: str) -> int:
        if not text.isascii() or not text.removeprefix("-").isdigit() or len(text) > 10:
            raise _outside(low, high)
        if not low <= int(text) <= high:
            raise _outside(low, high)
        return int(text)

    return read


def number(low: float, high: float) -> Read:
    """Reads a number from low to high."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            raise _outside(low, high)
        return value

    return read


def one_of(*choices: str) -> Read:
    """Reads one of some words."""

    def read(text: str) -> str:
        if text not in choices:
            raise UnfitError(message("one of {choices}", choices=enumeration(choices, "or")))
        return text

    return read


def text(given: str) -> str:
    """Reads any text, as the name of a run or a sentence."""
    return given


def _outside(low: float, high: float) -> UnfitError:
    return UnfitError(message("a number from {low:g} to {high:g}", low=low, high=high))


@dataclass(frozen=True)
class ViewKind:
    """A view: what it shows, for the README, and how each of its settings is read."""

    shows: str
    settings: Mapping[str, Read] = field(default_factory=dict)


VIEWS: dict[str, ViewKind] = {
    "formula": ViewKind(
        "one sentence through the whole model: formula, figure and code together",
        {"stage": whole(1, 6), "beta": number(0, 100)},
    ),
    "sentence": ViewKind("what is kept of a sentence (mean and spread), and what comes back"),
    "draws": ViewKind("draws of z from q(z|x) and what each decodes to", {"draws": whole(2, 128)}),
    "gradients": ViewKind(
        "gradients with z = mu + sigma eps and without, draw by draw", {"draws": whole(2, 256)}
    ),
    "nats": ViewKind("the cost of each word in nats, and as a guess among so many words"),
    "costs": ViewKind("what each dimension of the sentence costs"),
    "kl": ViewKind(
        "the KL by its formula, and by more and more draws", {"draws": whole(10, 20_000)}
    ),
    "beta": ViewKind("two models in the rate-distortion plane, and their losses at a beta"),
    "samples": ViewKind(
        "new sentences: where z is drawn from, how far out, temperature",
        {"source": one_of("prior", "sentence", "zero")},
    ),
    "walk": ViewKind("sentences on the way from A to B", {"method": one_of("lerp", "slerp")}),
    "shell": ViewKind(
        "how far from the origin the way from A to B leads", {"method": one_of("lerp", "slerp")}
    ),
    "swap": ViewKind("a sentence from its own z, another's and the prior's, by two models"),
    "learning": ViewKind("how the two models learned, step by step"),
    "dials": ViewKind(
        "a slider for each of the most informative dimensions",
        {"dims": whole(1, 12), "names": one_of("shown", "hidden")},
    ),
    "tells": ViewKind("which dimension tells of which label"),
    "probes": ViewKind("what a probe reads off z, beside its controls"),
    "disentanglement": ViewKind("metrics of disentanglement with their intervals"),
    "beside": ViewKind("two models: what comes back, and sentences of their own"),
    "points": ViewKind("a VAE and a plain autoencoder, trained on digits: what each makes"),
    "inside": ViewKind("what the encoder and decoder of each model here are made of"),
    "page": ViewKind(
        "a way to a page of the app",
        {
            "page": one_of(
                "clinic",
                "collapse",
                "compare",
                "dimensions",
                "interpolate",
                "map",
                "meaning",
                "sentence",
                "sweep",
                "training",
            )
        },
    ),
    "article": ViewKind(
        "a part of the article's VAE of digits, trained in the lesson in seconds",
        {
            "part": one_of(
                "plane",
                "encoder",
                "decoder",
                "generation",
                "inference",
                "loss",
                "samples",
                "test",
            ),
            "vectors": one_of("digits", "binary"),
            "latents": whole(2, 20),
            "weight": number(0, 100),
            "item": whole(0, 358),
            "seed": whole(0, 1000),
        },
    ),
    "mistake": ViewKind(
        "the article's listing as an exercise; with a name, that mistake beside its right form",
        {"name": one_of("tanh", "noise", "log", "kl", "once")},
    ),
}
