"""Which encoding a text is in: checked at every byte, proposed where it is not UTF-8."""

from __future__ import annotations

import codecs
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from charset_normalizer import from_bytes

from vae.corpora.reading import ENCODINGS, encoding_said
from vae.errors import UserError
from vae.i18n import Message, message

TWO_BYTES_OR_MORE = ("utf-16", "utf-32")
"""Encodings in which a line's end is more than one byte."""

_BLOCK = 1 << 20
_LOOKED_AT = 1 << 16  # bytes of lines beyond ASCII, for a guess
_SHOWN = 3
_SURE_BYTES = 6  # beyond ASCII: so many are not UTF-8 by chance
_CHANCE = 0.05  # share of such lines that may be UTF-8 by chance, of the encodings below
# In which short words may be UTF-8 by chance, as Thai for "car" is.
_CHANCY = frozenset({"gb18030", "big5", "cp932", "euc_jp", "cp949", "cp874"})
_BEYOND = bytes(range(0x80, 0x100))


@dataclass(frozen=True)
class Proposal:
    """An encoding that a text may be in.

    Attributes:
        lines: up to three lines beyond ASCII, as they read in it.
    """

    encoding: str
    lines: tuple[str, ...]


class EncodingError(UserError):
    """A text is not in the encoding that it was read in.

    Attributes:
        proposals: encodings that it may be in, the likeliest first.
        fault: what is wrong alone, where the proposals are shown beside it; else None.
    """

    proposals: tuple[Proposal, ...] = ()
    fault: Message | None = None


def check(name: str, data: bytes, encoding: str, *, said: bool) -> None:
    """Raise where some bytes of a text are not in its encoding.

    Args:
        name: of the file, for the message.
        said: a person said so; else it is the one that is tried first.

    Raises:
        EncodingError: with the line, and the encodings that it may be in.
    """
    if not encoding.startswith(TWO_BYTES_OR_MORE) and (nul := data.find(b"\0")) >= 0:
        raise _with_nul(name, nul, data)
    if said and not encoding.startswith("utf") and (odd := _odd_line(data, encoding)):
        raise _mixed(name, odd, encoding)
    fault = _fault(data, encoding)
    if fault is None and said and not encoding.startswith("utf"):
        fault = _surely_utf8(data)
    if fault is None:
        return
    found = proposals(data)
    if encoding.startswith("utf-8"):
        other = found[0].encoding if found else (*_ranked(data, _is_no_utf8), [""])[0][0]
        if odd := _odd_line(data, other):
            raise _mixed(name, odd, other)
    start, line = fault
    values = {
        "name": name,
        "encoding": encoding_said(encoding),
        "byte": f"0x{data[start]:02X}",
        "offset": start,
        "line": line,
    }
    if not found:
        raise EncodingError(
            "'{name}' is not {encoding}: byte {byte} at offset {offset:,} (line {line:,}) does not "
            "belong there, and no other encoding fits. Save it with the encoding UTF-8 and try "
            "again.",
            **values,
        )
    raise _proposing(
        message(
            "'{name}' is not {encoding}: byte {byte} at offset {offset:,} (line {line:,}) does not "
            "belong there. It may be {other}, in which it reads “{sample}”. If so, give "
            "`--encoding {option}`; else name another one, or save it as UTF-8.",
            other=encoding_said(found[0].encoding),
            sample=(found[0].lines or ("",))[0][:80],
            option=found[0].encoding,
            **values,
        ),
        found,
        message(
            "'{name}' is not {encoding}: byte {byte} at offset {offset:,} (line {line:,}) does not "
            "belong there.",
            **values,
        ),
    )


def proposals(data: bytes) -> tuple[Proposal, ...]:
    """Up to three encodings that all of a text can be read in, the likeliest first.

    A text that is UTF-8 at every byte is in no other.
    """
    if _fault(data, "utf-8") is None:
        return _with_lines(["utf-8"], data)
    groups = _ranked(data, _is_beyond_ascii)
    whole = [[e for e in group if _fault(data, e) is None] for group in groups]
    return _with_lines([group[0] for group in whole if group][:_SHOWN], data)


def _ranked(data: bytes, which: Callable[[bytes], bool]) -> list[list[str]]:
    """Encodings that some first lines of a text may be in, the likeliest first.

    Those in which the lines read the same are together, the most usual one first.
    """
    usual = [each for each in ENCODINGS if not each.startswith("utf")]
    sample = b"\n".join(_lines(data, which, _LOOKED_AT))
    ranked: list[tuple[float, float, list[int]]] = []
    for match in from_bytes(sample, cp_isolation=usual, enable_fallback=False):
        names = {codecs.lookup(each).name for each in match.could_be_from_charset}
        same = [i for i, encoding in enumerate(usual) if encoding in names]
        ranked.append((round(match.chaos, 2), -round(match.coherence, 1), same))
    return [[usual[i] for i in same] for *_, same in sorted(ranked)]


def _with_lines(encodings: list[str], data: bytes) -> tuple[Proposal, ...]:
    def lines(encoding: str) -> tuple[str, ...]:
        if encoding.startswith("utf-16"):
            rows = data[: _LOOKED_AT // 2 * 2].decode(encoding, "replace").split("\n")
        else:
            which = _is_beyond_ascii if encoding == "utf-8" else _is_no_utf8
            some = [*itertools.islice(_lines(data, which, _LOOKED_AT), _SHOWN)]
            some = some or data[:_LOOKED_AT].split(b"\n")[:_SHOWN]
            rows = [line.decode(encoding, "replace") for line in some]
        return tuple(row.strip()[:200] for row in rows if row.strip())[:_SHOWN]

    return tuple(Proposal(encoding, lines(encoding)) for encoding in encodings)


def _proposing(
    said: Message, found: tuple[Proposal, ...], fault: Message | None = None
) -> EncodingError:
    error = EncodingError(said)
    error.proposals, error.fault = found, fault
    return error


def _with_nul(name: str, nul: int, data: bytes) -> EncodingError:
    values = {"name": name, "offset": nul, "line": data.count(b"\n", 0, nul) + 1}
    plain = message(
        "'{name}' has a NUL byte at offset {offset:,} (line {line:,}), so it is not plain "
        "text. Save it as UTF-8 text and try again.",
        **values,
    )
    found = _with_lines(_two_bytes(data), data)
    if not found:
        return _proposing(plain, ())
    return _proposing(
        message(
            "'{name}' has a NUL byte at offset {offset:,} (line {line:,}), so it is not UTF-8. It "
            "may be {other}, in which it reads “{sample}”. If so, give `--encoding {option}`; else "
            "save it as UTF-8 text.",
            other=encoding_said(found[0].encoding),
            sample=(found[0].lines or ("",))[0][:80],
            option=found[0].encoding,
            **values,
        ),
        found,
        plain,
    )


def _mixed(name: str, line: int, encoding: str) -> EncodingError:
    if not encoding:
        return EncodingError(
            "'{name}' is in two encodings: line {line:,} is not in that of the others. Save all of "
            "it in one, best in UTF-8.",
            name=name,
            line=abs(line),
        )
    return EncodingError(
        "'{name}' is in two encodings: line {line:,} is {odd}, and others are {most}. Save all of "
        "it in one, best in UTF-8.",
        name=name,
        line=abs(line),
        odd=encoding_said("utf-8" if line > 0 else encoding),
        most=encoding_said(encoding if line > 0 else "utf-8"),
    )


def _fault(data: bytes, encoding: str) -> tuple[int, int] | None:
    """(offset, number of the line) of the first byte that is not in an encoding."""
    if encoding.startswith(TWO_BYTES_OR_MORE):
        try:
            data.decode(encoding)
        except UnicodeDecodeError as error:
            at = min(error.start, len(data) - 1)
            return at, data.count(b"\n", 0, at) + 1
        return None
    for start, block in _blocks(data):
        try:
            block.decode(encoding)
        except UnicodeDecodeError as error:
            at = start + error.start
            return at, data.count(b"\n", 0, at) + 1
    return None


def _blocks(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(offset, whole lines) of about a megabyte: all at once takes many times as much memory."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", min(start + _BLOCK, len(data))) + 1 or len(data)
        yield start, data[start:end]
        start = end


def _lines(data: bytes, which: Callable[[bytes], bool], most: int) -> Iterator[bytes]:
    """The first lines of a kind that is not ASCII alone, of so many bytes."""
    for _, block in _blocks(data):
        for line in [] if block.isascii() else block.split(b"\n"):
            if most > 0 and which(line):
                most -= len(line)
                yield line[:_LOOKED_AT]


def _is_beyond_ascii(line: bytes) -> bool:
    return not line.isascii()


def _surely_utf8(data: bytes) -> tuple[int, int] | None:
    """(offset, line) of the first line beyond ASCII of a text that is UTF-8, and not by chance."""
    if _fault(data, "utf-8") is not None:
        return None
    lines = _lines(data, _is_beyond_ascii, _LOOKED_AT)
    if not any(len(line) - len(line.translate(None, _BEYOND)) >= _SURE_BYTES for line in lines):
        return None
    at = next(i for i, byte in enumerate(data) if byte >= 0x80)
    return at, data.count(b"\n", 0, at) + 1


def _is_no_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def _odd_line(data: bytes, encoding: str) -> int:
    """The number of a line that is in another encoding than the others; 0 where all are in one.

    It is a line of UTF-8 among those of `encoding`, or, below zero, one of the latter among more
    lines of UTF-8.
    """
    utf8, other, sure, number = 0, 0, [0, 0], 0
    first = {True: 0, False: 0}
    for _, block in _blocks(data):
        if block.isascii():
            number += block.count(b"\n")
            continue
        for line in block.splitlines(keepends=True):
            number += line.endswith(b"\n")
            if line.isascii():
                continue
            is_utf8 = not _is_no_utf8(line)
            first[is_utf8] = first[is_utf8] or number + (not line.endswith(b"\n"))
            utf8, other = utf8 + is_utf8, other + (not is_utf8)
            if len(line) - len(line.translate(None, _BEYOND)) >= _SURE_BYTES:
                sure[is_utf8] += 1
    if not utf8 or not other:
        return 0
    if encoding in _CHANCY and sure[True] <= _CHANCE * sum(sure):
        return 0
    return first[True] if utf8 <= other else -first[False]


def _two_bytes(data: bytes) -> list[str]:
    """UTF-16 without a mark, in the order of bytes that gives lines and blanks, if one does."""
    found = []
    for encoding in ("utf-16-le", "utf-16-be"):
        if not len(data) % 2 and _fault(data, encoding) is None:
            text = data[:_LOOKED_AT].decode(encoding, "replace")
            if "\0" not in text and (parted := text.count("\n") + text.count(" ")):
                found.append((-parted, encoding))
    return [encoding for _, encoding in sorted(found)][:1]
