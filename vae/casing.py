"""The usual case of a word, learned from a corpus: what is read in lower case is said as written.

A capital at the start of a sentence says nothing of the word; it is set by whoever writes the
sentence. So only words inside of sentences are counted (as Lita et al., 2003, tRuEcasIng, do in
their unigram baseline).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

# What stands before a word, and the word.
_SPELLED = re.compile(r"([\W_]*)([^\W_]+)")
_WORD = re.compile(r"[^\W_]+")
# Behind these a capital may be one of a beginning: of a sentence, of what is quoted, of a line.
_BEGINS = re.compile('[.!?:…。！？："“„‘«‹「『\n\r•]')
# More sentences would change the usual case of few words.
MOST_SENTENCES = 200_000
_MOST_WORDS = 50_000


class CaseCounts:
    """How words are spelled inside of the sentences that pass by."""

    def __init__(self) -> None:
        self._spellings: Counter[str] = Counter()
        self._sentences = 0

    def passing(self, sentences: Iterable[str]) -> Iterator[str]:
        """The same sentences, counted; of more than 200,000 the first so many."""
        for sentence in sentences:
            if self._sentences < MOST_SENTENCES:
                self._sentences += 1
                self._spellings.update(_inside(sentence))
            yield sentence

    def usual(self) -> dict[str, str]:
        """Lower case to the usual spelling, for words that are most often spelled otherwise."""
        by_word: dict[str, list[tuple[int, bool, str]]] = {}
        for spelling, n in self._spellings.items():
            word = spelling.lower()
            # Of spellings that are as frequent the lower case wins, then the first of the alphabet.
            by_word.setdefault(word, []).append((-n, spelling != word, spelling))
        best = {word: min(found) for word, found in by_word.items()}
        spelled = sorted((n, word, says) for word, (n, _, says) in best.items() if says != word)
        return {word: says for _, word, says in spelled[:_MOST_WORDS]}


def _inside(sentence: str) -> Iterator[str]:
    for i, match in enumerate(_SPELLED.finditer(sentence)):
        if i and not _BEGINS.search(match[1]):
            yield match[2]


def spelled(text: str, cases: Mapping[str, str]) -> str:
    """A text in lower case with the usual case of each of its words."""
    return _WORD.sub(lambda word: cases.get(word[0].lower(), word[0]), text) if cases else text
