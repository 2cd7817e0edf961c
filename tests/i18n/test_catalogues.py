"""Every message is translated, with its placeholders, in the words of the glossary."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from vae import i18n
from vae.i18n import extraction

LANGUAGES = [language for language in i18n.languages() if language != i18n.ENGLISH]
GLOSSARY = Path(i18n.__file__).with_name("GLOSSARY.md")
# An error may be made of a message made elsewhere; all else is called with a literal.
FORWARDS = {"UserError", "NotAvailableError", "CorpusNotReadyError", "UnfitError"}


@cache
def template() -> Catalog:
    return extraction.template()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_complete(language):
    assert extraction.problems(language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_up_to_date_is_written_as_it_stands(language, monkeypatch, tmp_path):
    monkeypatch.setattr(extraction, "CATALOGUES", tmp_path)
    known = template()
    monkeypatch.setattr(extraction, "template", lambda: known)
    file = tmp_path / f"{language}.po"
    shutil.copy(i18n.CATALOGUES / file.name, file)
    before = file.read_bytes()
    extraction.update(language)
    assert file.read_bytes() == before


def test_what_is_said_is_a_literal_that_can_be_translated():
    """An f-string, a variable or another module's `_` is passed over: it would stay English."""
    wrong = []
    for place, call, said in calls():
        literal = all(isinstance(a, ast.Constant) and isinstance(a.value, str) for a in said)
        forwarded = called(call) in FORWARDS and isinstance(
            said[0], ast.Name | ast.Attribute | ast.Call
        )
        found = isinstance(call.func, ast.Name) or forwarded
        if not (literal or forwarded) or not found:
            wrong.append(f"{place}: {ast.unparse(call)[:90]}")
    assert not wrong, wrong


def test_every_placeholder_is_filled_and_every_value_is_said():
    """By its name alone: what belongs to a value is out of the reach of a message."""
    wrong = []
    for place, call, said in calls():
        given = {keyword.arg for keyword in call.keywords}
        literals = [a.value for a in said if isinstance(a, ast.Constant)]
        if not literals or not given or None in given:
            continue
        names = {name for name, _ in extraction.placeholders(literals[-1])}
        plural = {"n"} if called(call) in ("ngettext", "nmessage") else set()
        if not given <= names or not names <= given | plural:
            wrong.append(f"{place}: {sorted(names ^ (given | plural & names))}")
    assert not wrong, wrong


def calls() -> Iterator[tuple[str, ast.Call, list[ast.expr]]]:
    """Everything that is said: where, the call, and those of its arguments that are."""
    for file in extraction.sources():
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and called(call) in extraction.KEYWORDS and call.args:
                two = called(call) in ("ngettext", "nmessage", "pgettext")
                yield f"{file.name}, line {call.lineno}", call, call.args[: 2 if two else 1]


def called(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def terms() -> dict[str, list[str]]:
    """The rows of the glossary: English and what it is in each language, and whether always."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in GLOSSARY.read_text(encoding="utf-8").splitlines()
        if line.startswith("|")
    ]
    return {row[0]: row[1:] for row in rows[2:]}


def test_the_glossary_has_sixty_terms_and_no_empty_one():
    assert len(terms()) >= 60
    assert all(english and chinese for english, (chinese, _) in terms().items())


def test_chinese_keeps_to_the_glossary():
    if "zh" not in LANGUAGES:
        pytest.skip("there is no Chinese catalogue")
    wrong = []
    for entry in extraction.read("zh"):
        english = re.sub(
            r"{[^}]*}|`[^`]*`|\w+\.npz", " ", " ".join(extraction._forms(entry.id)).lower()
        )
        for term, (chinese, always) in terms().items():
            asked = always and re.search(rf"\b{re.escape(term)}s?\b", english)
            if asked and chinese not in "".join(extraction._forms(entry.string)):
                wrong.append(f"{term} -> {chinese}: {entry.id!r}")
    assert not wrong, wrong


def test_chinese_is_set_as_chinese_is():
    """Full-width punctuation after Chinese characters, and no exclamation marks."""
    if "zh" not in LANGUAGES:
        pytest.skip("there is no Chinese catalogue")
    wrong = [
        form
        for entry in extraction.read("zh")
        if entry.id
        for form in extraction._forms(entry.string)
        if re.search(r"[\u4e00-\u9fff][,;:?!.](?![\w/])|[!！]", form)
    ]
    assert not wrong, wrong


def catalogue_with(monkeypatch, tmp_path, string, fuzzy=False) -> list[str]:
    """What is said to be wrong with the translation of one message."""
    wanted, kept = Catalog(locale="de"), Catalog(locale="de")
    wanted.add("{n:,} of {name} :material/map:")
    kept.add("{n:,} of {name} :material/map:", string=string, flags=["fuzzy"] if fuzzy else [])
    monkeypatch.setattr(extraction, "template", lambda: wanted)
    monkeypatch.setattr(extraction, "read", lambda language: kept)
    return extraction.problems("de")


@pytest.mark.parametrize(
    ("string", "wrong"),
    [
        ("{n:,} von {name} :material/map:", ""),
        ("", "not translated"),
        ("{n:,} von {nam} :material/map:", "placeholders differ"),
        ("{n} von {name} :material/map:", "placeholders differ"),
        ("{n:,} von {name", "braces do not match"),
        ("{n:,} von {name}", "icons or code differ"),
        ("**{n:,}**：{name} :material/map:", ""),
        ("**{n:,}** von **{name}：** :material/map:", ""),
        ("**{n:,}：**{name} :material/map:", "what is bold"),
    ],
)
def test_what_is_wrong_with_a_translation_is_found(monkeypatch, tmp_path, string, wrong):
    found = catalogue_with(monkeypatch, tmp_path, string)
    assert bool(found) == bool(wrong)
    assert all(wrong in each for each in found[:1])


def test_a_fuzzy_translation_is_found(monkeypatch, tmp_path):
    found = catalogue_with(monkeypatch, tmp_path, "{n:,} von {name} :material/map:", fuzzy=True)
    assert "fuzzy" in found[0]
