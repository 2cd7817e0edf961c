"""Learn: lessons are listed, played step by step, and held by the link."""

import math
from dataclasses import replace

import pytest
import torch

from pages.common import resources
from pages.learn._article import live
from pages.learn._lesson import formula
from pages.learn._lesson import handout as printed
from pages.learn._lesson.views import PLACES, points
from tests.pages.support import assert_calm, follow, open_app, said
from vae.course import catalogue, course
from vae.course.answers import Answer
from vae.course.views import VIEWS
from vae.course.worked import Worked
from vae.diagnostics.xray import xray
from vae.training import vector_file
from vae.training.vector_setting import begun

PAGE = "pages/learn/lesson.py"
FIRST = course("en").lessons[0]


def words(app) -> str:
    """What the page says, without the marks that keep Markdown from reading it."""
    text = "\n".join([said(app), *(str(h.value) for h in app.header)])
    return text.replace("\\", "").replace("\u2060", "")


def press(app, key):
    return app.button(key=key).click().run()


def test_all_lessons_are_listed_with_what_each_is_against():
    app = open_app(PAGE)
    assert_calm(app)
    text = words(app)
    for lesson in course("en").lessons:
        assert lesson.title in text
        assert lesson.misconception in text


def test_every_view_that_a_lesson_may_name_is_drawn_by_a_function():
    assert set(PLACES) == set(VIEWS)


def test_a_prediction_comes_first_and_stands_beside_what_was_seen_and_what_happened():
    app = press(open_app(PAGE), f"open_{FIRST.id}")
    assert_calm(app)
    assert FIRST.steps[0].title in words(app)
    assert app.button(key="lesson_next").disabled
    app.radio(key=f"answer_{FIRST.id}_1").set_value("a").run()
    assert not app.button(key="lesson_next").disabled
    chosen = {"predict": "c", "observe": "b"}
    for at, step in enumerate(FIRST.steps, 1):
        assert_calm(app)
        assert step.title in words(app)
        if step.kind in chosen:
            app.radio(key=f"answer_{FIRST.id}_{at}").set_value(chosen[step.kind]).run()
            app.segmented_control(key=f"sure_{FIRST.id}_{at}").set_value(3).run()
        if step.kind == "compare":
            before, seen = FIRST.compared(at - 1)
            text = words(app)
            assert FIRST.steps[before].question.choices[2].text in text
            assert FIRST.steps[seen].question.choices[1].text in text
            assert "it is otherwise; you were: sure" in text
            assert "as it is; you were: sure" in text
        if at < len(FIRST.steps):
            app = press(app, "lesson_next")


def test_a_prediction_that_no_step_looks_back_on_is_answered_right_after_it():
    app = press(open_app(PAGE), f"open_{FIRST.id}")
    app.radio(key=f"answer_{FIRST.id}_1").set_value("a").run()
    press(app, "lesson_next")
    asked, text = FIRST.steps[0].question, words(app)
    for each in (
        "You predicted",
        asked.choices[0].text,
        asked.choices[0].why,
        asked.choices[1].text,
    ):
        assert each in text


def test_what_was_not_done_is_said_and_holds_nobody_back():
    app = open_app(PAGE, lesson=FIRST.id, step="4", answers="1a0_3a0")
    assert "You have not tried anything here yet." in words(app)
    assert not app.button(key="lesson_next").disabled
    press(app, "lesson_draw")
    assert "not tried" not in words(app)
    press(app, "lesson_next")
    assert "You have not said yet what you saw." in words(app)
    assert not app.button(key="lesson_next").disabled
    app.radio(key=f"answer_{FIRST.id}_5").set_value("b").run()
    assert "not said yet" not in words(app)


def test_step_and_answers_are_in_the_link():
    app = press(open_app(PAGE), f"open_{FIRST.id}")
    app.radio(key=f"answer_{FIRST.id}_1").set_value("b").run()
    app.segmented_control(key=f"sure_{FIRST.id}_1").set_value(2).run()
    press(app, "lesson_next")
    link = {name: app.query_params[name] for name in ("lesson", "step", "answers")}
    again = open_app(PAGE, **{k: v[0] if isinstance(v, list) else v for k, v in link.items()})
    assert_calm(again)
    assert FIRST.steps[1].title in words(again)
    press(again, "lesson_back")
    assert again.radio(key=f"answer_{FIRST.id}_1").value == "b"
    assert again.segmented_control(key=f"sure_{FIRST.id}_1").value == 2


def test_the_next_lesson_begins_without_the_answers_to_the_one_before():
    second = course("en").lessons[1]
    last = str(len(FIRST.steps))
    app = open_app(PAGE, lesson=FIRST.id, step=last, answers="1a0_3b0", lang="en")
    press(app, "lesson_next")
    assert second.id in app.query_params["lesson"]
    assert "answers" not in app.query_params
    assert second.steps[0].title in words(app)
    assert app.radio(key=f"answer_{second.id}_1").value is None


def test_answers_that_came_by_a_link_are_kept_when_one_leaves_the_lesson():
    app = open_app(PAGE, lesson=FIRST.id, answers="1b2_3a0")
    press(app, "lessons_all")
    assert "2 of 4 questions answered" in words(app)
    press(app, f"open_{FIRST.id}")
    press(app, "lesson_back")
    assert_calm(app)


def test_i_do_not_know_is_an_answer_of_which_nobody_is_sure():
    app = press(open_app(PAGE), f"open_{FIRST.id}")
    app.radio(key=f"answer_{FIRST.id}_1").set_value("x").run()
    assert not app.button(key="lesson_next").disabled
    assert f"sure_{FIRST.id}_1" not in [c.key for c in app.segmented_control]


def test_a_prediction_stands_once_one_has_looked():
    asked = [i for i, step in enumerate(FIRST.steps, 1) if step.question]
    given = "_".join(f"{i}a0" for i in asked[:2])
    app = open_app(PAGE, lesson=FIRST.id, answers=given)
    assert app.radio(key=f"answer_{FIRST.id}_1").disabled
    assert "your prediction stands" in words(app)


def test_answers_stay_while_one_looks_at_another_page():
    app = press(open_app(PAGE), f"open_{FIRST.id}")
    app.radio(key=f"answer_{FIRST.id}_1").set_value("b").run()
    app.switch_page("pages/explore/home.py").run()
    app.switch_page(PAGE).run()
    assert app.radio(key=f"answer_{FIRST.id}_1").value == "b"
    press(app, "lessons_all")
    assert "1 of" in words(app)


@pytest.mark.parametrize(
    "link",
    [
        {"lesson": "nobody"},
        {"lesson": FIRST.id, "step": "98"},
        {"lesson": FIRST.id, "step": "0"},
        {"lesson": FIRST.id, "answers": "1h3_2a0"},
        {"lesson": FIRST.id, "answers": "<b>"},
        {"lesson": "../../etc", "step": "two"},
    ],
)
def test_a_strange_link_is_calm(link):
    assert_calm(open_app(PAGE, **link))


def test_a_broken_lesson_of_a_teacher_is_told_of_and_the_others_are_there(tmp_path, monkeypatch):
    monkeypatch.setenv(catalogue.LESSONS_VARIABLE, str(tmp_path))
    (tmp_path / "mine.en.md").write_text("---\ntitle: Mine\n", encoding="utf-8")
    app = open_app(PAGE)
    assert_calm(app)
    assert "mine.en.md, line 2" in words(app)
    assert FIRST.title in words(app)


def test_a_lesson_that_a_teacher_wrote_is_played(tmp_path, monkeypatch):
    monkeypatch.setenv(catalogue.LESSONS_VARIABLE, str(tmp_path))
    text = (
        "---\ntitle: Mine *and* yours\nmisconception: M\nminutes: 5\n---\n## explain: Kites\nFly."
    )
    (tmp_path / "mine.en.md").write_text(text, encoding="utf-8")
    app = open_app(PAGE, lesson="mine")
    assert_calm(app)
    assert "Fly." in words(app)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("id", [lesson.id for lesson in course("en").lessons])
def test_every_step_of_every_lesson_stands(id, lang):
    told = course(lang).lesson(id)
    app = open_app(PAGE, lesson=id, lang=lang, run=told.run, a=told.a)
    for at, step in enumerate(told.steps, 1):
        follow(app, step=str(at))
        assert_calm(app)
        assert step.title in words(app)


def in_link(app, *names):
    found = [app.query_params.get(name) for name in names]
    return tuple(f[0] if isinstance(f, list) else f for f in found)


def test_another_language_brings_run_and_sentences_of_its_own_lesson_unless_one_wrote_a_sentence():
    english, chinese = (course(spoken).lesson("walk") for spoken in ("en", "zh"))
    app = press(open_app(PAGE), "open_walk")
    assert in_link(app, "run", "a", "b") == english.scene
    app.sidebar.get("button_group")[0].set_value("zh").run()
    assert_calm(app)
    assert in_link(app, "run", "a", "b") == chinese.scene
    app.sidebar.get("button_group")[0].set_value("en").run()
    assert in_link(app, "run", "a", "b") == english.scene
    own = "We will play the gentle song."
    app = open_app(PAGE, lesson="walk", run="factors", a=own, lang="zh")
    assert_calm(app)
    assert in_link(app, "run", "a") == ("factors", own)


def test_sentences_of_a_lesson_are_not_given_to_a_run_that_somebody_chose_instead():
    app = open_app(PAGE, lesson="walk", run="factors", lang="zh", step="2")
    assert_calm(app)
    assert in_link(app, "run", "a", "b") == ("factors", None, None)


def test_a_vae_and_an_autoencoder_that_were_trained_here_are_shown_beside_each_other():
    for setting in points.settings():
        made = begun(setting, live.training(setting).vectors)
        made.config = replace(made.config, epochs=2)
        made.advance()
        vector_file.keep(made, live.file_of(setting))
    lesson = course("en").lesson("beside")
    step = next(i for i, s in enumerate(lesson.steps, 1) if s.view and s.view.name == "points")
    app = open_app(PAGE, lesson=lesson.id, step=str(step))
    assert_calm(app)
    assert "What comes back, and what is made up?" in words(app)
    assert "if it had to pay" in words(app)


def test_beta_decides_which_of_two_models_training_would_rather_have():
    app = open_app(PAGE, lesson="beta", step="2", beta="1")
    assert_calm(app)
    assert "training would rather have **factors-collapsed**" in words(app)
    app = open_app(PAGE, lesson="beta", step="2", beta="0.85")
    assert "training would rather have **factors**" in words(app)


def test_the_formula_of_a_page_adds_up_to_the_loss_of_the_model():
    seen = xray(resources.explorer("factors"), FIRST.a, torch.Generator().manual_seed(0))
    for beta in (1.0, 0.5):
        told = formula.told(Worked(seen, beta), [""] * 25)
        rate = sum(row["kl"] for row in told["rows"]) + told["others"]
        for draw, costs in enumerate(told["costs"]):
            loss = seen.losses[draw] + (beta - 1) * seen.rate
            assert sum(costs) + beta * rate == pytest.approx(float(loss), abs=1e-5)
            for row in told["rows"]:
                z = row["mu"] + math.exp(0.5 * row["logvar"]) * row["eps"][draw]
                assert row["z"][draw] == pytest.approx(z, abs=1e-5)
                kl = 0.5 * (row["mu"] ** 2 + math.exp(row["logvar"]) - row["logvar"] - 1)
                assert row["kl"] == pytest.approx(kl, abs=1e-5)


def test_a_handout_is_made_of_what_the_learner_has_set_and_answered():
    answered = {1: Answer("a", 2)}
    chosen = {"a": "Emma ate the soup.", "seed": 3, "z": (0.0, 1.0)}
    first = printed.made(FIRST, "factors", {2: chosen}, 2, answered, "http://here/lesson")
    assert "Your sentence: Emma ate the soup." in first
    assert f"☒</span> <span>{FIRST.steps[0].question.choices[0].text}" in first
    assert "seed 3" in first
    # What comes after the next prediction would tell it.
    assert FIRST.steps[-3].body[:30] not in first


def test_the_lesson_offers_its_handout():
    app = open_app(PAGE, lesson="beta", beta="0.5", answers="1a2")
    assert_calm(app)
    assert [b for b in app.get("download_button") if b.proto.label == "Handout"]
