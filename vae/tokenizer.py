"""Sentences to token ids and back, on Hugging Face `tokenizers`; saved as one JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import tokenizers
from tokenizers import decoders, models, normalizers, pre_tokenizers, trainers

from vae.casing import CaseCounts, spelled
from vae.config import DataConfig
from vae.errors import UserError
from vae.scripts import UNSPACED, is_unspaced_sign, with_wide_marks
from vae.spelling import Vocabulary

PAD, UNK, BOS, EOS = 0, 1, 2, 3
SPECIAL = ("<pad>", "<unk>", "<bos>", "<eos>")

# A word keeps its inner apostrophes and hyphens ("don't", "well-known"); "<unk>", as some corpora
# write it, stays one token; any other sign stands alone, be it of several code points, as a family
# of emoji with joiners.
_WORD = r"<unk>|\w+(?:['’\-]\w+)*|(?!\s)\X"
EARLIER_WORDS = (r"<unk>|\w+(?:['’\-]\w+)*|[^\w\s]",)
"""How earlier versions found words: runs of theirs keep it."""
_CHARACTER = r"\X"
# Where no known word begins, signs without blanks between them are one unknown word up to the next.
_LEXICON = rf"(?:{{known}})|(?:(?!{{known}}){UNSPACED})+|(?:(?!{UNSPACED})\w)+|(?!\s)\X"
_BLANK = "▁"
_CASES = "cases"
_UNKNOWN = re.compile(re.escape(SPECIAL[UNK]), re.IGNORECASE)
NO_SPACE_BEFORE = set(".,;:?!%)]}’”/") | {"n't", "'s", "'m", "'re", "'ve", "'ll", "'d", "'"}
NO_SPACE_AFTER = set("([{$#“‘/")
# What the backend keeps of a sentence until all are encoded is many times as large as its text.
_AT_ONCE = 1_000
ABBREVIATED = {("i", "e"), ("e", "g")}


class Tokenizer:
    """A tokenizer of words, of what spaces part, of characters or of byte-pair pieces.

    Where no blanks part the words and their lexicon is known, it is of the longest known word at
    each place.

    It has the four special tokens above. Text is read in NFKC and lower case, and said in the case
    that its words usually have in the corpus. Ids never hold padding; `encode` ends with `EOS`.

    Args:
        cases: lower case to the usual spelling, of words that have another one.
    """

    def __init__(
        self, backend: tokenizers.Tokenizer, cases: Mapping[str, str] | None = None
    ) -> None:
        self._backend = backend
        self._cases = dict(cases or {})
        # "<pad>" or "<eos>" written in a sentence is text, and may not end or empty it.
        backend.encode_special_tokens = True
        self.scheme = _scheme(backend)

    def __len__(self) -> int:
        return int(self._backend.get_vocab_size())

    @property
    def cases(self) -> dict[str, str]:
        """Lower case to the usual spelling, of words that have another one."""
        return dict(self._cases)

    @classmethod
    def train(
        cls, sentences: Iterable[str], config: DataConfig, lexicon: Sequence[str] = ()
    ) -> Tokenizer:
        """Build the vocabulary from training sentences, most frequent tokens first.

        Args:
            lexicon: the words of a text without blanks between them; for a tokenizer of words.
        """
        backend = tokenizers.Tokenizer(
            models.BPE(unk_token=SPECIAL[UNK])
            if config.tokenizer == "bpe"
            else models.WordLevel(unk_token=SPECIAL[UNK])
        )
        steps = [normalizers.NFKC(), normalizers.Lowercase()]
        if config.tokenizer == "space":
            # Between spaces, a special token would else be found in the vocabulary as a word.
            steps += [normalizers.Replace(t, t.strip("<>")) for t in SPECIAL if t != SPECIAL[UNK]]
        if config.tokenizer == "character":
            steps += [
                normalizers.Strip(),
                normalizers.Replace(tokenizers.Regex(r"\s+"), _BLANK),
            ]
        backend.normalizer = normalizers.Sequence(steps)
        if config.tokenizer == "bpe":
            backend.pre_tokenizer = pre_tokenizers.Metaspace()
            backend.decoder = decoders.Metaspace()
            trainer: Any = trainers.BpeTrainer
        else:
            words = lexicon_pattern(lexicon) if lexicon else _WORD
            pattern = tokenizers.Regex(_CHARACTER if config.tokenizer == "character" else words)
            backend.pre_tokenizer = (
                pre_tokenizers.WhitespaceSplit()
                if config.tokenizer == "space"
                else pre_tokenizers.Split(pattern, behavior="removed", invert=True)
            )
            trainer = trainers.WordLevelTrainer
        counts = CaseCounts()
        backend.train_from_iterator(
            # Some corpora write unknown words so; learned as a word it would stand there twice.
            counts.passing(_UNKNOWN.sub(" ", sentence) for sentence in sentences),
            trainer(
                vocab_size=config.vocabulary,
                min_frequency=config.min_count,
                special_tokens=list(SPECIAL),
                show_progress=False,
            ),
        )
        trained = cls(backend, counts.usual())
        return trained.of_its_words() if trained.scheme == "lexicon" else trained

    def of_its_words(self) -> Tokenizer:
        """The same tokenizer, which finds the longest of the words that it knows at each place."""
        made = json.loads(self.to_json())
        known = map(self.token, range(len(SPECIAL), len(self)))
        made["pre_tokenizer"]["pattern"] = {"Regex": lexicon_pattern(known)}
        return Tokenizer.from_json(json.dumps(made))

    @classmethod
    def load(cls, path: Path) -> Tokenizer:
        """Read what `save` wrote.

        Raises:
            UserError: the file is missing, cut short, or not a tokenizer of ours.
        """
        try:
            found = cls.from_json(path.read_text(encoding="utf-8"))
        except Exception as error:  # the backend raises bare Exception for every fault
            raise UserError(
                "{path} cannot be read as a tokenizer ({reason}). "
                "Copy the run again, or train it anew.",
                path=path,
                reason=error,
            ).because("damage") from error
        ids = tuple(found._backend.token_to_id(t) for t in SPECIAL)
        if ids != tuple(range(len(SPECIAL))):
            raise UserError(
                "{path} is a tokenizer, but not one that Latent Lens made.", path=str(path)
            )
        return found

    @classmethod
    def from_json(cls, text: str) -> Tokenizer:
        """The tokenizer that `to_json` described, here or in a version that kept no case.

        Raises:
            Exception: it is none; the backend raises that for every fault.
        """
        stored = json.loads(text)
        cases = stored.pop(_CASES, {})
        if not all(isinstance(part, str) for each in cases.items() for part in each):
            raise ValueError(f"{_CASES} are no words")
        return cls(tokenizers.Tokenizer.from_str(json.dumps(stored)), cases)

    def to_json(self) -> str:
        """The whole tokenizer as one JSON document."""
        backend = json.loads(self._backend.to_str())
        kept = {**backend, _CASES: self._cases} if self._cases else backend
        return json.dumps(kept, ensure_ascii=False)

    def encode(self, sentence: str) -> list[int]:
        """Token ids, ended by `EOS`; a word outside the vocabulary is `UNK`."""
        return [*self._backend.encode(sentence).ids, EOS]

    def encode_batch(self, sentences: Sequence[str]) -> list[list[int]]:
        """`encode` for many sentences, in parallel threads."""
        found: list[list[int]] = []
        for i in range(0, len(sentences), _AT_ONCE):
            encodings = self._backend.encode_batch_fast(list(sentences[i : i + _AT_ONCE]))
            found += [[*e.ids, EOS] for e in encodings]
        return found

    def tokens(self, sentence: str) -> list[str]:
        """The sentence's tokens as they are written, unknown ones included."""
        text = self._backend.normalizer.normalize_str(sentence)
        return [
            text[start:end] if id_ == UNK else self.token(id_)
            for id_, (start, end) in self._with_offsets(text)
        ]

    def unknown(self, sentence: str) -> list[str]:
        """The words of a sentence that the model does not know, in order, each once."""
        text = self._backend.normalizer.normalize_str(sentence)
        words = (text[a:b] for id_, (a, b) in self._with_offsets(text) if id_ == UNK)
        return list(dict.fromkeys(words))

    @property
    def words(self) -> tuple[str, ...]:
        """The words that it knows, most frequent first; none where it knows parts of words."""
        if self.scheme not in ("word", "space", "lexicon"):
            return ()
        return tuple(map(self.token, range(len(SPECIAL), len(self))))

    @property
    def finds_clusters(self) -> bool:
        """Whether a sign of several code points is one token, as in all but earlier versions."""
        return r"\\X" in self._backend.to_str()

    @property
    def vocabulary(self) -> Vocabulary:
        """All that tells an unknown word, away from here."""
        if self.scheme in ("word", "space", "lexicon"):
            earlier = self.scheme == "word" and not self.finds_clusters
            return Vocabulary("earlier" if earlier else self.scheme, self.words)
        known = tuple(map(self.token, range(len(SPECIAL), len(self))))
        if self.scheme == "bpe":
            # A piece is unknown where a sign of it is.
            known = tuple(piece for piece in known if len(piece) == 1)
        return Vocabulary(self.scheme, known)

    def _with_offsets(self, text: str) -> list[tuple[int, tuple[int, int]]]:
        encoding = self._backend.encode(text)
        return list(zip(encoding.ids, encoding.offsets, strict=True))

    def token(self, id_: int) -> str:
        """One token as it is written."""
        return str(self._backend.id_to_token(id_))

    def decode(self, ids: Sequence[int]) -> str:
        """A sentence as it is written, from ids without `EOS`."""
        return capitalise(with_wide_marks(self._cased(self._joined(list(ids)))))

    def _cased(self, text: str) -> str:
        """The text in its usual case, where that is read as the same."""
        said = spelled(text, self._cases)
        read = self._backend.normalizer.normalize_str
        return said if said == text or read(said) == read(text) else text

    def _joined(self, ids: list[int]) -> str:
        if self.scheme == "bpe":
            return str(self._backend.decode(ids))
        words = [self.token(i) for i in ids]
        if self.scheme == "character":
            return "".join(words).replace(_BLANK, " ").strip()
        return " ".join(words) if self.scheme == "space" else detokenise(words)


def _scheme(backend: tokenizers.Tokenizer) -> str:
    if isinstance(backend.model, models.BPE):
        return "bpe"
    if isinstance(backend.pre_tokenizer, pre_tokenizers.WhitespaceSplit):
        return "space"
    if json.loads(backend.to_str())["pre_tokenizer"].get("pattern") == {"Regex": _CHARACTER}:
        return "character"
    return "lexicon" if UNSPACED in backend.to_str() else "word"


def lexicon_pattern(words: Iterable[str]) -> str:
    """What finds the longest of these words at each place of a text as it is read."""
    read = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()]).normalize_str
    known = sorted({read(word) for word in words}, key=lambda word: (-len(word), word))
    return _LEXICON.replace("{known}", "|".join(map(re.escape, known)))


def detokenise(tokens: Sequence[str]) -> str:
    """Words joined as they are written: no space before a comma, a capital at the start.

    None stands beside a sign of a script that parts no words by blanks, as Chinese.
    """
    out = ""
    glue = True  # the next token follows without a space
    opened = {'"': False, "'": False}
    for i, token in enumerate(tokens):
        opens = closes = False
        if token in opened:
            closes = opened[token]
            # A lone "'" is an apostrophe ("the dogs' bowl"); from an even number one opens.
            opens = not closes and (token == '"' or tokens[i:].count("'") % 2 == 0)
            opened[token] = opens
        meets = is_unspaced_sign(out[-1:]) or is_unspaced_sign(token[:1])
        if glue or meets or closes or (token in NO_SPACE_BEFORE and not opens):
            out += token
        else:
            out += " " + token
        glue = opens or token in NO_SPACE_AFTER or _inside(tokens, i)
    return capitalise(out)


def _inside(tokens: Sequence[str], i: int) -> bool:
    """Whether the token is the point inside "2.5", "i.e." or "e.g."."""
    if tokens[i] != "." or not 0 < i < len(tokens) - 1:
        return False
    before, after = tokens[i - 1], tokens[i + 1]
    return (before, after) in ABBREVIATED or (before.isdecimal() and after.isdecimal())


def capitalise(text: str) -> str:
    """A capital at the first letter, be it after a quote, and in the word "I"."""
    text = re.sub(r"\bi(?=$|\s|[,;:?!]|\.(?!e\b)|['’](?:m|ve|ll|d)\b)", "I", text)
    return re.sub(r"^\W*\w", lambda start: start.group().upper(), text)
