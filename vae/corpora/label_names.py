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
    known = origin(source)
    if (known is None or known.grammar is None) and not source.get("labels_by_rule"):
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
    }
    return names.get(name, name)
