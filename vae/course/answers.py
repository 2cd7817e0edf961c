"""What a learner answers to a lesson, how a link writes it, and what it is laid beside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vae.course.lesson import Lesson, Question
from vae.i18n import _

DONT_KNOW = "x"
"""The value of "I don't know"; a choice has the letter of its place, from "a"."""
WRITTEN = re.compile(r"([1-9]\d?)([a-hx])([0-3])")
"""An answer in a link: its step, the choice (x: "I don't know"), how sure (0: not said)."""


@dataclass(frozen=True)
class Answer:
    """What was chosen, and how sure the learner was: 1 a guess, 2 fairly, 3 sure; 0 not said."""

    value: str
    confidence: int = 0

    @property
    def choice(self) -> int | None:
        """The index of the choice; None of "I don't know"."""
        return None if self.value == DONT_KNOW else ord(self.value) - ord("a")

    def of(self, question: Question) -> int | None:
        """The index of the choice, where the question has it."""
        return self.choice if self.choice in range(len(question.choices)) else None


Answers = Mapping[int, Answer]
"""Step (from 1) to what was answered to it."""


def written(answers: Answers) -> tuple[str, ...]:
    """Answers as a link holds them."""
    return tuple(f"{step}{a.value}{a.confidence}" for step, a in sorted(answers.items()))


def read(told: Iterable[str]) -> dict[int, Answer]:
    """Answers out of a link; what is none is left out."""
    found = filter(None, map(WRITTEN.fullmatch, told))
    return {
        int(step): Answer(value, int(sure)) for step, value, sure in (f.groups() for f in found)
    }


def worded(answer: Answer | None, question: Question) -> str:
    """An answer in words; "" where there is none, or none that the question has."""
    if answer is None:
        return ""
    if answer.choice is None:
        return _("I don't know")
    chosen = answer.of(question)
    return "" if chosen is None else question.choices[chosen].text


@dataclass(frozen=True)
class Recalled:
    """What one said in an earlier step, or what happened then.

    Attributes:
        title: whose it is.
        said: it, in words; "" where nobody said it.
        missing: what stands in its place then.
        hit: whether it is what happened; None where that cannot be told.
        sure: how sure one was of it (1 to 3); 0 not said.
    """

    title: str
    said: str
    missing: str = ""
    hit: bool | None = None
    sure: int = 0


def recalled(lesson: Lesson, step: int, answers: Answers) -> list[Recalled]:
    """Prediction, observation and what happened, as far as a step (from 0) looks back on them."""
    return laid_beside(lesson, *lesson.compared(step), answers)


def laid_beside(
    lesson: Lesson, predicted: int | None, seen: int | None, answers: Answers
) -> list[Recalled]:
    """The answers to two steps (from 0; None for none), and what happened."""
    found: list[Recalled] = []
    for i, title, missing in (
        (predicted, _("You predicted"), _("You made no prediction.")),
        (seen, _("You saw"), _("You have not said what you saw.")),
    ):
        question = lesson.steps[i].question if i is not None else None
        if i is None or question is None:
            continue
        given = answers.get(i + 1)
        told = given is not None and given.choice is not None and question.right is not None
        hit = given.choice == question.right if given is not None and told else None
        sure = given.confidence if given is not None and told else 0
        found.append(Recalled(title, worded(given, question), missing, hit, sure))
    if happened := _happened(lesson, [seen, predicted]):
        found.append(Recalled(_("What happened"), happened))
    return found


def why_predicted(lesson: Lesson, predicted: int | None, answers: Answers) -> str:
    """What the lesson says to the prediction of a step (from 0); "" where it says nothing."""
    question = None if predicted is None else lesson.steps[predicted].question
    given = None if predicted is None else answers.get(predicted + 1)
    chosen = given.of(question) if given and question else None
    return question.choices[chosen].why if question and chosen is not None else ""


def _happened(lesson: Lesson, steps: Iterable[int | None]) -> str:
    for i in steps:
        question = lesson.steps[i].question if i is not None else None
        if question is not None and question.right is not None:
            return question.choices[question.right].text
    return ""
