"""The glossary: whole in every language, with no word that means two things."""

import re
from pathlib import Path

import pytest

from vae import i18n
from vae.course import catalogue, glossary

LANGUAGES = i18n.languages()
TRANSLATIONS = Path(i18n.__file__).with_name("GLOSSARY.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_form_is_of_two_terms_and_every_meaning_is_short(language):
    found = glossary.terms(language)
    forms = [form.casefold() for term in found for form in term.forms]
    assert len(forms) == len(set(forms))
    for term in found:
        assert 8 < len(term.meaning) < 400, term.id
        assert term.meaning.endswith((".", "。")), term.id


def test_every_language_has_the_same_terms_in_words_of_its_own():
    english = {term.id: term for term in glossary.terms("en")}
    assert len(english) >= 80
    for language in set(LANGUAGES) - {"en"}:
        found = {term.id: term for term in glossary.terms(language)}
        assert found.keys() == english.keys()
        for id, term in found.items():
            assert term.meaning != english[id].meaning
            assert re.search("[\u4e00-\u9fff]", term.meaning), id


def test_a_language_that_it_lacks_is_told_in_english():
    assert glossary.terms("xx") == glossary.terms("en")


def test_every_lesson_that_it_names_is_there():
    course = catalogue.course("en")
    named = {term.lesson for term in glossary.terms("en")} - {""}
    assert named <= {lesson.id for lesson in course.lessons}


def test_what_translators_hold_to_is_explained_by_the_same_word():
    """Rows marked "always" in the translators' glossary that are terms here."""
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| always \|$", TRANSLATIONS, re.M)
    assert len(rows) > 20
    english = {form: term.id for term in glossary.terms("en") for form in term.forms}
    chinese = {term.id: term.forms for term in glossary.terms("zh")}
    shared = [(english[a], b) for a, b in rows if a in english]
    assert len(shared) > 15
    assert [(id, b) for id, b in shared if b not in chinese[id]] == []
