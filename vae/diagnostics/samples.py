"""Which sentences a figure was measured on, and why one is missing: data, worded when shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from vae.errors import UserError
from vae.i18n import Message, message, nmessage

LONGEST = 2_000
"""Characters of what a file says in its own words, as those of earlier versions do."""

_SAID = Message("{text}")

_SAMPLES: Mapping[str, Message] = {
    "said": _SAID,
    "train": message("{n:,} training sentences of {of}"),
    "validation": message("{n:,} validation sentences of {of}"),
    "test": message("{n:,} test sentences of {of}"),
    "all": message("{n:,} sentences of {of}"),
    "part": message("{n:,} of {total:,} sentences of {of}"),
    "map": message("{n:,} sentences of the map"),
    "held-out": message("{n:,} held-out (test) sentences"),
    "held-out-both": message("{n:,} held-out (test and validation) sentences"),
    "any": message("{n:,} sentences, training included, since few are held out"),
    "step": message("{n:,} validation sentences at step {total:,}"),
}

_REASONS: Mapping[str, Message] = {
    "said": _SAID,
    # What a diagnosis lacks.
    "few-sentences": nmessage(
        "Only {n} sentence was measured: a verdict on so few is a guess, and their intervals are "
        "too narrow.",
        "Only {n} sentences were measured: a verdict on so few is a guess, and their intervals "
        "are too narrow.",
        0,
    ),
    "no-likelihood": message("The likelihood is not available. {error}"),
    "not-heard": message("What the decoder hears is not available. {error}"),
    "no-match": message("How the posteriors match the prior was not measured. {error}"),
    "match-not-kept": message(
        "How the posteriors match the prior was not measured by the version that made this. "
        "`python -m vae study RUN diagnosis` measures it."
    ),
    "return-not-kept": message(
        "What comes back of held-out and of training sentences was not measured by the version "
        "that made this, so the verdict does not count it. `python -m vae study RUN diagnosis` "
        "measures it."
    ),
    "no-z": message("There is no z that the decoder could listen to."),
    "alike": message(
        "More than half of the sentences say the same, so there is no other z to give them: what "
        "the decoder hears cannot be measured."
    ),
    # Why a label is left out.
    "too-few": nmessage(
        "{n:,} sentence has it, and {needed:,} are needed",
        "{n:,} sentences have it, and {needed:,} are needed",
        0,
    ),
    "one-value": message("all sentences have the same value"),
    "one-value-but": nmessage(
        "all but {n:,} sentence have the same value",
        "all but {n:,} sentences have the same value",
        0,
    ),
    "no-value": nmessage("{n:,} sentence has no value", "{n:,} sentences have no value", 0),
    "many-values": message("{n:,} values, and {most:,} at most can be told apart"),
    "values-once": message("most values occur but once, so none can be learned from the others"),
    "many-labels": message("{most:,} labels at most are measured"),
    "few-different": message("too few different sentences have it"),
    "few-valued": message("fewer than two values have {needed:,} training sentences"),
    "long-names": nmessage(
        "{n:,} name of over {most:,} characters", "{n:,} names of over {most:,} characters", 0
    ),
    "more": nmessage(
        "{n:,} more label is left out as well", "{n:,} more labels are left out as well", 0
    ),
    "constant": message(
        "All sentences fall on one point of one of these spaces: their distances have no order."
    ),
}


@dataclass(frozen=True)
class Sample:
    """The sentences that something was measured on; `str` of it words them, with their number.

    Attributes:
        kind: "test", "validation", "train" or "all" of a text; "part" of a file; "map"; "held-out"
            and "held-out-both" sentences of a corpus, or "any"; "step", of a training's validation;
            "said": in words of its own, as earlier versions kept it.
        n: how many.
        total: of how many they were drawn; the step, where it is one.
        of: the name of the text; the words, where it is "said".
    """

    kind: str
    n: int = 0
    total: int = 0
    of: str = ""

    def __str__(self) -> str:
        return str(self.message)

    @property
    def message(self) -> Message:
        """Its words, with their number."""
        values = {"n": self.n, "total": self.total, "of": self.of, "text": self.of}
        return replace(_SAMPLES[self.kind], values=values)

    def counted(self, n: int) -> Sample:
        """With their number too where it is "said" without."""
        return replace(self, n=n, of=f"{n:,} {self.of}") if self.kind == "said" else self

    @property
    def unseen(self) -> bool:
        """Whether the model has learned from none of them."""
        return self.kind in ("test", "validation", "held-out", "held-out-both", "step")

    @classmethod
    def of_json(cls, stored: object) -> Sample:
        """A stored one; a text of an earlier version as it stands.

        Raises:
            ValueError: it is neither.
        """
        if isinstance(stored, str):
            return cls("said", of=_text(stored))
        if not isinstance(stored, Mapping) or stored.get("kind") not in _SAMPLES:
            raise ValueError("no sentences that are known here")
        n, total, of = (stored.get(name) for name in ("n", "total", "of"))
        if not isinstance(n, int) or not isinstance(total, int):
            raise ValueError("no number of sentences")
        return cls(stored["kind"], n, total, _text(of))


@dataclass(frozen=True)
class Reason:
    """Why something was not measured, or is not to be trusted; `str` of it words it.

    Attributes:
        kind: one of those above.
        values: what fills its sentence: numbers, texts, or the JSON of a message.
    """

    kind: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return str(self.message)

    @property
    def message(self) -> Message:
        """Its words."""
        values = {
            name: Message.of_json(value) if isinstance(value, Mapping) else value
            for name, value in self.values.items()
        }
        return replace(_REASONS[self.kind], values=values)

    @classmethod
    def of(cls, kind: str, **values: int | str) -> Reason:
        """One of those that are known here."""
        return cls(kind, values)

    @classmethod
    def error(cls, error: UserError, kind: str = "said") -> Reason:
        """What an error says, alone or inside the sentence of a kind."""
        return cls(kind, {"text" if kind == "said" else "error": error.message.to_json()})

    @classmethod
    def of_json(cls, stored: object) -> Reason:
        """A stored one; a text of an earlier version as it stands.

        Raises:
            ValueError: it is neither.
        """
        if isinstance(stored, str):
            return cls("said", {"text": _text(stored)})
        if not isinstance(stored, Mapping) or stored.get("kind") not in _REASONS:
            raise ValueError("no reason that is known here")
        values = stored.get("values")
        if not isinstance(values, Mapping) or len(str(values)) > LONGEST:
            raise ValueError("no values of a reason")
        reason = cls(stored["kind"], dict(values))
        try:
            str(reason)
        except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
            raise ValueError("a reason without its values") from error
        return reason


def _text(stored: object) -> str:
    if not isinstance(stored, str) or len(stored) > LONGEST:
        raise ValueError(f"no text of at most {LONGEST:,} characters")
    return stored
