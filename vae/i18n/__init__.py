"""Words in the language of who reads them: gettext's way, with Babel for plurals and numbers.

English stands inline where it is said, as whole sentences with named placeholders:

    _("{name} has {n:,} sentences.", name=name, n=n)
    ngettext("{n:,} sentence is left out.", "{n:,} sentences are left out.", n)

What outlives the moment in which it is said (an error, the state of a job, a title in a table of
constants) is a `Message`: data, worded when it is shown. A language is one file,
`catalogues/LANGUAGE.po`; there is none for English, the language of the code.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, reduce
from pathlib import Path
from string import Formatter
from typing import Any, Literal, cast

from babel import Locale, UnknownLocaleError
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import get_decimal_symbol, get_group_symbol

ENGLISH = "en"
CATALOGUES = Path(__file__).parent / "catalogues"

Source = Callable[[], str | None]
Style = Literal["standard", "or", "unit", "clauses", "sentences"]

LONGEST = 2_000
"""Characters of a message that is read from a file."""
_DEEPEST = 8
_WIDE = re.compile(r"\d{4}")
_FULL_WIDTH = re.compile(r"(?<=[。！？；：，）”]) ")
# Where Chinese signs of a message meet a placeholder, with a blank between them or none. The marks
# are noncharacters of Unicode, which no text has.
_SEAM = re.compile(r"(?<=[\u3400-\u9fff]) ?(?={\w)|(?<=}) ?(?=[\u3400-\u9fff])")
_BLANK, _NONE = "\ufdd0", "\ufdd1"
_SEAMS = re.compile(f"(.?)([{_BLANK}{_NONE}]+)(?=(.?))", re.DOTALL)
_HAN, _NARROW = re.compile(r"[\u3400-\u9fff]"), re.compile(r"[A-Za-z0-9`]")
_WIDE_SIGN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uff60]")

_chosen: ContextVar[str | None] = ContextVar("language", default=None)
_source: list[Source] = []


# -- which language -----------------------------------------------------------------------------


def languages() -> tuple[str, ...]:
    """English, and the languages that there is a catalogue of."""
    return _spoken(CATALOGUES)


@cache
def _spoken(catalogues: Path) -> tuple[str, ...]:
    # Asked for at every message; the folder is looked into once.
    return (ENGLISH, *sorted(file.stem for file in catalogues.glob("*.po")))


def language_name(language: str) -> str:
    """What a language calls itself, as "中文"."""
    return str(Locale.parse(language).get_display_name() or language)


def closest(wanted: Iterable[str]) -> str:
    """The first of some locales ("zh-CN", "de_DE.UTF-8") that is spoken here; else English."""
    spoken = languages()
    for locale in wanted:
        tag = locale.split(".")[0].split("@")[0].replace("-", "_")
        for candidate in (tag, tag.split("_")[0].lower()):
            if candidate in spoken:
                return candidate
    return ENGLISH


def environment_language() -> str:
    """What the environment of a command asks for: LANGUAGE, LC_ALL, LC_MESSAGES, LANG."""
    asked = [os.environ.get(name, "") for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")]
    return closest(part for value in asked for part in value.split(":") if part)


def language() -> str:
    """The language in which things are said here and now."""
    chosen = _chosen.get()
    if chosen is None:
        chosen = next((found for ask in reversed(_source) if (found := ask())), None)
    return chosen or ENGLISH


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say everything inside in one language; one that is not spoken here is English."""
    token = _chosen.set(closest([language]))
    try:
        yield
    finally:
        _chosen.reset(token)


def follow(source: Source) -> None:
    """Ask `source` for the language wherever none is chosen: the app's is that of a session."""
    _source[:] = [source]


# -- saying -------------------------------------------------------------------------------------


def _(text: str, /, **values: Any) -> str:
    """A sentence in the language of here and now, with its placeholders filled in."""
    return _filled(_translated(text), values)


def ngettext(one: str, many: str, n: float, /, **values: Any) -> str:
    """As `_`, in the form that goes with the number n, which "{n}" stands for."""
    return _filled(_translated_plural(one, many, n), {"n": n, **values})


def pgettext(context: str, text: str, /, **values: Any) -> str:
    """As `_`, for a short word whose translation depends on where it stands ("column", "verb")."""
    return _filled(_translated(text, context), values)


def listed(items: Iterable[object], style: Style = "standard") -> str:
    """Things one after the other, in words that go with a style.

    "standard" is "a, b, and c"; "or" is "a, b, or c"; "unit" has commas alone, and "clauses" is
    "a; b", for what has commas in it; "sentences" follow each other.
    """
    said, locale = [str(item) for item in items], _locale(language())
    if style in _JOINED:
        text = _translated(_JOINED[style].text)
        return reduce(lambda one, two: _filled(text, {"one": one, "two": two}), said or [""])
    if style == "unit":  # CLDR's own pattern of that name has no sign between in Chinese
        join: str = locale.list_patterns["standard"]["middle"]
        return reduce(join.format, said or [""])
    return format_list(said, "or" if style == "or" else "standard", locale)


def sentences(*parts: str) -> str:
    """Sentences one after the other; those that are empty are left out.

    A full-width sign brings its own space with it.
    """
    return _FULL_WIDTH.sub("", " ".join(filter(None, parts)))


@dataclass(frozen=True)
class Message:
    """A sentence as data: it is worded when it is shown, in the language of who reads it.

    Attributes:
        text: the English sentence with its placeholders, by which catalogues know it.
        values: what fills them; numbers, texts, messages again, or a tuple of these, which is
            joined as by `listed`: "{names}", or in another style "{names:or}".
        plural: its plural form, where `values["n"]` decides between the two.
    """

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)
    plural: str = ""

    def __str__(self) -> str:
        if self.plural:
            n = self.values.get("n", 0)
            count = n if isinstance(n, int | float) else 0
            return _filled(_translated_plural(self.text, self.plural, count), self.values)
        return _filled(_translated(self.text), self.values)

    def to_json(self) -> dict[str, Any]:
        """As JSON."""
        values = {k: _stored(v) for k, v in self.values.items()}
        plural = {"plural": self.plural} if self.plural else {}
        return {"message": self.text, **plural, "values": values}

    @classmethod
    def of_json(cls, stored: object) -> Message:
        """A stored message; a text that is none, as one without a translation; "" of all else.

        Somebody else may have written it: one whose values do not fill it is shown as it stands.
        """
        return _of_stored_message(stored, 0)


def message(text: str, /, **values: Any) -> Message:
    """A sentence to be said later."""
    return Message(text, values)


def nmessage(one: str, many: str, n: float, /, **values: Any) -> Message:
    """A sentence to be said later, in the form that goes with the number n."""
    return Message(one, {"n": n, **values}, many)


_JOINED = {"clauses": message("{one}; {two}"), "sentences": message("{one} {two}")}


def enumeration(items: Iterable[object], style: Style = "unit") -> Message:
    """Things one after the other, to be said later, as `listed` says them."""
    return Message(f"{{items:{style}}}", {"items": tuple(items)})


def _stored(value: object) -> Any:
    if isinstance(value, Message):
        return value.to_json()
    if isinstance(value, list | tuple):
        return [_stored(each) for each in value]
    return value if _is_plain(value) else str(value)


def _of_stored_message(stored: object, depth: int) -> Message:
    if isinstance(stored, str):
        return Message(stored[:LONGEST])
    text = stored.get("message") if isinstance(stored, Mapping) else None
    if not isinstance(stored, Mapping) or not isinstance(text, str) or depth > _DEEPEST:
        return Message("")
    kept, plural = stored.get("values"), stored.get("plural")
    given = kept if isinstance(kept, Mapping) else {}
    values = {str(name): _of_stored(value, depth + 1) for name, value in given.items()}
    found = Message(text, values, plural if isinstance(plural, str) else "")
    try:
        for form in (found.text, found.plural):
            _filled(form, values)
    except (KeyError, ValueError, IndexError, TypeError):
        return Message(text[:LONGEST])
    return found if len(found.text) + len(found.plural) <= LONGEST else Message(text[:LONGEST])


def _of_stored(value: object, depth: int) -> Any:
    if isinstance(value, Mapping):
        return _of_stored_message(value, depth)
    if isinstance(value, list):
        if depth > _DEEPEST:
            return ()
        return tuple(_of_stored(each, depth + 1) for each in value)
    return value if _is_plain(value) else str(value)


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float)


# -- catalogues ---------------------------------------------------------------------------------


@cache
def catalogue(language: str) -> Catalog:
    """The messages of a language.

    Raises:
        OSError: there is no catalogue of it.
    """
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


@cache
def _plural_rule(language: str) -> Callable[[float], int]:
    catalog = catalogue(language)
    forms = catalog.num_plurals
    rule = catalog.locale.plural_form if catalog.locale else None
    tags = ("zero", "one", "two", "few", "many", "other")

    def form(n: float) -> int:
        if rule is None or forms == 1:
            return 0
        used = [tag for tag in tags if tag in (*rule.tags, "other")]
        return min(used.index(rule(n)), forms - 1)

    return form


def _translated(text: str, context: str | None = None) -> str:
    spoken = language()
    if spoken == ENGLISH:
        return text
    found = catalogue(spoken).get(text, context)
    return str(found.string) if found is not None and found.string else text


def _translated_plural(one: str, many: str, n: float) -> str:
    spoken = language()
    if spoken == ENGLISH:
        return one if n == 1 else many
    found = catalogue(spoken).get(one)
    forms = found.string if found is not None and isinstance(found.string, tuple | list) else ()
    form = _plural_rule(spoken)(n)
    return str(forms[form]) if form < len(forms) and forms[form] else one if n == 1 else many


# -- numbers --------------------------------------------------------------------------------------


class _LocaleFormatter(Formatter):
    """`str.format` that writes numbers and lists as the language does, minus signs true.

    A message may come out of a file that somebody else wrote: it reaches its values by their names
    alone, never what belongs to them, and asks for no more room than a line has.
    """

    def get_field(
        self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> tuple[Any, str]:
        return kwargs[field_name], field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        if _WIDE.search(format_spec):
            raise ValueError(f"no format of a line: {format_spec}")
        if isinstance(value, list | tuple):
            return listed(value, cast(Style, format_spec or "standard"))
        if isinstance(value, bool) or not isinstance(value, int | float):
            return format(value if not isinstance(value, Message) else str(value), format_spec)
        return localised(format(value, format_spec))


def localised(number: str) -> str:
    """A number as Python writes it ("-1,234.5"), with the signs of the language."""
    separators = _separators(language())
    return number.translate(separators)


@cache
def _separators(language: str) -> dict[int, str]:
    locale = _locale(language)
    signs = {".": get_decimal_symbol(locale), ",": get_group_symbol(locale), "-": "−"}
    return str.maketrans(signs)


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return Locale.parse(ENGLISH)


_formatter = _LocaleFormatter()


def _filled(text: str, values: Mapping[str, Any]) -> str:
    if not values:
        return text
    seamed = text if text.isascii() else _SEAM.sub(lambda m: _BLANK if m[0] else _NONE, text)
    filled = _formatter.vformat(seamed, (), values)
    return filled if seamed == text else _SEAMS.sub(_spaced, filled)


def _spaced(seam: re.Match[str]) -> str:
    """What stands where a value meets Chinese signs: a blank beside Latin ones, as in print.

    Only the value can tell: names of runs and kinds of sentences are written in either script.
    """
    before, marks, after = seam.groups()
    sides = before, after
    if all(map(_WIDE_SIGN.fullmatch, sides)):
        return before
    mixed = any(map(_HAN.fullmatch, sides)) and any(map(_NARROW.fullmatch, sides))
    return f"{before} " if _BLANK in marks or mixed else before
