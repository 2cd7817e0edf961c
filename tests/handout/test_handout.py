"""A handout is one silent file: the learner's own answers and figures, or room to write them."""

import re
from functools import cache

import pytest

from tests.report.support import HOSTILE, Markup, by_hand, plots
from vae import handout
from vae.course import Choice, Lesson, Question, Step, View, course
from vae.course.answers import Answer
from vae.course.views import VIEWS
from vae.explorer import Explorer
from vae.handout.views import PLACES
from vae.i18n import speaking
from vae.runs.catalogue import find_run

LINK = "http://school:8501/lesson?lesson=loss&a=Why%3F"
OWN = "Emma ate the soup."
LOSS = course("en").lesson("loss")


@cache
def explorer() -> Explorer:
    return Explorer.load(find_run("factors"))


def made(lesson: Lesson, answers=None, **chosen) -> str:
    return handout.make(lesson, explorer(), handout.Chosen(**chosen), answers or {}, LINK)


@pytest.fixture(scope="module")
def own() -> str:
    return made(LOSS, {1: Answer("a", 2), 3: Answer("b", 3)}, a=OWN)


def test_every_view_that_a_lesson_may_name_is_on_paper_too():
    assert set(PLACES) == set(VIEWS)


def test_it_is_one_whole_file_that_asks_nothing_of_a_network(own):
    page = Markup(own)
    assert len(page.ids) == len(set(page.ids))
    text = by_hand(own).replace(LINK.replace("&", "&amp;"), "")
    text = re.sub(r"http://www\.w3\.org/[\w/]+", "", text)  # the names of SVG and MathML
    assert not re.search(r"""https?:|(?:src|href)\s*=\s*["'](?!\#|")|url\((?!\#)|@import""", text)
    assert not re.search(r"fetch\(|XMLHttpRequest|import\(|sendBeacon|WebSocket", text)
    assert "default-src 'none'" in own
    assert by_hand(own).count('href="http') == 1  # the way back, which nothing follows by itself


def test_it_holds_what_the_learner_has_said_and_the_figures_of_the_learners_sentence(own):
    said = Markup(own).said
    first, seen = LOSS.steps[0].question, LOSS.steps[2].question
    assert f"☒ {first.choices[0].text}" in said
    assert f"☒ {seen.choices[1].text}" in said
    assert "You were: fairly sure." in said
    assert f"You predicted {first.choices[0].text} it is otherwise" in said
    assert f"You saw {seen.choices[1].text} as it is" in said
    assert f"Your sentence: {OWN}" in said
    # The numbers of the formula add up, and are those of this sentence.
    costs = [sum(piece["x"]) for piece in plots(own)["loss-2"]["data"]]
    assert sum(costs) == pytest.approx(_loss(own), abs=0.051)
    assert plots(own)["loss-2"] != plots(made(LOSS))["loss-2"]


def test_each_step_shows_the_figure_as_it_was_set_there():
    lesson = course("en").lesson("beta")
    first, second = (handout.Chosen(beta=beta) for beta in (1.0, 0.75))
    by_step = {2: first, 3: first, 6: second, 7: second}
    said = Markup(handout.make(lesson, explorer(), second, {}, "", by_step=by_step)).said
    assert "At β = 1.00 training would rather have factors-collapsed" in said
    assert "At β = 0.75 training would rather have factors :" in said
    assert said.count("What you see stands at step 2.") == 1
    assert said.count("What you see stands at step 6.") == 1
    strange = handout.Chosen(a="Ate Emma soup the.")
    text = handout.make(LOSS, explorer(), handout.Chosen(a=OWN), {}, "", by_step={6: strange})
    assert {"loss-2", "loss-6"} <= set(plots(text))
    assert "Your sentence: Ate Emma soup the." in Markup(text).said


def _loss(text: str) -> float:
    return float(re.search(r"What is the loss made of\? ([\d.]+) nats", text)[1])


def test_what_is_not_answered_has_room_to_write(own):
    assert own.count('class="lines"') == 3  # two questions of the second half, one at the end
    assert "☐" in own


def test_a_learner_half_way_is_not_told_what_comes_after_the_next_prediction():
    answers = {1: Answer("a", 2), 3: Answer("b", 3)}
    steps = handout.reached(LOSS, answers)
    assert LOSS.steps[steps - 1].kind == "predict"
    assert steps not in answers
    text = handout.make(LOSS, explorer(), handout.Chosen(), answers, "", steps=steps)
    said = Markup(text).said
    assert "The loss is the sum of two bills" in said
    assert "evidence lower bound, the ELBO. Whoever" not in said
    assert handout.reached(LOSS, {1: Answer("a"), 5: Answer("x")}) == len(LOSS.steps)


def test_a_blank_one_tells_no_answer_and_needs_no_run():
    for language in ("en", "zh"):
        with speaking(language):
            for lesson in course(language).lessons:
                text = handout.blank(lesson, LINK)
                said = Markup(text).said
                assert "☒" not in text
                assert len(text) < 100_000  # for thirty, without what draws
                assert "<svg" in text
                for step in lesson.steps:
                    assert step.title in said
                    for choice in step.question.choices if step.question else ():
                        assert choice.text in said
                        assert not choice.why or choice.why not in said


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_words_of_the_field_are_explained(language):
    with speaking(language):
        said = Markup(handout.blank(course(language).lesson("loss"), "")).said
    assert {"en": "The evidence lower bound: minus distortion", "zh": "变分下界"}[language] in said


def test_whatever_a_person_writes_is_text():
    formulas = r"$\text{<script>alert(2)</script>}$ $\href{javascript:a}{x}$ $\text{<b onclick=a>}$"
    evil = f"{HOSTILE} {formulas} ![p](x.png) [l](javascript:a)"
    question = Question(HOSTILE, (Choice(HOSTILE, True, HOSTILE), Choice("b", False)))
    lesson = Lesson(
        "mine",
        HOSTILE,
        HOSTILE,
        5,
        (Step("predict", HOSTILE, evil, None, question), Step("do", "D", "", View("sentence"))),
    )
    for text in (
        made(lesson, {1: Answer("b", 1)}, a=OWN + " </script>"),
        handout.blank(lesson, HOSTILE),
    ):
        page = Markup(text)
        assert page.of("img") == []
        assert all(
            not name.startswith("on") for _tag, attributes in page.tags for name in attributes
        )
        assert all("javascript" not in (a["href"] or "") for a in page.of("a"))
        assert len(page.of("script")) == by_hand(text).count("</script>")
        assert "alert(1)" in page.said


def test_a_view_that_cannot_be_made_is_said_to_be_and_the_rest_is_there():
    lesson = Lesson(
        "m", "T", "M", 5, (Step("do", "D", "Body.", View("article")), Step("explain", "E", "Why."))
    )
    said = Markup(made(lesson)).said
    assert "open the lesson for it" in said
    assert "Why." in said
