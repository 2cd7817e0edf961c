"""What does a sentence say that a model wrote? Its labels, by the grammar or by probes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from vae import scripts
from vae.corpora.corpus import Corpus
from vae.corpora.registry import Grammar
from vae.diagnostics.label_information import MOST_VALUES
from vae.i18n import message
from vae.models.explorable import Explorable
from vae.progress import Progress, silent

LENGTH = "length"
GRAMMAR, PROBES = "grammar", "probes"


@dataclass(frozen=True)
class LabelReader:
    """Reads the labels of sentences that no corpus has labelled.

    Attributes:
        how: "grammar" where the language can be parsed, which errs never; "probes" elsewhere.
        labels: what it reads; "length" in words is always among them.
        read: N sentences to N values of each label, None where a sentence cannot be read.
        accuracy: of each probe on held-out sentences.
        majority: accuracy of always naming the value that most training sentences have, which says
            what the other is worth where classes are rare.
        grammar: that reads them, where one does.
    """

    how: str
    labels: tuple[str, ...]
    read: Callable[[Sequence[str]], list[Mapping[str, str] | None]]
    accuracy: Mapping[str, float] = field(default_factory=dict)
    majority: Mapping[str, float] = field(default_factory=dict)
    grammar: Grammar | None = None


def reader_for(
    model: Explorable, train: Corpus, held_out: Corpus, progress: Progress = silent
) -> LabelReader:
    """The grammar of a corpus that has one, else linear probes of every label of 2 to 40 values.

    A sentence without a value ("") neither teaches a probe nor tries it. A label that no held-out
    sentence has is not read: nobody could say how well.

    Args:
        train: sentences that the probes learn from.
        held_out: sentences that say how often they are right.

    Raises:
        UserError: as `Explorable.encode`.
    """
    if train.grammar:
        return grammar_reader(train.grammar)
    return _by_probes(model, train, held_out, progress)


def grammar_reader(grammar: Grammar) -> LabelReader:
    """Reads every factor of a language; sentences of another one cannot be read."""

    def read(sentences: Sequence[str]) -> list[Mapping[str, str] | None]:
        found = [grammar.parse(sentence) for sentence in sentences]
        return [
            None if values is None else {**values, LENGTH: words(sentence)}
            for sentence, values in zip(sentences, found, strict=True)
        ]

    return LabelReader(GRAMMAR, (*grammar.factors, LENGTH), read, grammar=grammar)


def words(sentence: str) -> str:
    """The length of a sentence in words, as a label; in signs where no blanks part words."""
    return str(scripts.words(sentence))


def with_length(
    labels: Mapping[str, Sequence[str]], sentences: Sequence[str]
) -> dict[str, Sequence[str]]:
    """Labels of sentences with their length in words, unless one is called so already."""
    return {LENGTH: [words(s) for s in sentences], **labels}


def _by_probes(
    model: Explorable, train: Corpus, held_out: Corpus, progress: Progress
) -> LabelReader:
    from vae.diagnostics.probes.cross_validated import fitted, linear_classifier

    columns = [
        c
        for c, v in train.labels.items()
        if 2 <= len({*v} - {""}) <= MOST_VALUES and any(held_out.labels[c])
    ]
    x, tested = (_means(model, corpus.sentences) for corpus in (train, held_out))
    probes, accuracy, majority = {}, {}, {}
    for i, column in enumerate(columns):
        progress(i, len(columns), message("Learning to read {label}", label=column))
        values, asked = (np.asarray(corpus.labels[column]) for corpus in (train, held_out))
        probe = fitted(linear_classifier(), x[values != ""], values[values != ""])
        hits = probe.predict(tested[asked != ""]) == asked[asked != ""]
        probes[column], accuracy[column] = probe, float(hits.mean())
        commonest = Counter(values[values != ""].tolist()).most_common(1)[0][0]
        majority[column] = float((asked[asked != ""] == commonest).mean())

    def read(sentences: Sequence[str]) -> list[Mapping[str, str] | None]:
        kept = [i for i, s in enumerate(sentences) if s.strip()]  # a decoder may end at once
        out: list[Mapping[str, str] | None] = [None] * len(sentences)
        if not kept:
            return out
        mean = _means(model, [sentences[i] for i in kept])
        read_off = {column: probe.predict(mean) for column, probe in probes.items()}
        for row, i in enumerate(kept):
            values = {column: str(found[row]) for column, found in read_off.items()}
            out[i] = {LENGTH: words(sentences[i]), **values}
        return out

    labels = (*columns, *(() if LENGTH in columns else (LENGTH,)))
    return LabelReader(PROBES, labels, read, accuracy, majority)


def _means(model: Explorable, sentences: Sequence[str]) -> npt.NDArray[np.float64]:
    return np.asarray(model.encode(sentences).mean.numpy(), dtype=np.float64)
