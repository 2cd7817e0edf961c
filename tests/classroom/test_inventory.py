"""The concept questions are whole, parallel, and the same in every language."""

import re
from collections import Counter

import pytest

from vae.classroom.inventory import QUESTIONS, RIGHT, questions, read_questions
from vae.errors import UserError
from vae.i18n import languages

FORMS = ("before", "after")


@pytest.fixture(params=languages())
def language(request):
    return request.param


def test_there_are_twenty_two_of_each_of_ten_lessons(language):
    for form in FORMS:
        assert Counter(q.lesson for q in questions(form, language)) == dict.fromkeys(
            range(1, 11), 2
        )


def test_every_language_has_a_file_and_asks_the_same(language):
    assert (QUESTIONS / f"{language}.toml").exists()
    for form in FORMS:
        own = [(q.id, [c.name for c in q.choices]) for q in questions(form, language)]
        assert own == [(q.id, [c.name for c in q.choices]) for q in questions(form, "en")]


def test_the_forms_are_parallel_the_same_misconceptions_in_other_words(language):
    for one, other in zip(*(questions(form, language) for form in FORMS), strict=True):
        assert one.id == other.id
        assert one.text != other.text
        assert {c.name for c in one.choices} == {c.name for c in other.choices}
        for choice in one.choices:
            assert choice.reason == other.choice(choice.name).reason
            assert choice.text != other.choice(choice.name).text


def test_one_choice_is_right_and_every_choice_has_a_reason(language):
    for form in FORMS:
        for question in questions(form, language):
            assert [c.name for c in question.choices].count(RIGHT) == 1
            assert len(question.choices) == 4
            assert all(len(c.reason) >= 10 for c in question.choices)
            assert len({c.text for c in question.choices}) == 4
            assert question.choice(None) is None


def test_neither_place_nor_length_tells_the_right_choice(language):
    # Who always takes the longest, or the one in some place, does hardly better than by chance.
    for form in FORMS:
        asked = questions(form, language)
        places = Counter([c.name for c in q.choices].index(RIGHT) for q in asked)
        assert set(places) == {0, 1, 2, 3}
        assert max(places.values()) <= 9
        longest = sum(max(q.choices, key=lambda c: len(c.text)).name == RIGHT for q in asked)
        assert 2 <= longest <= 8


def test_chinese_is_chinese():
    for form in FORMS:
        for question in questions(form, "zh"):
            for text in (question.text, *(c.reason for c in question.choices)):
                assert re.search("[\u3400-\u9fff]", text)
                assert not re.search(r"[\u3400-\u9fff][,;?!]|[\u3400-\u9fff]\.(\s|$)", text), text


def test_a_language_without_a_file_asks_in_english():
    assert questions("before", "xx") == questions("before", "en")


WHOLE = """
[[question]]
id = "1.1"
before = "a"
after = "b"
[question.right]
before = "c"
after = "d"
reason = "e"
[[question.wrong]]
misconception = "f"
before = "g"
after = "h"
reason = "i"
"""


@pytest.mark.parametrize(
    ("change", "by"),
    [
        ('reason = "i"', ""),
        ('reason = "e"', 'reason = " "'),
        ('id = "1.1"', 'id = "one"'),
        ('misconception = "f"', 'misconception = "right"'),
        ('before = "a"', "before = 3"),
    ],
)
def test_what_is_not_whole_is_told_by_its_number(tmp_path, change, by):
    (tmp_path / "whole.toml").write_text(WHOLE)
    assert len(read_questions(tmp_path / "whole.toml")) == 2
    (tmp_path / "broken.toml").write_text(WHOLE + WHOLE.replace(change, by))
    with pytest.raises(UserError, match=r"Question 2 of the file .*broken\.toml is not whole"):
        read_questions(tmp_path / "broken.toml")


@pytest.mark.parametrize("content", ["[[question", "title = 1", b"\xff\xfe".decode("latin1")])
def test_what_is_no_such_file_is_told(tmp_path, content):
    (tmp_path / "q.toml").write_bytes(content.encode("latin1"))
    with pytest.raises(UserError, match=r"q\.toml cannot be read"):
        read_questions(tmp_path / "q.toml")
