"""From the docstring of a function to one plain English sentence, or the reason why not."""

from __future__ import annotations

import inspect
import re
import unicodedata

from vae.corpora.reasons import above, below

# Raise it whenever a change here or in docstrings.py changes what is harvested.
CLEANING_VERSION = 1

MIN_WORDS, MAX_WORDS = 3, 20
_MIN_LETTERS = 0.8  # of the characters that are not spaces
_MIN_PLAIN_WORDS = 0.8  # of the words; the rest are numbers and names: "15", "DataFrame"

_HEADING = re.compile(r"\A(?:[=~#*-]{3,}\n)?.*\n[=~#*^\"'+.-]{3,}[ ]*(?:\n|\Z)")
_FIELD = re.compile(
    r"^\s*(?:[:@](?:param|type|return|rtype|raise|arg|keyword|var|ivar|cvar)|>>>|\.\. "
    r"|(?:args|arguments|parameters|returns?|yields?|raises|examples?|notes?|usage|see also)"
    r"\s*:?\s*$)",
    re.IGNORECASE | re.MULTILINE,
)
_LIST = re.compile(r"^\s*(?:[-*+•] |\d+[.)] |\|)", re.MULTILINE)
# A short line with a capitalised one below was not broken to fit: it ended.
_LINE_THAT_ENDS = re.compile(
    r"(?<=\w)(?<!.{50})(?<!\b(?:a|A))(?<!\b(?:an|of|to|or|in|is|as|by|on))"
    r"(?<!\b(?:the|and|for|The))(?<!\b(?:this|that|with|from))[ ]*\n\s*(?=[A-Z][a-z]+ )"
)
_URL = re.compile(r"https?:|www\.|ftp:|mailto:|\S@\S+\.\w")
_MATHS = re.compile(r":math:|\$[^$]+\$|\\[a-zA-Z]+")

_MARKUP: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\s*\[(?:\d+|#?[A-Z][\w-]*\d+)\]_?"), ""),  # citations: [1]_
    (re.compile(r":[\w:+.-]+:`([^`<]+?)\s*<[^`>]*>`"), r"\1"),  # :func:`text <target>`
    (re.compile(r":[\w:+.-]+:`[~!](?:[^`]*\.)?([^`.]+)`"), r"\1"),  # :class:`~a.b.C`
    (re.compile(r":[\w:+.-]+:`([^`]+)`"), r"\1"),  # :class:`C`
    (re.compile(r"`([^`<]+?)\s*<[^`>]*>`__?"), r"\1"),  # `text <target>`_
    (re.compile(r"``([^`]+)``"), r"\1"),
    (re.compile(r"`([^`]+)`(?:__?)?"), r"\1"),
    (re.compile(r"\[([^\]\[]+)\](?:\([^)]*\)|\[[^\]]*\])"), r"\1"),  # [text](target)
    (re.compile(r"(?<!\S)(\*\*|__)(?=\S)([^*]+?)(?<=\S)\1(?=[\s.,;:!?)]|$)"), r"\2"),
    (re.compile(r"(?<!\S)\*(?=\S)([^*]+?)(?<=\S)\*(?=[\s.,;:!?)]|$)"), r"\1"),
)
_SIGNS = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})

# A full stop ends the sentence where a space and a capital follow, unless it ends one of these.
_END = re.compile(r"[.!?][\"')]?(?=\s+[\"'(]?[A-Z0-9]|\s*$)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|al|resp|approx|fig|eq|sec|no|dr|mr|mrs|st|incl|wrt|viz)"
    r"|\b[A-Za-z])\.$",
    re.IGNORECASE,
)
_CODE = re.compile(r"[=<>{}\[\]|\\$@#^~*`&%+_]|::|\(\)|\w\(|\.\.|…|\w/\w+/|--\w| : ")
_DOTTED = re.compile(r"\w\.[A-Za-z]|(?<!\w)\.\w")  # os.path, .shape; but not 0.5
_NAMED = re.compile(r"[\"'(]*[a-z]\w*[\"')]*: |\(")  # "bool: Whether ...", "(Internal) ..."
_LATIN = re.compile(r"\b(?:i\.e|e\.g)\.", re.IGNORECASE)
_PLAIN_WORD = re.compile(r"[(\"']*[A-Za-z]?[a-z]*(?:['-][A-Za-z]?[a-z]+)*[)\"',;:.!?]*")


def first_paragraph(docstring: str) -> str:
    """The first paragraph of running text: no heading, no fields, one line."""
    text = inspect.cleandoc(docstring).strip()
    text = _HEADING.sub("", text, count=1).strip()
    paragraph = re.split(r"\n\s*\n", text, maxsplit=1)[0]
    if field := _FIELD.search(paragraph):
        paragraph = paragraph[: field.start()]
    if item := _LIST.search(paragraph):
        # The words before a list introduce it: they are no sentence without it.
        before = paragraph[: item.start()].rstrip(": \n")
        paragraph = f"{before}:" if before else ""
    paragraph = _LINE_THAT_ENDS.split(paragraph, maxsplit=1)[0]
    return " ".join(paragraph.split())


def without_markup(text: str) -> str:
    """The words as they are printed: roles, links, emphasis and citations taken off."""
    for pattern, replacement in _MARKUP:
        text = pattern.sub(replacement, text)
    return " ".join(unicodedata.normalize("NFKC", text.translate(_SIGNS)).split())


def first_sentence(text: str) -> str:
    """`text` up to the end of its first sentence, or all of it where no sentence ends."""
    for end in _END.finditer(text):
        if not _ABBREVIATION.search(text, 0, end.start() + 1) or end.end() == len(text):
            return text[: end.end()]
    return text


def sentence_or_reason(docstring: str) -> tuple[str | None, str]:
    """The first sentence of a docstring, or the reason why it has none that can be used.

    Returns:
        ``(sentence, "")`` or ``(None, reason)`` (`vae.corpora.reasons`). A sentence has 3 to 20
        words, begins with a capital or a name, ends with a full stop, and is mostly words.
    """
    paragraph = first_paragraph(docstring)
    if not paragraph:
        return None, "no running text"
    if _MATHS.search(paragraph):
        return None, "formula"
    sentence = first_sentence(without_markup(paragraph))
    if _URL.search(sentence):
        return None, "web address"
    if _CODE.search(sentence) or _DOTTED.search(_LATIN.sub("", sentence)):
        return None, "code"
    if sentence.endswith((":", ",", ";", "-", "!", "?")) or _NAMED.match(sentence):
        return None, "not a statement"
    if sentence.endswith(('."', ".'", ".)")):
        return None, "not a statement"
    if not sentence.endswith("."):
        sentence += "."
    words = sentence.split()
    if len(words) < MIN_WORDS:
        return None, below("words", MIN_WORDS)
    if len(words) > MAX_WORDS:
        return None, above("words", MAX_WORDS)
    if not _mostly_words(words):
        return None, "not words"
    if words[0].isalpha() and words[0].islower():
        sentence = sentence[0].upper() + sentence[1:]
    return sentence, ""


def _mostly_words(words: list[str]) -> bool:
    characters = "".join(words)
    letters = sum(c.isascii() and c.isalpha() for c in characters)
    plain = sum(
        bool(_PLAIN_WORD.fullmatch(word)) and any(c.isalpha() for c in word) for word in words
    )
    return letters >= _MIN_LETTERS * len(characters) and plain >= _MIN_PLAIN_WORDS * len(words)
