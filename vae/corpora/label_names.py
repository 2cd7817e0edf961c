"""What labels are called in the reader's language, where the app knows what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vae.corpora.registry import origin
from vae.i18n import pgettext


def label_name(name: str, source: Mapping[str, Any]) -> str:
    """A label of a corpus with a grammar, or one read off by a rule, in the reader's language.

    Any other has the name that its owner gave it.

    Args:
        source: of the corpus, as in `Corpus.source`.
    """
    if not _known(source):
        return name
    names = {
        "subject": pgettext("label", "subject"),
        "person": pgettext("label", "person"),
        "number": pgettext("label", "number"),
        "tense": pgettext("label", "tense"),
        "polarity": pgettext("label", "polarity"),
        "mood": pgettext("label", "mood"),
        "sentiment": pgettext("label", "sentiment"),
        "topic": pgettext("label", "topic"),
        "attitude": pgettext("label", "attitude"),
        "degree": pgettext("label", "degree"),
        "activity": pgettext("label", "activity"),
        "object": pgettext("label", "object"),
        "measure": pgettext("label", "measure"),
        "adjective": pgettext("label", "adjective"),
        "time": pgettext("label", "time"),
        "place": pgettext("label", "place"),
        "length": pgettext("label", "length"),
    }
    return names.get(name, name)


def value_name(label: str, value: str, source: Mapping[str, Any]) -> str:
    """A value of a label as `label_name` names labels; words of the language stay as they are."""
    if not _known(source):
        return value
    names = {
        "person": {
            "first": pgettext("person", "first"),
            "second": pgettext("person", "second"),
            "third": pgettext("person", "third"),
        },
        "number": {
            "singular": pgettext("number", "singular"),
            "plural": pgettext("number", "plural"),
        },
        "tense": {
            "past": pgettext("tense", "past"),
            "present": pgettext("tense", "present"),
            "future": pgettext("tense", "future"),
            "experience": pgettext("tense", "experience"),
            "habit": pgettext("tense", "habit"),
        },
        "polarity": {
            "affirmative": pgettext("polarity", "affirmative"),
            "negative": pgettext("polarity", "negative"),
        },
        "mood": {
            "statement": pgettext("mood", "statement"),
            "question": pgettext("mood", "question"),
        },
        "sentiment": {
            "positive": pgettext("sentiment", "positive"),
            "negative": pgettext("sentiment", "negative"),
        },
        "topic": {
            "food": pgettext("topic", "food"),
            "music": pgettext("topic", "music"),
            "books": pgettext("topic", "books"),
            "film": pgettext("topic", "film"),
            "sport": pgettext("topic", "sport"),
            "garden": pgettext("topic", "garden"),
            "travel": pgettext("topic", "travel"),
            "pets": pgettext("topic", "pets"),
        },
        "degree": {
            "none": pgettext("degree", "none"),
        },
        "time": {
            "none": pgettext("time", "none"),
        },
        "place": {
            "none": pgettext("place", "none"),
        },
    }
    return names.get(label, {}).get(value, value)


def _known(source: Mapping[str, Any]) -> bool:
    known = origin(source)
    return bool(known and known.grammar) or bool(source.get("labels_by_rule"))
