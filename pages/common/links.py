"""What a link can hold: for each name how its value is written, and read back."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from pages.common.link_values import (
    LONGEST_TEXT,
    Kind,
    UnfitError,
    between,
    chosen,
    flag,
    matching,
    one_of,
    point,
    point_text,
    sentence,
    short,
    some_of,
    whole,
)
from vae import i18n
from vae.classroom.inventory import Form
from vae.course.answers import WRITTEN
from vae.i18n import enumeration, message
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
MOST_STEPS = 99
STOPS_OF_TOUR = 5
_PLACE = r"-?\d{1,12}(?:\.\d{1,6})?"
# A row (of own sentences below 0), a place, or rows as packed bits (`explore/_map/selection`).
_SELECTION = rf"-?\d{{1,8}}|{_PLACE}~{_PLACE}|z[\w=-]{{1,{LONGEST_SELECTION}}}"
# Of a large map (`vae.encoding.large_map`): how many sentences were asked for, and a digest.
_LARGE_MAP = r"[1-9]\d{0,8}-[0-9a-f]{16}"


def _sections(text: str) -> list[str]:
    return list(EVERY_SECTION) if text == ALL else some_of(EVERY_SECTION)(text)


def _sections_text(names: list[str]) -> str:
    return ALL if len(names) == len(EVERY_SECTION) else ",".join(names)


def _run(text: str) -> str:
    if text not in (runs := known_runs()):
        if not runs:
            raise UnfitError("a run on this machine (there is none)")
        raise UnfitError("a run on this machine ({runs})", runs=enumeration(runs, "or"))
    return text


def _beside(text: str) -> str:
    spaces = [f"{SPACE_SIGN}{name}" for name in SPACES]
    return text if text in spaces else _run(text)


def _runs(text: str) -> list[str]:
    # The page says which of them are gone: a link to the others is still of use.
    return [name for name in dict.fromkeys(text[:LONGEST_TEXT].split(",")) if name]


def _experiment(kind: experiments.Kind) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in experiments.experiment_names(kind):
            raise UnfitError("an experiment that is kept on this machine")
        return text

    return read


def _answers(text: str) -> tuple[str, ...]:
    answers = tuple(text.split("_"))
    if len(answers) > MOST_STEPS or not all(map(WRITTEN.fullmatch, answers)):
        raise UnfitError("answers to a lesson or to questions")
    return answers


def _code(text: str) -> str:
    tidy = text.replace("-", "").replace(" ", "").upper()
    return matching("[A-Z0-9]{4,12}", message("the code of a class"))(tidy)


def _steps(text: str) -> int:
    return int(chosen(text, [str(steps) for steps in FILM_STEPS]))


def _language(text: str) -> str:
    return chosen(text, i18n.languages())


_dimension = whole(0, 99_999, message("the number of a dimension"))
_word = matching(rf".{{1,{LONGEST_WORD}}}", message("a name or a word"))


KINDS: dict[str, Kind] = {
    "lang": Kind(None, _language),
    "run": Kind(None, _run),
    "runs": Kind(None, _runs, ",".join),
    "pair": Kind(None, _experiment("clinic")),
    "sweep": Kind(None, _experiment("sweep")),
    "a": Kind(None, sentence),
    "b": Kind(None, sentence),
    "za": Kind(None, point, point_text),
    "zb": Kind(None, point, point_text),
    "z": Kind(None, point, point_text),
    "t": Kind(0.5, between(0, 1), short),
    "seed": Kind(0, whole(0, MOST_SEED)),
    # Without one it is the path that fits the space of the run.
    "method": Kind(None, one_of(METHODS)),
    "decode": Kind("greedy", one_of(DECODERS)),
    "from": Kind("sentence", one_of(STARTS)),
    "c": Kind(None, sentence),
    "dim": Kind(None, _dimension),
    "meaning": Kind("dimensions", one_of(MEANINGS)),
    "made": Kind("label", one_of(MADE_OF)),
    "tour": Kind(0, whole(1, STOPS_OF_TOUR, message("a stop of the tour"))),
    "lesson": Kind(None, matching(r"[\w-]{1,80}", message("the name of a lesson"))),
    "step": Kind(1, whole(1, MOST_STEPS, message("the number of a step"))),
    **{name: Kind((), _answers, "_".join) for name in ANSWERS},
    "form": Kind("before", one_of(FORMS)),
    "on": Kind(["path", "point"], some_of(ON_THE_MAP), lambda found: ",".join(found) or "none"),
    "rest": Kind("mean", one_of(RESTS)),
    "maps": Kind("one", one_of(MAPS)),
    "beside": Kind("", _beside),
    "arrow": Kind("mean", one_of(ARROWS)),
    "article": Kind("plane", one_of(ARTICLE)),
    "vectors": Kind("digits", one_of(VECTORS)),
    "latents": Kind("2", one_of(LATENTS)),
    "weight": Kind("1", one_of(WEIGHTS)),
    "item": Kind(0, _dimension),
    "mistake": Kind("tanh", one_of(MISTAKES)),
    "stage": Kind(None, whole(0, 5)),
    "draw": Kind(0, whole(0, 255)),
    "source": Kind(None, one_of(STARTS)),
    "beta": Kind(1.0, between(0, 4), "{:g}".format),
    "scale": Kind(1.0, between(0, 4), "{:g}".format),
    "temperature": Kind(0.0, between(0, 2), "{:g}".format),
    "strength": Kind(0.0, between(-MOST_STRENGTH, MOST_STRENGTH), short),
    "class": Kind(None, _code),
    "open": Kind([], _sections, _sections_text),
    "hide": Kind([], some_of(HIDDEN), ",".join),
    "present": Kind(False, flag, lambda on: str(int(on))),
    "projection": Kind(None, _word),
    "space": Kind(None, _word),
    "size": Kind("", matching(_LARGE_MAP, message("the name of a large map"))),
    "colour": Kind(None, _word),
    "find": Kind(None, _word),
    "third": Kind(None, sentence),
    "right": Kind(None, _dimension),
    "up": Kind(None, _dimension),
    "selected": Kind(None, matching(_SELECTION, message("a selection on the map"))),
    "film": Kind(11, _steps),
}
