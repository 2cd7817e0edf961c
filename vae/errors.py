"""The one error that is written for the person in front of the screen."""

from __future__ import annotations

from typing import Any, Literal, Self

from vae.i18n import Message, _, languages, speaking

Cause = Literal["", "disk", "memory", "divergence", "small text", "lost text", "package", "damage"]
"""Kinds of what ends a run, each with an advice of its own (`vae.runs.failure`); "" for others."""


class UserError(ValueError):
    """What was wrong, where, and what to do, in a sentence or two.

    The command line prints it on one line and exits with 2; a page shows it in place of the
    content that could not be made. Anything else that is raised is a defect of ours. It is worded
    when it is shown, in the language of who reads it:

        raise UserError("There is no run '{name}'.", name=name)

    Args:
        text: the English sentence with named placeholders, or a message made elsewhere.
        values: what fills the placeholders.
    """

    cause: Cause = ""

    def __init__(self, text: str | Message, /, **values: Any) -> None:
        self.message = text if isinstance(text, Message) else Message(text, values)
        super().__init__(self.message.text)

    def __str__(self) -> str:
        return str(self.message)

    def because(self, cause: Cause) -> Self:
        """This error, with the kind of its cause."""
        self.cause = cause
        return self


def reason(error: BaseException) -> Message:
    """What an error says, as data: it is worded when it is shown."""
    if isinstance(error, UserError):
        return error.message
    return Message(str(error) or type(error).__name__)


def error_line(said: str) -> str:
    """The line on which a command says what was wrong, in the language in force."""
    return _("error: {reason}", reason=" ".join(said.split()))


def said_on_line(line: str) -> str | None:
    """What the line of an error says, whichever language printed it; None of any other line."""
    for language in languages():
        with speaking(language):
            before = error_line("")
        if line.startswith(before):
            return line.removeprefix(before)
    return None
