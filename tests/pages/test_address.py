"""The address of a page: who went back is followed, a rerun that still holds an old one is not."""

from tests.pages.support import assert_calm, follow, open_app
from vae.course import course

PAGE = "pages/learn/lesson.py"
FIRST = course("en").lessons[0]


def step_of(app) -> tuple[str, str]:
    """The step that the address names, and the title of the step that is shown."""
    told = app.query_params["step"]
    return (told[0] if isinstance(told, list) else told), app.header[0].value


def at(step: int) -> tuple[str, str]:
    return str(step), FIRST.steps[step - 1].title


def test_an_address_that_the_browser_had_not_changed_yet_is_no_way_back():
    app = open_app(PAGE, lesson=FIRST.id, step="4", answers="1a0_3a0")
    app.button(key="lesson_next").click().run()
    assert step_of(app) == at(5)
    # As a rerun that was sent before the browser had heard of the step.
    app.query_params["step"] = "4"
    app.run()
    assert_calm(app)
    assert step_of(app) == at(5)


def test_a_widget_that_the_browser_had_not_moved_yet_moves_nothing_back():
    app = open_app(PAGE, lesson=FIRST.id, step="4", answers="1a0_3a0")
    app.button(key="lesson_next").click().run()
    app.query_params["step"] = "4"
    app.segmented_control(key="step_lesson").set_value(4).run()
    assert step_of(app) == at(5)
    # What somebody moves before that is moved; and so is everything once the browser has heard.
    app.button(key="lesson_next").click().run()
    app.query_params["step"] = "5"
    app.segmented_control(key="step_lesson").set_value(2).run()
    assert step_of(app) == at(2)
    app.segmented_control(key="step_lesson").set_value(3).run()
    assert step_of(app) == at(3)


def test_there_and_back_again_before_the_browser_has_heard_is_back():
    app = open_app(PAGE, lesson=FIRST.id, step="4", answers="1a0_3a0")
    app.segmented_control(key="step_lesson").set_value(5).run()
    app.query_params["step"] = "4"
    app.segmented_control(key="step_lesson").set_value(4).run()
    assert step_of(app) == at(4)


def test_who_goes_back_sees_what_the_address_says():
    app = open_app(PAGE, lesson=FIRST.id, step="4", answers="1a0_3a0")
    app.button(key="lesson_next").click().run()
    follow(app, step="4")
    assert step_of(app) == at(4)
    follow(app, step="5")
    assert step_of(app) == at(5)
