"""Which lessons there are: the ten that ship, and those that a teacher put into a folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vae.course.lesson import Lesson
from vae.course.parser import parse
from vae.errors import UserError
from vae.i18n import ENGLISH, Message
from vae.runs.catalogue import runs_dir

SHIPPED = Path(__file__).with_name("lessons")
LESSONS_VARIABLE = "LATENT_LENS_LESSONS"
LARGEST = 200_000
MOST_FILES = 400

_NAME = re.compile(r"^(?:\d+-)?(?P<id>[^.]+?)(?:\.(?P<language>[A-Za-z]{2,3}))?\.md$")


@dataclass(frozen=True)
class Course:
    """The lessons in one language, in their order, and what is wrong with files that are none."""

    lessons: tuple[Lesson, ...]
    problems: tuple[Message, ...] = ()

    def number(self, id: str) -> int | None:
        """The place of a lesson, from 1; None where there is no such lesson."""
        return next((i for i, each in enumerate(self.lessons, 1) if each.id == id), None)

    def lesson(self, id: str) -> Lesson | None:
        """The lesson that links call so."""
        return next((each for each in self.lessons if each.id == id), None)


def own_folder() -> Path:
    """Where a teacher's lessons are: ``LATENT_LENS_LESSONS`` if set, else `lessons` beside the
    folder of the runs; absolute.
    """
    chosen = os.environ.get(LESSONS_VARIABLE)
    return (Path(chosen).expanduser() if chosen else runs_dir().parent / "lessons").absolute()


def version() -> str:
    """Changes whenever a file of a lesson does."""
    return repr(
        [
            (str(path), stat.st_mtime_ns, stat.st_size)
            for folder in (SHIPPED, own_folder())
            for path in _files(folder)
            if (stat := _stat(path)) is not None
        ]
    )


def course(language: str) -> Course:
    """All lessons, in a language where they are written in it, else in English, else in any.

    Those that ship come first. A teacher's file of the same name takes the place of one of them.
    A file that is no lesson is told of, and hurts no other.
    """
    problems: list[Message] = []
    found: dict[str, Lesson] = {}
    for folder, own in ((SHIPPED, False), (own_folder(), True)):
        for id, versions in _by_lesson(folder).items():
            order = sorted(versions, key=lambda each: (each != language, each != ENGLISH, each))
            for each in order:
                try:
                    found[id] = _read(versions[each], id, own)
                    break
                except UserError as error:
                    problems.append(error.message)
    return Course(tuple(found.values()), tuple(problems))


def _by_lesson(folder: Path) -> dict[str, dict[str, Path]]:
    """Name of a lesson to language to file; the language is "" where a file names none."""
    found: dict[str, dict[str, Path]] = {}
    for path in _files(folder):
        if name := _NAME.match(path.name):
            found.setdefault(name["id"], {})[(name["language"] or "").lower()] = path
    return found


def _files(folder: Path) -> Iterator[Path]:
    try:
        names = sorted(path for path in folder.glob("*.md") if path.stem.upper() != "README")
    except OSError:
        return
    yield from names[:MOST_FILES]


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _read(path: Path, id: str, own: bool) -> Lesson:
    stat = _stat(path)
    if stat is not None and stat.st_size > LARGEST:
        raise UserError(
            "{file} has {n:,} bytes. A lesson has {most:,} at most: split it in two.",
            file=path.name,
            n=stat.st_size,
            most=LARGEST,
        )
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UserError("{file} is not written in UTF-8. Save it so.", file=path.name) from None
    except OSError:
        raise UserError(
            "{file} could not be read. See whether the app may read it.", file=path.name
        ) from None
    return parse(text, id=id, file=path.name, own=own)
