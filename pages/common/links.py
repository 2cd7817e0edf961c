"""What a link can hold: for each name how its value is written, and read back."""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np

from vae import i18n
from vae.classroom.inventory import Form
from vae.course.answers import WRITTEN
from vae.errors import UserError
from vae.i18n import enumeration
from vae.latent.spaces import SPACES
from vae.runs import experiments
from vae.runs.catalogue import known_runs

METHODS = ("slerp", "lerp")
DECODERS = ("greedy", "sampled")
STARTS = ("sentence", "prior", "zero")
MEANINGS = ("dimensions", "read", "one", "steer", "arithmetic", "space")
MADE_OF = ("label", "sets")
ON_THE_MAP = ("names", "density", "path", "point", "direction")
RESTS = ("mean", "sentence", "drawn")
MAPS = ("one", "groups")
SPACE_SIGN = ":"
"""Before the name of a space, where a run could stand."""
ARROWS = ("mean", "sentence")
ARTICLE = (
    *("plane", "encoder", "decoder", "generation", "inference", "loss", "samples", "test"),
    "mistakes",
)
VECTORS = ("digits", "binary", "sentences")
LATENTS = ("2", "20")
WEIGHTS = ("0.1", "0.3", "1", "3", "10")
MISTAKES = ("tanh", "noise", "log", "kl", "once")
FORMS = get_args(Form)
ANSWERS = ("answers", *FORMS)
"""What somebody answered to a lesson, and to each form of the questions: nobody else's to see."""
HIDDEN = (
    "sidebar", "pages", "run", "lang", "a", "b", "t", "seed", "method", "decode", "from", "film",
    "strength", "projection", "space", "colour", "find", "on",
)  # fmt: skip
"""Controls that a link can hide."""
SECTIONS = {
    "": ("model",),
    "interpolate": ("trusted",),
    "sentence": ("dimensions", "draws", "moves"),
    "training": ("taken",),
    "compare": ("figures", "likelier", "learned", "same", "nothing", "settings"),
    "collapse": ("why", "split", "units", "prior", "heard", "words", "swapped", "likelihood"),
    "meaning": (
        *("ends", "along", "told", "importance", "apart", "many", "amount", "score"),
        "quality",
    ),
}
"""Parts of a page, by its address, that open on request; a name belongs to one page."""
EVERY_SECTION = tuple(name for names in SECTIONS.values() for name in names)
ALL = "all"
FILM_STEPS = (7, 11, 13, 21, 31, 61)
"""Each divides the 60 intervals of the path."""
MOST_STRENGTH = 2.0
LONGEST_WORD = 200
LONGEST_SELECTION = 1_600
MOST_SEED = 2**31 - 1
LONGEST_TEXT = 2_000
MOST_STEPS = 99
STOPS_OF_TOUR = 5
_CODE = re.compile(r"[A-Z0-9]{4,12}")
_PLACE = r"-?\d{1,12}(?:\.\d{1,6})?"
# A row (of own sentences below 0), a place, or rows as packed bits (`explore/_map/selection`).
_SELECTION = re.compile(rf"-?\d{{1,8}}|{_PLACE}~{_PLACE}|z[\w=-]{{1,{LONGEST_SELECTION}}}")
_NAME = re.compile(r"[\w-]{1,80}")
# Of a large map (`vae.encoding.large_map`): how many sentences were asked for, and a digest.
_LARGE_MAP = re.compile(r"[1-9]\d{0,8}-[0-9a-f]{16}")


class UnfitError(UserError):
    """What a link holds is not what it should be; the message says what is needed."""


@dataclass(frozen=True)
class Kind:
    """How a value is written in a link, and read back."""

    default: Any
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:
        raise UnfitError("a number from 0 to 1")
    return value


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text[:12]) > MOST_SEED:
        raise UnfitError("a whole number from 0 to {most:,}", most=MOST_SEED)
    return int(text)


def _dimension(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 5:
        raise UnfitError("the number of a dimension")
    return int(text)


def _between(low: float, high: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            raise UnfitError("a number from {low:g} to {high:g}", low=low, high=high)
        return value

    return read


def _none_of(choices: tuple[str, ...]) -> UnfitError:
    # Words of the link, which are the same in every language.
    return UnfitError("one of {choices}", choices=enumeration(choices, "or"))


def _one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise _none_of(choices)
        return text

    return read


def _some_of(choices: tuple[str, ...]) -> Callable[[str], list[str]]:
    def read(text: str) -> list[str]:
        found = [] if text == "none" else text[:LONGEST_TEXT].split(",")
        if not set(found) <= set(choices):
            raise UnfitError(
                "some of {choices} with commas between, or none", choices=enumeration(choices)
            )
        return [choice for choice in choices if choice in found]

    return read


def _sections(text: str) -> list[str]:
    return list(EVERY_SECTION) if text == ALL else _some_of(EVERY_SECTION)(text)


def _sections_text(names: list[str]) -> str:
    return ALL if len(names) == len(EVERY_SECTION) else ",".join(names)


def _text(text: str) -> str:
    if len(text) > LONGEST_TEXT or not text.strip():
        raise UnfitError("a sentence")
    return text


def _run(text: str) -> str:
    if text not in (runs := known_runs()):
        if not runs:
            raise UnfitError("a run on this machine (there is none)")
        raise UnfitError("a run on this machine ({runs})", runs=enumeration(runs, "or"))
    return text


def _beside(text: str) -> str:
    spaces = [f"{SPACE_SIGN}{name}" for name in SPACES]
    return text if text in spaces else _run(text)


def _size(text: str) -> str:
    if not _LARGE_MAP.fullmatch(text):
        raise UnfitError("the name of a large map")
    return text


def _runs(text: str) -> list[str]:
    # The page says which of them are gone: a link to the others is still of use.
    return [name for name in dict.fromkeys(text[:LONGEST_TEXT].split(",")) if name]


def _experiment(kind: experiments.Kind) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in experiments.experiment_names(kind):
            raise UnfitError("an experiment that is kept on this machine")
        return text

    return read


def _point(text: str) -> tuple[float, ...]:
    try:
        raw = base64.b64decode(text, altchars=b"-_", validate=True)
        values = np.frombuffer(raw, dtype="<f2").astype(float)
    except (binascii.Error, ValueError):
        raise UnfitError("a point of the latent space") from None
    if not len(values) or not np.isfinite(values).all():
        raise UnfitError("a point of the latent space")
    return tuple(values.tolist())


def _point_text(values: tuple[float, ...]) -> str:
    # Half precision keeps three digits: 32 dimensions are 86 characters.
    return base64.b64encode(np.asarray(values, dtype="<f2").tobytes(), altchars=b"-_").decode()


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise UnfitError("the name of a lesson")
    return text


def _stop(text: str) -> int:
    if text not in map(str, range(1, STOPS_OF_TOUR + 1)):
        raise UnfitError("a stop of the tour")
    return int(text)


def _step(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:4]) <= MOST_STEPS:
        raise UnfitError("the number of a step")
    return int(text)


def _below(most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or int(text[:9]) >= most:
            raise UnfitError("a whole number from 0 to {most:,}", most=most - 1)
        return int(text)

    return read


def _answers(text: str) -> tuple[str, ...]:
    answers = tuple(text.split("_"))
    if len(answers) > MOST_STEPS or not all(map(WRITTEN.fullmatch, answers)):
        raise UnfitError("answers to a lesson or to questions")
    return answers


def _code(text: str) -> str:
    if not _CODE.fullmatch(tidy := text.replace("-", "").replace(" ", "").upper()):
        raise UnfitError("the code of a class")
    return tidy


def _flag(text: str) -> bool:
    if text not in ("0", "1"):
        raise UnfitError("0 or 1")
    return text == "1"


def _word(text: str) -> str:
    if not 1 <= len(text) <= LONGEST_WORD:
        raise UnfitError("a name or a word")
    return text


def _steps(text: str) -> int:
    if text not in map(str, FILM_STEPS):
        raise _none_of(tuple(map(str, FILM_STEPS)))
    return int(text)


def _selected(text: str) -> str:
    if not _SELECTION.fullmatch(text):
        raise UnfitError("a selection on the map")
    return text


def _language(text: str) -> str:
    if text not in i18n.languages():
        raise _none_of(i18n.languages())
    return text


KINDS: dict[str, Kind] = {
    "lang": Kind(None, _language),
    "run": Kind(None, _run),
    "runs": Kind(None, _runs, ",".join),
    "pair": Kind(None, _experiment("clinic")),
    "sweep": Kind(None, _experiment("sweep")),
    "a": Kind(None, _text),
    "b": Kind(None, _text),
    "za": Kind(None, _point, _point_text),
    "zb": Kind(None, _point, _point_text),
    "z": Kind(None, _point, _point_text),
    "t": Kind(0.5, _number, lambda t: f"{t:.3f}".rstrip("0").rstrip(".")),
    "seed": Kind(0, _seed),
    # Without one it is the path that fits the space of the run.
    "method": Kind(None, _one_of(METHODS)),
    "decode": Kind("greedy", _one_of(DECODERS)),
    "from": Kind("sentence", _one_of(STARTS)),
    "c": Kind(None, _text),
    "dim": Kind(None, _dimension),
    "meaning": Kind("dimensions", _one_of(MEANINGS)),
    "made": Kind("label", _one_of(MADE_OF)),
    "tour": Kind(0, _stop),
    "lesson": Kind(None, _name),
    "step": Kind(1, _step),
    **{name: Kind((), _answers, "_".join) for name in ANSWERS},
    "form": Kind("before", _one_of(FORMS)),
    "on": Kind(["path", "point"], _some_of(ON_THE_MAP), lambda found: ",".join(found) or "none"),
    "rest": Kind("mean", _one_of(RESTS)),
    "maps": Kind("one", _one_of(MAPS)),
    "beside": Kind("", _beside),
    "arrow": Kind("mean", _one_of(ARROWS)),
    "article": Kind("plane", _one_of(ARTICLE)),
    "vectors": Kind("digits", _one_of(VECTORS)),
    "latents": Kind("2", _one_of(LATENTS)),
    "weight": Kind("1", _one_of(WEIGHTS)),
    "item": Kind(0, _dimension),
    "mistake": Kind("tanh", _one_of(MISTAKES)),
    "stage": Kind(None, _below(6)),
    "draw": Kind(0, _below(256)),
    "source": Kind(None, _one_of(STARTS)),
    "beta": Kind(1.0, _between(0, 4), lambda b: f"{b:g}"),
    "scale": Kind(1.0, _between(0, 4), lambda s: f"{s:g}"),
    "temperature": Kind(0.0, _between(0, 2), lambda t: f"{t:g}"),
    "strength": Kind(
        0.0, _between(-MOST_STRENGTH, MOST_STRENGTH), lambda s: f"{s:.3f}".rstrip("0").rstrip(".")
    ),
    "class": Kind(None, _code),
    "open": Kind([], _sections, _sections_text),
    "hide": Kind([], _some_of(HIDDEN), ",".join),
    "present": Kind(False, _flag, lambda on: str(int(on))),
    "projection": Kind(None, _word),
    "space": Kind(None, _word),
    "size": Kind("", _size),
    "colour": Kind(None, _word),
    "find": Kind(None, _word),
    "third": Kind(None, _text),
    "right": Kind(None, _dimension),
    "up": Kind(None, _dimension),
    "selected": Kind(None, _selected),
    "film": Kind(11, _steps),
}
