"""A class: joined by a code, asked, seen by its teacher, and deleted."""

import csv
import io
import json

import pytest
import streamlit as st

from tests.pages.support import assert_calm, open_app, said
from vae.classroom import key, place
from vae.classroom.inventory import RIGHT, questions
from vae.classroom.outcome import LESSONS
from vae.classroom.store import ClassStore

CLASS, QUESTIONS = "pages/learn/classroom.py", "pages/learn/questions.py"
PREPARE, LESSON = "pages/learn/prepare.py", "pages/learn/lesson.py"


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv(place.VARIABLE, str(tmp_path / "class.sqlite"))
    monkeypatch.setenv(key.VARIABLE, "chalk")
    st.cache_data.clear()
    store = ClassStore()
    yield store
    store.close()
    st.cache_data.clear()


def as_teacher():
    app = open_app(CLASS)
    app.text_input[0].set_value("chalk")
    button(app, "Open").click().run()
    assert_calm(app)
    return app


def button(app, label):
    return next(b for b in app.button if b.label == label)


def answered(store, code, form, names):
    pupil = store.join(code)
    for question, name in names.items():
        store.record(pupil, lesson=LESSONS[form], step=question, kind="answer", value=name)
    return pupil


def test_the_teachers_page_is_behind_the_key(store):
    code = store.create()
    app = open_app(CLASS)
    assert_calm(app)
    assert code not in said(app)
    app.text_input[0].set_value("cheese")
    button(app, "Open").click().run()
    assert app.error[0].value == "That is not the key of this server."
    assert code not in said(app)
    assert as_teacher().metric[0].value == code


def test_a_class_is_made_goes_on_and_is_deleted_with_one_press(store):
    app = as_teacher()
    app.button(key="class_new").click().run()
    assert_calm(app)
    (room,) = store.classes()
    assert app.metric[0].value == room.code
    app.get_by_key(f"class_stage_{room.code}_before").set_value("lessons").run()
    assert store.stage(room.code) == "lessons"
    store.record(store.join(room.code), lesson="l", step=1, kind="answer", value="a")
    app.button(key="class_delete").click().run()
    assert_calm(app)
    assert store.classes() == []
    assert "no class yet" in said(app)


def test_a_pupil_answers_in_the_lesson_and_the_teacher_sees_it_before_the_reveal(store):
    code = store.create()
    pupil = open_app(LESSON, **{"class": code, "lesson": "distribution"})
    assert_calm(pupil)
    radio = pupil.radio[0]
    radio.set_value("b").run()
    pupil.get_by_key("sure_distribution_1").set_value(2).run()
    assert_calm(pupil)
    (entry,) = store.answers(code, "distribution", 1, "prediction")
    assert (entry.value, entry.confidence) == ("b", 2)
    app = as_teacher()
    app.selectbox(key="class_lesson").select("distribution").run()
    assert_calm(app)
    assert not marked(app)
    app.toggle(key="class_reveal_distribution_1").set_value(True).run()
    assert len(marked(app)) == 1


def marked(app):
    """Choices that the chart of the class's answers shows as right."""
    drawn = json.loads(app.get("plotly_chart")[0].proto.spec)
    return [name for name in drawn["data"][0]["y"] if "✓" in name]


def test_nobody_outside_a_class_is_recorded(store):
    store.create()
    app = open_app(LESSON, lesson="distribution")
    app.radio[0].set_value("b").run()
    assert_calm(app)
    assert store.classes()[0].entries == 0


def test_a_code_that_is_wrong_is_told_and_the_lesson_goes_on(store):
    app = open_app(LESSON, **{"class": "WRONG1", "lesson": "distribution"})
    assert "no class with the code 'WRONG1'" in app.warning[0].value
    app.radio[0].set_value("b").run()
    assert not app.exception
    assert app.radio[0].value == "b"


def test_pupils_are_asked_the_form_that_the_class_is_at(store):
    code = store.create()
    for stage, form in (("before", "before"), ("after", "after")):
        store.set_stage(code, stage)
        app = open_app(QUESTIONS, **{"class": code})
        assert_calm(app)
        assert app.header[0].value.replace("\\", "") == questions(form, "en")[0].text
    store.set_stage(code, "lessons")
    app = open_app(QUESTIONS, **{"class": code})
    assert "at the lessons now" in app.info[0].value


def test_a_pupil_goes_through_the_questions_and_all_is_recorded(store):
    code = store.create()
    app = open_app(QUESTIONS, **{"class": code})
    asked = questions("before", "en")
    for at, question in enumerate(asked):
        place = f"before_{question.id}".replace(".", "_")
        name = RIGHT if at % 2 else "unknown"
        app.radio(key=f"question_{place}").set_value(name).run()
        if name == RIGHT:
            app.get_by_key(f"question_sure_{place}").set_value(3).run()
        app.button(key="question_next").click().run()
        assert_calm(app)
    entries = store.entries(code, LESSONS["before"])
    assert [e.step for e in entries] == [q.id for q in asked]
    assert [e.value for e in entries] == [RIGHT if at % 2 else None for at in range(20)]
    assert [e.confidence for e in entries] == [3 if at % 2 else None for at in range(20)]
    assert len({e.pupil for e in entries}) == 1
    assert "told when the class is over" in app.success[0].value
    # What is right would spoil the form that comes after.
    assert asked[0].choice(RIGHT).reason not in said(app)


def test_alone_one_is_told_at_the_end_what_is_right_and_why(store):
    app = open_app(QUESTIONS)
    asked = questions("before", "en")
    for _question in asked:
        app.radio[0].set_value(RIGHT).run()
        app.button(key="question_next").click().run()
    assert_calm(app)
    assert app.subheader[0].value == "20 of 20 are right"
    assert asked[0].choice(RIGHT).reason in said(app).replace("\\", "")
    assert not store.classes()


def test_alone_ones_answers_are_in_the_link_and_a_reload_goes_on_after_them(store):
    app = open_app(QUESTIONS, form="after")
    asked = questions("after", "en")
    first, second = asked[0], asked[1]
    app.radio[0].set_value(first.choices[1].name).run()
    app.button(key="question_next").click().run()
    app.radio[0].set_value("unknown").run()
    app.button(key="question_next").click().run()
    assert app.query_params["after"] == "1b0_2x0"
    again = open_app(QUESTIONS, **dict(app.query_params))
    assert again.header[0].value.replace("\\", "") == asked[2].text
    again.button(key="question_back").click().run()
    assert again.radio[0].value == "unknown"
    again.button(key="question_back").click().run()
    assert again.radio[0].value == first.choices[1].name
    assert second.text != first.text
    assert_calm(again)


def test_answers_of_a_link_that_no_question_has_are_left_out(store):
    app = open_app(QUESTIONS, before="1h1_99a0_3x0")
    assert_calm(app)
    assert app.header[0].value.replace("\\", "") == questions("before", "en")[0].text


def test_a_class_is_begun_without_what_was_answered_alone(store):
    code = store.create()
    app = open_app(QUESTIONS, before="1x0_2x0")
    app.text_input[0].set_value(code)
    button(app, "Join").click().run()
    assert "before" not in app.query_params
    assert app.header[0].value.replace("\\", "") == questions("before", "en")[0].text


def test_a_class_is_joined_by_typing_its_code(store):
    code = store.create()
    app = open_app(QUESTIONS)
    app.text_input[0].set_value("nothere")
    button(app, "Join").click().run()
    assert "no class with this code" in app.error[0].value
    app.text_input[0].set_value(f"{code[:3].lower()} {code[3:].lower()}")
    button(app, "Join").click().run()
    assert_calm(app)
    assert app.query_params["class"] == code or app.query_params["class"] == [code]


def test_the_teacher_sees_what_was_learned_by_question(store):
    code = store.create()
    for name in (RIGHT, "point", "point", "point", None, "class"):
        pupil = answered(store, code, "before", {"1.1": name, "1.2": RIGHT})
        for question, value in {"1.1": RIGHT, "1.2": RIGHT}.items():
            store.record(pupil, lesson=LESSONS["after"], step=question, kind="answer", value=value)
    app = as_teacher()
    assert_calm(app)
    told = said(app).replace("\\", "")
    assert "58% right before, 100% after: gain 1.00, 1.00 to 1.00 (n = 6)." in told


def test_the_table_has_all_answers_and_no_id(store):
    code = store.create()
    pupil = answered(store, code, "before", {"1.1": RIGHT, "1.2": None})
    from vae.classroom.entry import to_csv

    rows = list(csv.DictReader(io.StringIO(to_csv(store.entries(code)))))
    assert [(r["step"], r["value"], r["unknown"]) for r in rows] == [
        ("1.1", "right", "0"),
        ("1.2", "", "1"),
    ]
    assert pupil not in str(rows)


def test_a_lesson_of_a_class_can_be_printed_empty_in_the_language_of_the_class(store):
    app = open_app(PREPARE)
    assert_calm(app)
    assert not [b for b in app.get("download_button") if b.key == "prepare_handout"]
    app.selectbox(key="prepare_lesson").set_value("loss").run()
    app.selectbox(key="prepare_language").set_value("zh").run()
    assert_calm(app)
    assert [b for b in app.get("download_button") if b.key == "prepare_handout"]
