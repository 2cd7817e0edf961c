"""The concept questions: one right choice each, the others what one holds by a misconception.

Two parallel forms ask the same of the same misconceptions in other words, so that what is learned
between them is not the answer to a question that was seen (as in the Force Concept Inventory;
Hestenes, Wells and Swackhamer, 1992). They are data, one file a language; `questions/en.toml` says
how it is made.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from vae.errors import UserError
from vae.i18n import ENGLISH

Form = Literal["before", "after"]

RIGHT = "right"
"""Names the right choice, as the misconceptions name the others."""
QUESTIONS = Path(__file__).parent / "questions"


@dataclass(frozen=True)
class Choice:
    """A choice of a question.

    Attributes:
        name: what is recorded: `RIGHT`, or the misconception; the same in every language and form.
        text: what it says.
        reason: why it is right, or what is wrong with it.
    """

    name: str
    text: str
    reason: str


@dataclass(frozen=True)
class Question:
    """A question in one form; `id` is LESSON.NUMBER. Choices stand in an order drawn from both."""

    id: str
    form: Form
    text: str
    choices: tuple[Choice, ...]

    @property
    def lesson(self) -> int:
        """The number of the lesson that teaches it."""
        return int(self.id.partition(".")[0])

    def choice(self, name: str | None) -> Choice | None:
        """The choice of a name; None for "I do not know", and for a choice there is no more."""
        return next((c for c in self.choices if c.name == name), None)


def questions(form: Form, language: str) -> tuple[Question, ...]:
    """The questions of a form in a language, those of English where there are none."""
    path = QUESTIONS / f"{language}.toml"
    found = read_questions(path if path.exists() else QUESTIONS / f"{ENGLISH}.toml")
    return tuple(q for q in found if q.form == form)


@cache
def read_questions(path: Path) -> tuple[Question, ...]:
    """Both forms of all questions of a file.

    Raises:
        UserError: the file cannot be read, or a question in it is not whole.
    """
    try:
        with path.open("rb") as file:
            tables = tomllib.load(file)["question"]
    except (OSError, ValueError, KeyError) as error:
        raise UserError(
            "The file of questions {path} cannot be read ({reason}). Mend it, or take it away.",
            path=path,
            reason=str(error) or type(error).__name__,
        ) from error
    return tuple(
        _question(path, number, table, form)
        for number, table in enumerate(tables, 1)
        for form in get_args(Form)
    )


def _question(path: Path, number: int, table: Any, form: Form) -> Question:
    try:
        wrong = [(w["misconception"], w[form], w["reason"]) for w in table["wrong"]]
        right = (RIGHT, table["right"][form], table["right"]["reason"])
        texts = [table["id"], table[form], *right, *(text for choice in wrong for text in choice)]
        if not wrong or not all(isinstance(text, str) and text.strip() for text in texts):
            raise ValueError
        found = Question(table["id"], form, table[form], _ordered(table["id"], form, right, *wrong))
        names = {choice.name for choice in found.choices}
        if found.lesson < 1 or len(names) != len(found.choices):
            raise ValueError
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(
            "Question {number:,} of the file {path} is not whole: it needs an id such as 1.1, "
            "`before`, `after`, one right choice, and others of different misconceptions, each "
            "with `before`, `after` and `reason`.",
            number=number,
            path=path,
        ) from error
    return found


def _ordered(question: str, form: str, *choices: tuple[str, str, str]) -> tuple[Choice, ...]:
    # By a hash: the same for everybody, in every language and at every start, and no habit in it.
    def place(choice: tuple[str, str, str]) -> bytes:
        return hashlib.sha256(f"{question}/{form}/{choice[0]}".encode()).digest()

    return tuple(Choice(*choice) for choice in sorted(choices, key=place))
