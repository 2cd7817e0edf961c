"""Reads a lesson: a header, then steps, each with a text and perhaps a view and a question.

The format is that of README.md. What is wrong is said with its file, its line and what to do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from vae.course.lesson import KINDS, Choice, Kind, Lesson, Question, Step, Value, View
from vae.course.views import VIEWS, UnfitError, ViewKind
from vae.errors import UserError
from vae.i18n import Message, enumeration, message

MOST_MINUTES = 240
MOST_CHOICES = 8
HEADER = ("title", "misconception", "minutes", "run", "a", "b")
_NEEDED = HEADER[:3]

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_PAIR = re.compile(r"^([A-Za-z][\w -]*?)\s*[::]\s*(.*)$")
_STEP = re.compile(r"^##\s+([A-Za-z]+)\s*[::]\s*(\S.*)$")
_CHOICE = re.compile(r"^[-*] \[( |x|X)\]\s+(\S.*)$")


class LessonError(UserError):
    """A lesson that cannot be read: which file, which line, what is wrong and what to do."""

    def __init__(self, file: str, line: int, why: Message) -> None:
        super().__init__("{file}, line {line}: {why}", file=file, line=line, why=why)


@dataclass
class _Draft:
    """A step while it is read, with the line of its heading and of its question."""

    line: int
    kind: Kind
    title: str
    body: list[str] = field(default_factory=list)
    view: View | None = None
    asked: int = 0
    question: str = ""
    choices: list[Choice] = field(default_factory=list)


def parse(
    source: str, *, id: str, file: str, own: bool = False, views: Mapping[str, ViewKind] = VIEWS
) -> Lesson:
    """A lesson out of the text of its file.

    Args:
        id: what links call it.
        file: the name of the file, for what is said of it.
        views: those that a step may show.

    Raises:
        LessonError: the text is no lesson.
    """
    return _Reader(source.removeprefix("\ufeff").splitlines(), file, views).lesson(id, own)


class _Reader:
    def __init__(self, lines: list[str], file: str, views: Mapping[str, ViewKind]) -> None:
        self.lines, self.file, self.views, self.at = lines, file, views, 0

    def wrong(self, line: int, why: Message) -> LessonError:
        return LessonError(self.file, line + 1, why)

    # -- the header ------------------------------------------------------------------------------

    def lesson(self, id: str, own: bool) -> Lesson:
        header = self._header()
        steps = tuple(self._steps())
        return Lesson(
            id=id,
            title=header["title"],
            misconception=header["misconception"],
            minutes=int(header["minutes"]),
            steps=steps,
            run=header.get("run", ""),
            a=header.get("a", ""),
            b=header.get("b", ""),
            own=own,
        )

    def _header(self) -> dict[str, str]:
        if not self.lines or self.lines[0].strip() != "---":
            raise self.wrong(
                0, message("A lesson begins with a line `---`, its header, and another `---`.")
            )
        found: dict[str, str] = {}
        for i, line in enumerate(self.lines[1:], 1):
            if line.strip() == "---":
                self.at = i + 1
                return self._whole(found, i)
            if line.strip():
                name, value = self._pair(i, line, HEADER)
                found[name] = value
        raise self.wrong(
            len(self.lines) - 1, message("The header does not end: close it with a line `---`.")
        )

    def _pair(self, i: int, line: str, known: tuple[str, ...]) -> tuple[str, str]:
        found = _PAIR.match(line.strip())
        if found is None or found[1].lower() not in known:
            line = line.strip()[:60]
            raise self.wrong(
                i,
                message(
                    "`{line}` is not read here. A line is `NAME: VALUE`, and the names are "
                    "{known}.",
                    line=line,
                    known=enumeration(known),
                )
                if known
                else message("`{line}` is not read here: this view has no settings.", line=line),
            )
        return found[1].lower(), found[2].strip()

    def _whole(self, found: dict[str, str], end: int) -> dict[str, str]:
        for name in _NEEDED:
            if not found.get(name):
                raise self.wrong(
                    end, message("The header has no `{name}`. Add a line `{name}: ...`.", name=name)
                )
        minutes = found["minutes"]
        if not minutes.isascii() or not minutes.isdigit() or not 1 <= int(minutes) <= MOST_MINUTES:
            raise self.wrong(
                end,
                message(
                    "`minutes` is `{given}`. Give a whole number from 1 to {most}.",
                    given=minutes[:20],
                    most=MOST_MINUTES,
                ),
            )
        return found

    # -- the steps -------------------------------------------------------------------------------

    def _steps(self) -> list[Step]:
        drafts: list[_Draft] = []
        fence = ""
        while self.at < len(self.lines):
            line = self.lines[self.at]
            mark = _FENCE.match(line)
            if fence or mark:
                # What a block of code holds is its own.
                if mark and not fence:
                    fence = mark[1]
                elif mark and mark[1].startswith(fence):
                    fence = ""
                self._text(drafts, line)
            elif line.startswith("## "):
                drafts.append(self._heading(line))
            elif drafts and line.startswith("view:"):
                self._view(drafts[-1], line)
            elif drafts and line.startswith("question:"):
                self._question(drafts[-1], line)
            else:
                self._text(drafts, line)
            self.at += 1
        if not drafts:
            raise self.wrong(
                len(self.lines) - 1,
                message("There is no step. Begin one with a line like `## predict: What happens?`"),
            )
        return [self._step(draft, drafts[:i]) for i, draft in enumerate(drafts)]

    def _heading(self, line: str) -> _Draft:
        found = _STEP.match(line)
        if found is None or found[1].lower() not in KINDS:
            raise self.wrong(
                self.at,
                message(
                    "A step begins with `## KIND: Title`, where KIND is one of {kinds}.",
                    kinds=enumeration(KINDS, "or"),
                ),
            )
        return _Draft(self.at, cast(Kind, found[1].lower()), found[2].strip())

    def _text(self, drafts: list[_Draft], line: str) -> None:
        if drafts and not (line.strip() and drafts[-1].question):
            drafts[-1].body.append(line)
        elif drafts:
            raise self.wrong(
                self.at,
                message(
                    "This line follows the question of its step, where only answers stand, each "
                    "as `- [ ] text` (`- [x] text` for the right one). Move it above the question."
                ),
            )
        elif line.strip():
            raise self.wrong(
                self.at,
                message(
                    "There is text before the first step. Put a line `## KIND: Title` above it."
                ),
            )

    def _view(self, draft: _Draft, line: str) -> None:
        name = line.partition(":")[2].strip()
        if draft.view is not None:
            raise self.wrong(
                self.at, message("This step has a view already. One step shows one view.")
            )
        if name not in self.views:
            raise self.wrong(
                self.at,
                message(
                    "There is no view `{name}`. Those there are: {views}.",
                    name=name[:40],
                    views=enumeration(sorted(self.views)),
                ),
            )
        settings: dict[str, Value] = {}
        for text in self._indented():
            key, value = self._pair(self.at, text, tuple(self.views[name].settings))
            try:
                settings[key] = self.views[name].settings[key](value)
            except UnfitError as error:
                raise self.wrong(
                    self.at,
                    message(
                        "`{name}` of the view `{view}` is `{given}`, not {needed}.",
                        name=key,
                        view=name,
                        given=value[:40],
                        needed=error.needed,
                    ),
                ) from None
        draft.view = View(name, settings)

    def _question(self, draft: _Draft, line: str) -> None:
        text = line.partition(":")[2].strip()
        if draft.question or not text:
            raise self.wrong(
                self.at, message("A step asks one question, on one line: `question: ...`.")
            )
        draft.question, draft.asked = text, self.at
        while self.at + 1 < len(self.lines) and (found := _CHOICE.match(self.lines[self.at + 1])):
            self.at += 1
            why = " ".join(self._indented())
            draft.choices.append(Choice(found[2].strip(), found[1] != " ", why))

    def _indented(self) -> list[str]:
        """The lines that follow, as long as they stand further in."""
        found = []
        while self.at + 1 < len(self.lines) and re.match(r"^\s+\S", self.lines[self.at + 1]):
            self.at += 1
            found.append(self.lines[self.at].strip())
        return found

    def _step(self, draft: _Draft, before: list[_Draft]) -> Step:
        asks = draft.kind in ("predict", "observe")
        if asks and not draft.question:
            raise self.wrong(
                draft.line,
                message(
                    "A step `{kind}` asks something. Add `question: ...` and its answers.",
                    kind=draft.kind,
                ),
            )
        if draft.kind == "do" and draft.view is None:
            raise self.wrong(
                draft.line, message("A step `do` shows something. Add a line `view: NAME`.")
            )
        if draft.kind == "compare" and not any(one.question for one in before):
            raise self.wrong(
                draft.line,
                message("A step `compare` looks back on a question, and there is none before it."),
            )
        right = sum(choice.right for choice in draft.choices)
        if draft.question and not (2 <= len(draft.choices) <= MOST_CHOICES and right <= 1):
            raise self.wrong(
                draft.asked,
                message(
                    "A question has from 2 to {most} answers, one a line as `- [ ] text`, and at "
                    "most one of them is right, `- [x] text`. This one has {n}, {right} of them "
                    "right.",
                    most=MOST_CHOICES,
                    n=len(draft.choices),
                    right=right,
                ),
            )
        asked = Question(draft.question, tuple(draft.choices)) if draft.question else None
        body = "\n".join(draft.body).strip()
        return Step(draft.kind, draft.title, body, draft.view, asked)
