"""A lesson is read as it is written; a broken one is told of by file, line and remedy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae.course import catalogue
from vae.course.catalogue import course
from vae.course.parser import LessonError, parse
from vae.errors import UserError

HEAD = "---\ntitle: Kites\nmisconception: Kites fly by hope.\nminutes: 5\n---\n"
WHOLE = (
    HEAD
    + """
## predict: Will it fly?

Some *words*.

question: What happens?
- [ ] It falls
  There is wind.
- [x] It flies

## do: Let go

view: draws
  draws: 8

## observe: Well?

question: What happened?
- [ ] It fell
- [x] It flew

## compare: Both

## explain: Why

```
## not a step: 1
view: nothing
```
"""
)


def read(text):
    return parse(text, id="kites", file="kites.en.md")


def wrong(text):
    with pytest.raises(LessonError) as caught:
        read(text)
    return str(caught.value)


def told_of(text):
    """What is wrong with a text; "" where nothing is."""
    try:
        read(text)
    except LessonError as error:
        return str(error)
    return ""


def test_a_lesson_is_read():
    lesson = read(WHOLE)
    assert (lesson.title, lesson.minutes, lesson.run) == ("Kites", 5, "")
    assert [s.kind for s in lesson.steps] == ["predict", "do", "observe", "compare", "explain"]
    first, do, *_, last = lesson.steps
    assert (first.title, first.body) == ("Will it fly?", "Some *words*.")
    assert first.question.right == 1
    assert first.question.choices[0].why == "There is wind."
    assert (do.view.name, dict(do.view.settings)) == ("draws", {"draws": 8})
    assert "## not a step: 1" in last.body
    assert last.view is None


def test_a_comparison_looks_back_on_the_last_prediction_and_observation():
    lesson = read(WHOLE)
    assert lesson.compared(3) == (0, 2)
    assert lesson.compared(1) == (0, None)
    assert lesson.compared(0) == (None, None)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("---\ntitle: Kites", "title: Kites", "line 1"),
        ("title: Kites\n", "", "no `title`"),
        ("minutes: 5", "minutes: five", "`minutes` is `five`"),
        ("minutes: 5", "minute: 5", "line 4"),
        ("## predict: Will", "## guess: Will", "line 7"),
        (
            "\n## predict: Will it fly?",
            "\nHello\n## predict: Will it fly?",
            "before the first step",
        ),
        ("view: draws", "view: drows", "There is no view `drows`"),
        ("  draws: 8", "  draws: many", "not a number from 2 to 128"),
        ("  draws: 8", "  drawn: 8", "line 19: `drawn: 8` is not read here"),
        ("view: draws\n  draws: 8\n", "", "Add a line `view: NAME`"),
        ("view: draws\n", "view: draws\nview: draws\n", "One step shows one view"),
        ("- [x] It flies", "- [ ] It flies\n- [x] It sings\n- [x] It dances", "2 of them right"),
        ("- [ ] It fell\n- [x] It flew\n", "", "This one has 0"),
        ("- [x] It flew", "- [x] It flew\n\nMore words", "Move it above the question"),
        ("question: What happened?\n- [ ] It fell\n- [x] It flew\n", "", "asks something"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(before, after, said):
    assert before in WHOLE
    text = wrong(WHOLE.replace(before, after, 1))
    assert text.startswith("kites.en.md, line ")
    assert said in text


def test_a_comparison_needs_a_question_before_it():
    assert "none before it" in wrong(HEAD + "\n## compare: Both\n")


@given(st.text(max_size=400))
def test_any_text_is_a_lesson_or_a_clear_sentence(text):
    for source in (text, HEAD + text, HEAD + "## do: X\n" + text, WHOLE + text):
        assert told_of(source) or read(source).steps


@given(st.data())
def test_a_lesson_with_a_line_lost_or_moved_is_read_or_told_of(data):
    lines = WHOLE.splitlines()
    i = data.draw(st.integers(0, len(lines) - 1))
    line = lines.pop(i)
    if data.draw(st.booleans()):
        lines.insert(data.draw(st.integers(0, len(lines))), line)
    source = "\n".join(lines)
    assert told_of(source) or read(source).steps


# -- a teacher's folder ----------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(catalogue.LESSONS_VARIABLE, str(tmp_path))
    return tmp_path


def test_a_file_in_the_folder_is_a_lesson_after_those_that_ship(folder):
    (folder / "kites.en.md").write_text(WHOLE, encoding="utf-8")
    found = course("en")
    assert found.lessons[-1].id == "kites"
    assert found.lessons[-1].own
    assert found.number("kites") == len(found.lessons) > 1
    assert course("zh").lesson("kites").title == "Kites"


def test_a_file_of_the_same_name_takes_the_place_of_one_that_ships(folder):
    shipped = course("en").lessons[0]
    (folder / f"{shipped.id}.en.md").write_text(WHOLE, encoding="utf-8")
    found = course("en")
    assert found.lessons[0].title == "Kites"
    assert found.number(shipped.id) == 1


def test_a_broken_file_is_told_of_and_hurts_no_other(folder):
    before = course("en")
    (folder / "kites.en.md").write_text(WHOLE, encoding="utf-8")
    (folder / "broken.en.md").write_text(WHOLE.replace("view: draws", "view: x"), encoding="utf-8")
    (folder / "bytes.en.md").write_bytes(b"\xff\xfe\x00")
    (folder / "long.en.md").write_text("x" * 300_000, encoding="utf-8")
    (folder / "README.md").write_text("How we do it here", encoding="utf-8")
    found = course("en")
    assert [each.id for each in found.lessons] == [*(b.id for b in before.lessons), "kites"]
    said = [str(problem) for problem in found.problems]
    assert len(said) == 3
    for name in ("broken.en.md", "bytes.en.md", "long.en.md"):
        assert any(text.startswith(name) for text in said)


def test_a_broken_translation_is_told_of_and_english_is_shown(folder):
    (folder / "kites.en.md").write_text(WHOLE, encoding="utf-8")
    (folder / "kites.zh.md").write_text("nothing", encoding="utf-8")
    found = course("zh")
    assert found.lesson("kites").title == "Kites"
    assert "kites.zh.md, line 1" in str(found.problems[0])


def test_a_change_of_a_file_changes_the_version(folder):
    before = catalogue.version()
    (folder / "kites.en.md").write_text(WHOLE, encoding="utf-8")
    assert catalogue.version() != before


def test_an_error_of_a_lesson_is_one_for_people():
    assert issubclass(LessonError, UserError)
