"""What a corpus would give a model to learn from: counted before anything is trained."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from vae.config import DataConfig
from vae.corpora.corpus import SPLITS, Corpus
from vae.corpora.label_types import LabelType
from vae.errors import UserError
from vae.i18n import Message, message
from vae.progress import Progress, silent
from vae.scripts import is_unspaced
from vae.tokenizer import SPECIAL, UNK, Tokenizer

SIZES = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
MIN_COUNTS = (1, 2, 3, 5)

_MOST_WORDS = 100_000
_MOST_LENGTH = 100
_CHUNK = 20_000

SCHEMES: Mapping[str, Message] = {
    "word": message("Words between blanks"),
    "character": message("Characters"),
    "bpe": message("Byte-pair pieces"),
}
"""What a model may learn a text in (`DataConfig.tokenizer`)."""
_LOOKED_AT = 2_000

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Vocabulary:
    """What the tokenizer would know at one setting.

    Attributes:
        largest, min_count: the settings (`DataConfig.vocabulary`, `DataConfig.min_count`).
        size: tokens that it would know, the four special ones included.
        unknown: share of the validation tokens that it would not know, from 0 to 1.
    """

    largest: int
    min_count: int
    size: int
    unknown: float


@dataclass(frozen=True)
class Survey:
    """What a corpus holds, and what a tokenizer would make of it.

    Attributes:
        name, digest: of the corpus.
        sentences: how many are used.
        dropped: reason to number of rows that are not.
        repeated: how many of those used are the same as an earlier one but for case and spaces;
            they stay, since how often a sentence occurs is data.
        splits: sentences for training, validation and test.
        lengths: item n is the number of sentences of n tokens, the end of the sentence not
            counted; the last item is of all that are as long or longer.
        tokens: tokens of all sentences together.
        validation_tokens: tokens that the shares of unknown ones are measured on.
        words: different tokens in the training sentences, at most 100,000.
        vocabulary: with the settings that were asked for.
        choices: with other settings; none for characters and pieces, which know nearly all.
        schemes: where no blanks part the words, what it would know of words, of characters and of
            byte-pair pieces at the settings that were asked for; else empty.
        labels: column to number of different values; "" is none.
        types: column to type (`vae.corpora.label_types`).
        conflicting: sentences that stand there with different labels, as a number of different
            sentences.
        examples: a few sentences.
        columns: of a file: "text" and "labels", as they were chosen or guessed; else empty.
    """

    name: str
    digest: str
    sentences: int
    dropped: Mapping[str, int]
    repeated: int
    splits: Mapping[str, int]
    lengths: tuple[int, ...]
    tokens: int
    validation_tokens: int
    words: int
    vocabulary: Vocabulary
    choices: tuple[Vocabulary, ...]
    schemes: Mapping[str, Vocabulary]
    labels: Mapping[str, int]
    types: Mapping[str, LabelType]
    conflicting: int
    examples: tuple[str, ...]
    columns: Mapping[str, Any]

    @property
    def rows(self) -> int:
        """Rows of the source, used and dropped."""
        return self.sentences + sum(self.dropped.values())

    @property
    def distinct(self) -> int:
        """Different sentences among those used."""
        return self.sentences - self.repeated

    def length_quantile(self, share: float) -> int:
        """The length in tokens that so large a share of the sentences does not exceed."""
        return int(np.searchsorted(np.cumsum(self.lengths), share * self.sentences))

    def known_with(self, config: DataConfig) -> Vocabulary | None:
        """What the tokenizer would know with these settings; None where that was not counted."""
        at = (config.vocabulary, config.min_count)
        if config.tokenizer in SCHEMES and config.tokenizer != "word":
            made = self.schemes.get(config.tokenizer)
            return made if made and (made.largest, made.min_count) == at else None
        return next((c for c in self.choices if (c.largest, c.min_count) == at), None)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Any) -> Survey:
        """Read back what `to_dict` gave.

        Raises:
            UserError: it is something else.
        """
        try:
            values = {f.name: stored[f.name] for f in fields(cls)}
            return cls(
                **{
                    **values,
                    "lengths": tuple(map(int, values["lengths"])),
                    "vocabulary": Vocabulary(**values["vocabulary"]),
                    "choices": tuple(Vocabulary(**c) for c in values["choices"]),
                    "schemes": {k: Vocabulary(**v) for k, v in values["schemes"].items()},
                    "examples": tuple(map(str, values["examples"])),
                }
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UserError(
                "This is no survey of a corpus ({reason}). Make it again.", reason=str(error)
            ) from error


def survey(
    corpus: Corpus,
    config: DataConfig,
    others: Sequence[DataConfig] = (),
    progress: Progress = silent,
) -> Survey:
    """Count what a corpus holds for a tokenizer's settings.

    Args:
        others: settings that are to be among the choices as well; those for pieces of words are
            passed over.
        progress: called with how many sentences have been read.

    Raises:
        Whatever `progress` raises to cancel.
    """
    train = corpus.select("train").sentences
    validation = corpus.select("validation").sentences
    choices: tuple[Vocabulary, ...] = ()
    if config.tokenizer in ("bpe", "character"):
        tokenizer = Tokenizer.train(train, config)
        checked = _counts(tokenizer, validation)
        chosen = _known(tokenizer, checked, config)
    else:
        # The most frequent words come first, so that every smaller vocabulary is its beginning.
        every = replace(config, vocabulary=_MOST_WORDS, min_count=1)
        tokenizer = Tokenizer.train(train, every, corpus.lexicon)
        learned, checked = _counts(tokenizer, train), _counts(tokenizer, validation)
        chosen = _vocabulary(learned, checked, config.vocabulary, config.min_count)
        asked = [(c.vocabulary, c.min_count) for c in (config, *others) if c.tokenizer == "word"]
        choices = _choices(learned, checked, config, asked)
    schemes = {}
    if is_unspaced(corpus.sentences[:_LOOKED_AT]) and not corpus.lexicon:
        for scheme in SCHEMES:
            asked_for = replace(config, tokenizer=scheme)
            if asked_for == config and config.tokenizer != "word":
                schemes[scheme] = chosen
                continue
            made = Tokenizer.train(train, asked_for)
            schemes[scheme] = _known(made, _counts(made, validation), asked_for)
    lengths = _lengths(tokenizer, corpus.sentences, progress)
    source = corpus.source
    return Survey(
        name=corpus.name,
        digest=corpus.digest,
        sentences=len(corpus),
        dropped=dict(corpus.dropped),
        repeated=len(corpus) - len(np.unique(corpus.keys)),
        splits={s: len(corpus.indices(s)) for s in SPLITS},
        lengths=tuple(np.bincount(np.minimum(lengths, _MOST_LENGTH)).tolist()),
        tokens=int(lengths.sum()),
        validation_tokens=int(checked.sum()),
        words=len(tokenizer) - len(SPECIAL),
        vocabulary=chosen,
        choices=choices,
        schemes=schemes,
        labels={name: len({*values} - {""}) for name, values in corpus.labels.items()},
        types=corpus.types,
        conflicting=_conflicting(corpus),
        examples=corpus.examples,
        columns=(
            {"text": source["text_column"], "labels": list(source["label_columns"])}
            if "text_column" in source
            else {}
        ),
    )


def _known(tokenizer: Tokenizer, checked: Counts, config: DataConfig) -> Vocabulary:
    share = _share(int(checked[UNK]), int(checked.sum()))
    return Vocabulary(config.vocabulary, config.min_count, len(tokenizer), share)


def _conflicting(corpus: Corpus) -> int:
    """How many different sentences have more than one row of labels."""
    rows = zip(*corpus.labels.values(), strict=True) if corpus.labels else [()] * len(corpus)
    different = set(zip(corpus.keys.tolist(), rows, strict=True))
    return sum(n > 1 for n in Counter(key for key, _ in different).values())


def _choices(
    learned: Counts, checked: Counts, config: DataConfig, asked: Sequence[tuple[int, int]]
) -> tuple[Vocabulary, ...]:
    """What is asked for, other sizes at this count, and other counts at this size."""
    most = len(learned)
    sizes = [n for n in SIZES if n < most]
    pairs = [*asked, *((n, config.min_count) for n in sizes)]
    pairs += [(config.vocabulary, m) for m in MIN_COUNTS]
    found = {pair: _vocabulary(learned, checked, *pair) for pair in dict.fromkeys(pairs)}
    return tuple(sorted(found.values(), key=lambda v: (v.size, -v.min_count)))


def _vocabulary(learned: Counts, checked: Counts, largest: int, min_count: int) -> Vocabulary:
    known = np.zeros(len(learned), dtype=bool)
    known[len(SPECIAL) : largest] = learned[len(SPECIAL) : largest] >= min_count
    unknown = int(checked[~known].sum())
    return Vocabulary(
        largest,
        min_count,
        len(SPECIAL) + int(known.sum()),
        _share(unknown, int(checked.sum())),
    )


def _counts(tokenizer: Tokenizer, sentences: Sequence[str]) -> Counts:
    """How often each token occurs, ends of sentences not counted."""
    counts = np.zeros(len(tokenizer), dtype=np.int64)
    for ids in _encoded(tokenizer, sentences):
        counts += np.bincount(
            np.fromiter((i for one in ids for i in one[:-1]), dtype=np.int64),
            minlength=len(counts),
        )
    return counts


def _lengths(tokenizer: Tokenizer, sentences: Sequence[str], progress: Progress) -> Counts:
    done, parts = 0, [np.zeros(0, dtype=np.int64)]
    for ids in _encoded(tokenizer, sentences):
        progress(done, len(sentences), message("Counting words"))
        parts.append(np.fromiter((len(one) - 1 for one in ids), dtype=np.int64, count=len(ids)))
        done += len(ids)
    progress(done, len(sentences), message("Counting words"))
    return np.concatenate(parts)


def _encoded(tokenizer: Tokenizer, sentences: Sequence[str]) -> Iterator[list[list[int]]]:
    # In parts: the ids of a large corpus at once would need more memory than its text.
    for i in range(0, len(sentences), _CHUNK):
        yield tokenizer.encode_batch(sentences[i : i + _CHUNK])


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
