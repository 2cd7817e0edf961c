"""What a lesson is made of: steps that go predict, do, observe, compare, explain.

Who predicts before a demonstration, and says after it what was seen, understands more of it than
who only watches (Crouch, Fagen, Callan and Mazur, 2004; Miller, Lasry, Chu and Mazur, 2013).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from vae.i18n import message

Kind = Literal["predict", "do", "observe", "compare", "explain"]
KINDS: tuple[Kind, ...] = get_args(Kind)

KIND_NAMES = {
    "predict": message("Predict"),
    "do": message("Do"),
    "observe": message("Say what you saw"),
    "compare": message("Compare"),
    "explain": message("Explain"),
}

Value = str | int | float


@dataclass(frozen=True)
class Choice:
    """An answer that a question offers, and why it is right or wrong; "" where nobody says."""

    text: str
    right: bool
    why: str = ""


@dataclass(frozen=True)
class Question:
    """A question with the answers to choose from.

    Whoever asks it offers "I don't know" as well: that is no choice of the file.
    """

    text: str
    choices: tuple[Choice, ...]

    @property
    def right(self) -> int | None:
        """The index of the right choice; None where it depends on the learner's own sentence."""
        return next((i for i, choice in enumerate(self.choices) if choice.right), None)


@dataclass(frozen=True)
class View:
    """A part of the app that a step shows (`vae.course.views`), and how it is set."""

    name: str
    settings: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """One screen of a lesson; `body` is Markdown."""

    kind: Kind
    title: str
    body: str = ""
    view: View | None = None
    question: Question | None = None


@dataclass(frozen=True)
class Lesson:
    """A lesson in one language.

    Attributes:
        id: the name of its file without number of language; it stands in links.
        misconception: what the lesson is against, as somebody would say it who believes it.
        minutes: how long it takes.
        steps: one at least.
        run: the name of the run that it is about; "" for whichever is chosen.
        a, b: the sentences that it begins with; "" for the run's examples.
        own: whether a teacher added it.
    """

    id: str
    title: str
    misconception: str
    minutes: int
    steps: tuple[Step, ...]
    run: str = ""
    a: str = ""
    b: str = ""
    own: bool = False

    @property
    def sentences(self) -> dict[Literal["a", "b"], str]:
        """The sentences that it begins with, where it names any."""
        ends: tuple[Literal["a", "b"], ...] = ("a", "b")
        return {end: text for end in ends if (text := {"a": self.a, "b": self.b}[end])}

    @property
    def scene(self) -> tuple[str, str, str]:
        """Run and sentences that it begins with; languages may have their own."""
        return self.run, self.a, self.b

    def compared(self, step: int) -> tuple[int | None, int | None]:
        """The steps whose prediction and whose observation a step looks back on: the last before
        it, None where there is none.
        """
        earlier = range(min(step, len(self.steps)) - 1, -1, -1)
        last = {
            kind: next((i for i in earlier if self.steps[i].kind == kind), None)
            for kind in ("predict", "observe")
        }
        return last["predict"], last["observe"]

    def answered(self, step: int) -> int | None:
        """The prediction whose outcome a step tells: the one right before it, where no later step
        compares it with what was seen; None where there is none.
        """
        before = step - 1
        if before < 0 or self.steps[before].kind != "predict":
            return None
        looking_back = (i for i, each in enumerate(self.steps) if each.kind == "compare")
        return None if any(self.compared(i)[0] == before for i in looking_back) else before
