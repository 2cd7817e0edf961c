"""Catalogues made from the code, and what is wrong with one; `python -m vae.i18n` brings them up
to date."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.pofile import read_po, write_po

from vae.i18n import CATALOGUES

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = {
    "_": "one",
    "message": "one",
    "ngettext": "one, many",
    "nmessage": "one, many",
    "pgettext": "context, one",
    "UserError": "one",
    "NotAvailableError": "one",
    "CorpusNotReadyError": "one",
    "UnfitError": "one",
}
"""What is called with a sentence, and what its first arguments are."""

_WIDTH = 100


def sources() -> list[Path]:
    """The files in which something is said."""
    found = [ROOT / "app.py", *(ROOT / "pages").rglob("*.py"), *(ROOT / "vae").rglob("*.py")]
    return sorted(f for f in found if f != Path(__file__))


def template() -> Catalog:
    """Every message of the code, with the files that say it."""
    catalog = Catalog(project="Latent Lens", charset="utf-8", fuzzy=False)
    for file in sources():
        name = file.relative_to(ROOT).as_posix()
        for text, context in said(ast.parse(file.read_text(encoding="utf-8"))):
            catalog.add(text, locations=[(name, 0)], context=context)
    return catalog


def said(module: ast.Module) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    """The messages of a module with their contexts, wherever they stand, inside others as well.

    Babel's own reading of Python loses calls inside f-strings, comprehensions and other calls.
    """
    for call in ast.walk(module):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            continue
        texts = [a.value if isinstance(a, ast.Constant) else None for a in call.args[:2]]
        match KEYWORDS.get(call.func.id), texts:
            case "one", [str(text), *_]:
                yield text, None
            case "one, many", [str(one), str(many)]:
                yield (one, many), None
            case "context, one", [str(context), str(text)]:
                yield text, context


def read(language: str) -> Catalog:
    """The catalogue of a language as it is on disk; an empty one where there is none yet."""
    file = CATALOGUES / f"{language}.po"
    if not file.exists():
        return Catalog(locale=language, project="Latent Lens", charset="utf-8", fuzzy=False)
    with file.open("rb") as handle:
        return read_po(handle, locale=language)


def update(language: str) -> Catalog:
    """Bring the catalogue of a language up to the code: what is new is empty, what is gone goes."""
    catalog = read(language)
    catalog.update(template(), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    with (CATALOGUES / f"{language}.po").open("wb") as file:
        write_po(
            file, catalog, width=_WIDTH, sort_output=True, omit_header=False, include_lineno=False
        )
    return catalog


def problems(language: str) -> list[str]:
    """What is wrong with a catalogue, a line for each message: nothing where it is complete."""
    catalog, wanted = read(language), template()
    found = [
        f"not said any more: {entry.id!r}"
        for entry in _entries(catalog)
        if not _same(wanted, entry)
    ]
    for entry in _entries(wanted):
        kept = _same(catalog, entry)
        if kept is None or not kept.string or not all(_forms(kept.string)):
            found.append(f"not translated: {entry.id!r}")
        elif kept.fuzzy:
            found.append(f"fuzzy: {entry.id!r}")
        else:
            found += _placeholder_problems(kept)
    return found


def placeholders(text: str) -> set[tuple[str, str]]:
    """The placeholders of a text, each with its format.

    Raises:
        ValueError: its braces do not match.
    """
    return {(name, form or "") for _, name, form, _ in Formatter().parse(text) if name is not None}


# CommonMark ends what is bold after a sign only where no letter follows, and Chinese has no blanks:
# the sign belongs behind the two stars.
_BOLD = re.compile(r"\*\*.*?([^\w\s*{}])?\*\*(?=([\w{])?)")


def _placeholder_problems(entry: Entry) -> Iterator[str]:
    asked = placeholders(_forms(entry.id)[-1])
    for form in _forms(entry.string):
        try:
            given = placeholders(form)
        except ValueError as error:
            yield f"braces do not match ({error}): {form!r}"
            continue
        if given != asked:
            yield f"placeholders differ: {entry.id!r} has {asked}, {form!r} has {given}"
        if _marks(form) != _marks(_forms(entry.id)[-1]):
            yield f"icons or code differ: {entry.id!r} and {form!r}"
        if any(bold[1] and bold[2] for bold in _BOLD.finditer(form)):
            yield f"Markdown does not end what is bold before this sign: {form!r}"


def _marks(text: str) -> list[str]:
    """Icons, code in backticks, and tags: what a translation keeps as it is."""
    return sorted(re.findall(r":material/\w+:|`[^`]*`|</?[a-z][^>]*>", text))


def _forms(text: object) -> list[str]:
    return [str(t) for t in text] if isinstance(text, tuple | list) else [str(text)]


def _entries(catalog: Catalog) -> Iterator[Entry]:
    return (entry for entry in catalog if entry.id)


def _same(catalog: Catalog, entry: Entry) -> Entry | None:
    return catalog.get(_forms(entry.id)[0], entry.context)
