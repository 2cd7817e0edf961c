"""How a file is read: what a person may say of it, and what was settled by looking at it."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from vae.errors import UserError
from vae.i18n import Message, message

# As they are written on the command line; any other sign stands for itself.
SEPARATORS: Mapping[str, str] = {
    "comma": ",",
    "semicolon": ";",
    "tab": "\t",
    "bar": "|",
    "none": "",
}
QUOTES: Mapping[str, str] = {"double": '"', "single": "'", "none": ""}
ENCODINGS: Mapping[str, Message] = {
    "utf-8": Message("UTF-8"),
    "cp1252": message("Windows-1252 (Western European)"),
    "iso8859-1": message("Latin-1 (Western European)"),
    "gb18030": message("GB18030, GBK (Simplified Chinese)"),
    "big5": message("Big5 (Traditional Chinese)"),
    "cp932": message("Shift-JIS (Japanese)"),
    "euc_jp": message("EUC-JP (Japanese)"),
    "cp949": message("EUC-KR (Korean)"),
    "cp1251": message("Windows-1251 (Cyrillic)"),
    "koi8-r": message("KOI8-R (Cyrillic)"),
    "cp1250": message("Windows-1250 (Central European)"),
    "cp1253": message("Windows-1253 (Greek)"),
    "cp1254": message("Windows-1254 (Turkish)"),
    "cp1255": message("Windows-1255 (Hebrew)"),
    "cp1256": message("Windows-1256 (Arabic)"),
    "cp874": message("Windows-874 (Thai)"),
    "mac-roman": message("Mac Roman (Western European)"),
    "cp850": message("DOS 850 (Western European)"),
    "utf-16-le": message("UTF-16 (Unicode)"),
    "utf-16-be": message("UTF-16, big-endian (Unicode)"),
}
"""Encodings that are proposed, the usual ones first."""

_NO_FILE = ("idna", "punycode", "undefined", "utf-7", "unicode-escape", "raw-unicode-escape")
_NO_SEPARATOR = "\r\n\"'"


@dataclass(frozen=True)
class Reading:
    """How a file is read; what is None is found out from the file.

    Attributes:
        encoding: of its bytes, by a name that Python knows.
        separator: the sign between two cells; "" where a row is one cell.
        header: whether the first row holds the names of the columns.
        quote: the sign around a cell that holds separators or line breaks; "" where there is none.

    Raises:
        UserError: an encoding that there is not, or a separator or quote of more than one sign.
    """

    encoding: str | None = None
    separator: str | None = None
    header: bool | None = None
    quote: str | None = None

    def __post_init__(self) -> None:
        if self.encoding is not None:
            object.__setattr__(self, "encoding", _encoding(self.encoding))
        if self.separator and (len(self.separator) > 1 or self.separator in _NO_SEPARATOR):
            raise UserError(
                "'{separator}' cannot separate cells. Give one sign, or one of comma, semicolon, "
                "tab, bar and none.",
                separator=self.separator,
            )
        if self.quote not in (None, *QUOTES.values()):
            raise UserError(
                "'{quote}' cannot be a quotation mark here. Choose double, single or none.",
                quote=self.quote,
            )

    @classmethod
    def written(
        cls,
        encoding: str | None = None,
        separator: str | None = None,
        header: bool | None = None,
        quote: str | None = None,
    ) -> Reading:
        r"""A reading as it is written on the command line: a tab is "tab" or "\t".

        Raises:
            UserError: as the class.
        """
        if separator is not None:
            separator = SEPARATORS.get(separator.lower(), separator.replace("\\t", "\t"))
        if quote is not None:
            quote = QUOTES.get(quote.lower(), quote)
        return cls(encoding, separator, header, quote)

    def options(self) -> list[str]:
        """The options of the command line that say it."""
        found = [] if self.encoding is None else [f"--encoding={self.encoding}"]
        if self.separator is not None:
            found.append(f"--separator={name_of(SEPARATORS, self.separator)}")
        if self.header is not None:
            found.append("--header" if self.header else "--no-header")
        if self.quote is not None:
            found.append(f"--quote={name_of(QUOTES, self.quote)}")
        return found

    def over(self, other: Reading) -> Reading:
        """This reading; what it leaves open, as the other one has it."""
        return replace(other, **self.to_dict())

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON of what is not left open."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def from_source(cls, source: Mapping[str, Any]) -> Reading:
        """How the file of a `Corpus.source` was read; all open where that is not known."""
        stored = source.get("reading")
        if not isinstance(stored, Mapping):
            return cls()
        return cls(**{each.name: stored.get(each.name) for each in fields(cls)})


OPEN = Reading()
"""Everything is found out."""


def check_open(name: str, reading: Reading) -> None:
    """Of what is no text file nothing of its reading can be said.

    Raises:
        UserError: something is.
    """
    if reading != OPEN:
        raise UserError(
            "'{name}' is no text file: it has no encoding, separator, header or quotation mark to "
            "be told. Leave these options out.",
            name=name,
        )


def encoding_said(encoding: str) -> Message:
    """An encoding in words; one that is not proposed by its name."""
    name = encoding.removesuffix("-sig").upper() if encoding.startswith("utf") else encoding
    return ENCODINGS.get(encoding, Message("{encoding}", {"encoding": name}))


def name_of(names: Mapping[str, str], sign: str) -> str:
    """The name of a sign; the sign itself where it has none."""
    return next((name for name, known in names.items() if known == sign), sign)


def _encoding(name: str) -> str:
    """The name by which Python knows an encoding of text."""
    try:
        # Some codecs are no encodings of text, as base64, and some no file is in.
        "a\n".encode(name).decode(name)
        found = codecs.lookup(name).name
    except (LookupError, UnicodeError, ValueError):
        found = ""
    if not found or found in _NO_FILE:
        raise UserError(
            "There is no text encoding '{encoding}'. Usual ones are utf-8, cp1252, latin-1, "
            "gb18030, big5 and shift_jis.",
            encoding=name,
        )
    return found
