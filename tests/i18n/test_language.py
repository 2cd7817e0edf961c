"""In which language things are said, and how numbers, plurals and lists are written in it."""

from __future__ import annotations

import json
import threading

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from hypothesis import given
from hypothesis import strategies as st

from vae import i18n
from vae.errors import UserError
from vae.i18n import (
    Message,
    _,
    enumeration,
    languages,
    listed,
    message,
    ngettext,
    nmessage,
    pgettext,
    speaking,
)
from vae.i18n.numbers import number


@pytest.fixture
def tongues(tmp_path, monkeypatch):
    """A German and a Russian catalogue of a few messages, and nothing else."""
    german = Catalog(locale="de")
    german.add("{share:.1%} of {n:,} sentences", string="{share:.1%} von {n:,} Sätzen")
    german.add("rate", string="Rate", context="column")
    german.add("rate", string="bewerten", context="verb")
    german.add("There is no run '{name}'.", string="Es gibt keinen Lauf „{name}“.")
    german.add("It failed: {reason}", string="Es ging schief: {reason}")
    russian = Catalog(locale="ru")
    russian.add(("{n} file", "{n} files"), string=("{n} файл", "{n} файла", "{n} файлов"))
    for language, catalog in (("de", german), ("ru", russian)):
        with (tmp_path / f"{language}.po").open("wb") as file:
            write_po(file, catalog)
    monkeypatch.setattr(i18n, "CATALOGUES", tmp_path)
    _forget()
    yield
    _forget()


def _forget():
    for kept in (i18n.catalogue, i18n._plural_rule):
        kept.cache_clear()


def test_english_stands_inline_and_needs_no_catalogue():
    assert _("{n:,} sentences", n=12345) == "12,345 sentences"
    assert ngettext("{n} file", "{n} files", 1) == "1 file"
    assert ngettext("{n} file", "{n} files", 0) == "0 files"
    assert pgettext("column", "rate") == "rate"


def test_numbers_are_written_as_the_language_writes_them(tongues):
    with speaking("de"):
        assert _("{share:.1%} of {n:,} sentences", share=-0.125, n=12345) == (
            "−12,5% von 12.345 Sätzen"
        )
        assert number(-1234.5, ",.2f") == "−1.234,50"
    assert number(-1234.5, ",.2f") == "−1,234.50"


@pytest.mark.parametrize(
    ("n", "said"),
    [(1, "1 файл"), (2, "2 файла"), (5, "5 файлов"), (21, "21 файл"), (11, "11 файлов")],
)
def test_plurals_follow_the_rule_of_the_language(tongues, n, said):
    with speaking("ru"):
        assert ngettext("{n} file", "{n} files", n) == said
        assert str(nmessage("{n} file", "{n} files", n)) == said


def test_a_short_word_is_told_apart_by_where_it_stands(tongues):
    with speaking("de"):
        assert pgettext("column", "rate") == "Rate"
        assert pgettext("verb", "rate") == "bewerten"
        assert pgettext("unknown", "rate") == "rate"


def test_what_is_not_translated_is_said_in_english(tongues):
    with speaking("de"):
        assert _("A new sentence with {n:,} words.", n=1000) == "A new sentence with 1.000 words."


def test_an_error_is_worded_where_it_is_shown(tongues):
    error = UserError("There is no run '{name}'.", name="{x}")
    outer = UserError("It failed: {reason}", reason=error.message)
    assert str(error) == "There is no run '{x}'."
    with speaking("de"):
        assert str(error) == "Es gibt keinen Lauf „{x}“."
        assert str(outer) == "Es ging schief: Es gibt keinen Lauf „{x}“."


def test_an_error_without_values_is_said_as_it_stands():
    assert str(UserError("A name like {this}.")) == "A name like {this}."


def test_lists_are_joined_as_the_language_joins_them(tongues):
    assert listed(["a", "b", "c"]) == "a, b, and c"
    assert listed(["a", "b"], "or") == "a or b"
    with speaking("de"):
        assert listed(["a", "b", "c"]) == "a, b und c"


@given(
    st.text(),
    st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), st.text() | st.integers()),
)
def test_a_message_survives_being_stored(text, values):
    text = text.translate({ord(brace): None for brace in "{}"})
    kept = Message(text + "".join(f"{{{name}}}" for name in values), values)
    assert Message.of_json(kept.to_json()) == kept
    nested = message("It failed: {reason}", reason=kept)
    assert Message.of_json(nested.to_json()) == nested


@pytest.mark.parametrize("stored", [None, 3, [], {}, {"message": 3}, {"values": {}}])
def test_what_is_no_stored_message_says_nothing(stored):
    assert str(Message.of_json(stored)) == ""


@pytest.mark.parametrize(
    "text",
    [
        "{n.__class__.__init__.__globals__}",
        "{n[0]}",
        "{n:>900000000}",
        "{n:{n}}",
        "{n!z}",
        "{n:bad}",
        "{missing}",
        "{0}",
        "{",
        "x" * 50_000,
    ],
)
def test_what_somebody_else_wrote_reaches_nothing_but_its_values(text):
    """A run that was sent says in its own files why it failed; nothing in it is trusted."""
    for stored in (
        {"message": text, "values": {"n": 3}},
        {"message": "It failed: {reason}", "values": {"reason": {"message": text, "values": {}}}},
        {"message": "{n}", "plural": text, "values": {"n": 3}},
    ):
        said = str(Message.of_json(stored))
        assert len(said) <= i18n.LONGEST + 20
        assert "class 'int'" not in said
        assert "globals__'" not in said


def test_what_does_not_fill_a_stored_message_is_shown_as_it_stands():
    assert str(Message.of_json({"message": "{n.real}", "values": {"n": 3}})) == "{n.real}"
    assert str(Message.of_json({"message": "{n:,} of", "values": {"n": "x"}})) == "{n:,} of"


def test_a_stored_message_is_not_followed_without_end():
    stored: dict = {"message": "end"}
    for _level in range(400):
        stored = (
            {"message": "{a}", "values": {"a": stored, "b": [[stored]]}}
            if _level < 12
            else {"message": "{a}", "values": {"a": stored}}
        )
    assert str(Message.of_json(stored)) == ""


def test_a_number_that_is_none_chooses_a_plural(tongues):
    stored = {"message": "{n} file", "plural": "{n} files", "values": {"n": "x"}}
    with speaking("ru"):
        assert "x" in str(Message.of_json(stored))


def test_a_text_of_an_older_version_is_said_as_it_is():
    assert str(Message.of_json("The disk is full.")) == "The disk is full."


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [
        (["de-AT"], "de"),
        (["de_DE.UTF-8"], "de"),
        (["fr", "ru"], "ru"),
        (["C"], "en"),
        ([""], "en"),
        ([], "en"),
        (["../../etc"], "en"),
    ],
)
def test_the_closest_language_that_is_spoken_here(tongues, wanted, spoken):
    assert i18n.closest(wanted) == spoken


def test_a_command_speaks_the_language_of_its_environment(tongues, monkeypatch):
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    assert i18n.environment_language() == "en"
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    assert i18n.environment_language() == "de"
    monkeypatch.setenv("LANGUAGE", "ru:de")
    assert i18n.environment_language() == "ru"


def test_two_sessions_speak_two_languages_at_once(tongues):
    heard, met = {}, threading.Barrier(2)

    def session(language):
        with speaking(language):
            met.wait()
            heard[language] = ngettext("{n} file", "{n} files", 2)

    threads = [threading.Thread(target=session, args=(each,)) for each in ("ru", "en")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == {"ru": "2 файла", "en": "2 files"}


def test_a_source_is_asked_where_no_language_is_chosen(tongues, monkeypatch):
    monkeypatch.setattr(i18n, "_source", [])
    i18n.follow(lambda: "de")
    assert i18n.language() == "de"
    with speaking("ru"):
        assert i18n.language() == "ru"
    i18n.follow(lambda: None)
    assert i18n.language() == "en"


@pytest.mark.parametrize(
    ("style", "english", "chinese"),
    [
        ("standard", "a, b, and c", "a、b和c"),
        ("or", "a, b, or c", "a、b或c"),
        ("unit", "a, b, c", "a、b、c"),
        ("clauses", "a; b; c", None),
        ("sentences", "a b c", None),
    ],
)
def test_things_are_listed_as_the_language_lists_them(style, english, chinese):
    later = enumeration(["a", "b", "c"], style)
    kept = Message.of_json(json.loads(json.dumps(later.to_json())))
    assert kept == later
    assert listed(["a", "b", "c"], style) == str(kept) == english
    if chinese and "zh" in languages():
        with speaking("zh"):
            assert listed(["a", "b", "c"], style) == str(kept) == chinese


def test_a_list_inside_a_sentence_names_its_style():
    asked = message("Choose one of {names:or}.", names=("a", message("the {n:,}th", n=1_000)))
    assert str(asked) == "Choose one of a or the 1,000th."
    assert Message.of_json(asked.to_json()) == asked


@pytest.mark.parametrize(
    ("text", "values", "said"),
    [
        ("{run}每句 {n} 奈特", {"run": "factors", "n": 3}, "factors 每句 3 奈特"),
        ("{run}每句 {n} 奈特", {"run": "本运行", "n": 3}, "本运行每句 3 奈特"),
        ("在 {where} 暂停", {"where": "第 3 步"}, "在第 3 步暂停"),
        ("在{where}暂停", {"where": "step 3"}, "在 step 3 暂停"),
        ("在 {where} 暂停", {"where": ""}, "在暂停"),
        ("{first} 点击一个点。", {"first": "看颜色。"}, "看颜色。点击一个点。"),
        ("“{name}”不是文件", {"name": "a.csv"}, "“a.csv”不是文件"),
        ("已完成 {share}", {"share": "−3"}, "已完成 −3"),
        ("运行{name}", {"name": message("{run}的映射", run="factors")}, "运行 factors 的映射"),
        ("as {n} says {m}", {"n": "三 ", "m": "三"}, "as 三  says 三"),
    ],
)
def test_chinese_has_a_blank_beside_names_of_the_other_script_and_no_other(text, values, said):
    with speaking("zh"):
        assert _(text, **values) == said


@given(st.text(st.characters(exclude_categories=("Cs", "Cn")), max_size=12))
def test_what_a_value_says_stands_in_chinese_as_it_is(value):
    with speaking("zh"):
        assert value in _("从{value}学习，见 {value} 的说明", value=value)
