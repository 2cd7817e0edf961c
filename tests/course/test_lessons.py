"""The lessons that ship: whole, alike in both languages, each against a misconception."""

import re

import pytest

from tests.i18n.test_rate_words import takes_the_rate_for_information
from vae.course import catalogue
from vae.course.catalogue import SHIPPED, course
from vae.course.lesson import KINDS
from vae.runs.catalogue import RUN_OF_LANGUAGE, shipped_runs

ENGLISH = course("en")
CHINESE = course("zh")
OF_TWO = {"beta", "swap", "learning", "beside"}
"""Views of a model beside a collapsed one; there is none in Chinese."""
IDS = [lesson.id for lesson in ENGLISH.lessons]


@pytest.fixture(autouse=True)
def _no_own_lessons(tmp_path, monkeypatch):
    monkeypatch.setenv(catalogue.LESSONS_VARIABLE, str(tmp_path))


def test_every_file_is_a_lesson():
    for told in (ENGLISH, CHINESE):
        assert not told.problems, [str(problem) for problem in told.problems]
    assert len(list(SHIPPED.glob("*.md"))) == 2 * len(ENGLISH.lessons)


@pytest.mark.parametrize("id", IDS)
def test_a_lesson_predicts_does_says_compares_and_explains(id):
    lesson = ENGLISH.lesson(id)
    kinds = [step.kind for step in lesson.steps]
    assert set(kinds) == set(KINDS)
    assert kinds.index("predict") < kinds.index("observe") < kinds.index("compare")
    assert 5 <= lesson.minutes <= 20
    assert lesson.run in shipped_runs()


@pytest.mark.parametrize("id", IDS)
def test_what_is_asked_before_is_asked_again_after(id):
    lesson = ENGLISH.lesson(id)
    for i, step in enumerate(lesson.steps):
        if step.kind == "compare":
            predicted, seen = lesson.compared(i)
            assert predicted is not None
            assert seen is not None
            assert predicted < seen
            one, other = (lesson.steps[j].question for j in (predicted, seen))
            assert one.right is not None
            assert [c.right for c in one.choices] == [c.right for c in other.choices]


@pytest.mark.parametrize("id", IDS)
def test_every_prediction_is_laid_beside_what_happened(id):
    lesson = ENGLISH.lesson(id)
    steps = range(len(lesson.steps))
    told = [lesson.compared(i)[0] for i in steps if lesson.steps[i].kind == "compare"]
    told += [lesson.answered(i) for i in steps]
    predictions = [i for i in steps if lesson.steps[i].kind == "predict"]
    assert sorted(i for i in told if i is not None) == predictions


@pytest.mark.parametrize("id", IDS)
def test_both_languages_have_the_same_steps_views_and_answers(id):
    def shape(lesson):
        return lesson.minutes, set(lesson.sentences), [shape_of(s) for s in lesson.steps]

    def shape_of(step):
        asked = step.question and [(c.right, bool(c.why)) for c in step.question.choices]
        return step.kind, step.view, asked, bool(step.body)

    assert shape(ENGLISH.lesson(id)) == shape(CHINESE.lesson(id))


@pytest.mark.parametrize("id", IDS)
def test_chinese_lessons_are_about_a_run_in_chinese_unless_they_need_a_collapsed_one(id):
    english, chinese = ENGLISH.lesson(id), CHINESE.lesson(id)
    assert english.run == "factors"
    if any(step.view and step.view.name in OF_TWO for step in english.steps):
        assert chinese.scene == english.scene
        # Who reads Chinese is told why the sentences are not.
        assert "英语" in chinese.steps[0].body
    else:
        assert chinese.run == RUN_OF_LANGUAGE["zh"]
        assert set(chinese.sentences.values()).isdisjoint(english.sentences.values())


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.zh.md")), ids=lambda p: p.name)
def test_chinese_has_its_own_punctuation(path):
    text = re.sub(r"`[^`]*`|\$[^$]*\$", "", path.read_text(encoding="utf-8"))
    assert not re.findall(r"[\u4e00-\u9fff][,;:?!]", text)
    assert "您" not in text


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.md")), ids=lambda p: p.name)
def test_a_formula_is_closed(path):
    assert path.read_text(encoding="utf-8").count("$") % 2 == 0


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.md")), ids=lambda p: p.name)
def test_no_lesson_takes_the_rate_for_information(path):
    text = path.read_text(encoding="utf-8")
    prose = "\n".join("" if line.startswith("|") else line for line in text.splitlines())
    for paragraph in re.split(r"\n\n|\n- \[.\] |\n  ", prose):
        assert not takes_the_rate_for_information(" ".join(paragraph.split()))
