"""Labels that are read off the sentences themselves: a new rule is a module, and one line here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from vae.corpora import english_labels
from vae.corpora.corpus import Corpus
from vae.errors import UserError
from vae.i18n import listed

Rule = Callable[[Sequence[str]], dict[str, tuple[str, ...]]]

RULES: Mapping[str, Rule] = {"english": english_labels.labels_of}
"""By the name of a language: N sentences to the N values of each label, "" where there is none."""

_FITS: Mapping[str, Callable[[Iterable[str]], bool]] = {"english": english_labels.is_english}


def labelled(corpus: Corpus, rule: str | None) -> Corpus:
    """A corpus with the labels that a rule reads off it; itself where there is no rule.

    A label of the corpus keeps its values where a rule has one of the same name. The source says
    which rule it was, so that the corpus can be made again.

    Raises:
        UserError: there is no such rule.
    """
    if rule is None:
        return corpus
    if rule not in RULES:
        raise UserError(
            "There is no rule '{rule}' that labels sentences. Choose {rules}.",
            rule=rule,
            rules=listed(RULES, "or"),
        )
    read = RULES[rule](corpus.sentences)
    source = {**corpus.source, "labels_by_rule": rule}
    return replace(corpus, labels={**read, **corpus.labels}, source=source)


def fitting(sentences: Sequence[str]) -> str | None:
    """The rule whose language the sentences are in, as far as it can be guessed."""
    return next((rule for rule, fits in _FITS.items() if fits(sentences)), None)
