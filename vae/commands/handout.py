"""`python -m vae handout`: a lesson as one HTML file to be printed."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from vae.commands.console import say
from vae.commands.report import write_page
from vae.errors import UserError
from vae.i18n import _, enumeration, language, message

if TYPE_CHECKING:
    from vae.course import Lesson

HELP = message("a lesson as one HTML file to be printed, empty or with figures and answers")


def add_options(parser: ArgumentParser) -> None:
    """A lesson, what its figures are of, and where to."""
    parser.add_argument("lesson", help=_("the name of a lesson, as in its link"))
    parser.add_argument("--out", type=Path, required=True, help=_("the .html file to write"))
    parser.add_argument(
        "--blank",
        action="store_true",
        help=_("for a class: the questions with room to write, without figures and answers"),
    )
    parser.add_argument("--run", help=_("a run directory, or the name of a run"))
    parser.add_argument(
        "--sentence", nargs="+", default=[], help=_("the sentence of the lesson, or the two")
    )
    parser.add_argument("--seed", type=int, default=0, help=_("seed of every draw"))
    parser.add_argument(
        "--answers", default="", help=_("what was answered, as the link of the lesson has it")
    )
    parser.add_argument(
        "--address",
        default="http://localhost:8501",
        help=_("where the app is, for the link and its QR code"),
    )


def run(options: Namespace) -> None:
    """Write the handout of a lesson to a file."""
    lesson = _lesson(options.lesson)
    size = write_page(options, 2**31, lambda: _made(options, lesson))
    say(
        _(
            "{path}: {size:.2f} MB. Open it in a browser and print it; it needs no network.",
            path=str(options.out),
            size=size / 1e6,
        )
    )


def _lesson(name: str) -> Lesson:
    from vae.course import course

    found = course(language())
    if (lesson := found.lesson(name)) is None:
        raise UserError(
            "There is no lesson '{name}'. Choose {lessons}.",
            name=name,
            lessons=enumeration([each.id for each in found.lessons], "or"),
        )
    return lesson


def _made(options: Namespace, lesson: Lesson) -> str:
    from vae import handout
    from vae.course.answers import read
    from vae.explorer import Explorer
    from vae.runs.catalogue import DEFAULT_RUN, RUN_OF_LANGUAGE

    link = _link(options, lesson)
    if options.blank:
        return handout.blank(lesson, link)
    a, b = ([*options.sentence, "", ""])[:2]
    usual = lesson.run or RUN_OF_LANGUAGE.get(language(), DEFAULT_RUN)
    explorer = Explorer.load(options.run or usual)
    chosen = handout.Chosen(a=a, b=b, seed=options.seed)
    answers = read(options.answers.split("_"))
    steps = handout.reached(lesson, answers) if answers else None
    return handout.make(lesson, explorer, chosen, answers, link, steps=steps)


def _link(options: Namespace, lesson: Lesson) -> str:
    if not options.address:
        return ""
    held = {"lesson": lesson.id, "lang": language(), "run": options.run}
    held |= dict(zip("ab", options.sentence, strict=False))
    held |= {"seed": options.seed} if options.seed else {}
    query = urlencode({name: value for name, value in held.items() if value})
    return f"{options.address.rstrip('/')}/lesson?{query}"
