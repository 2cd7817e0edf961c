"""The tour: five pages, to be left and taken up, kept in the link."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.common import links
from pages.common.tour import STOPS


@pytest.fixture
def app():
    return AppTest.from_file(str(Path(__file__).parents[2] / "app.py"), default_timeout=60)


def said(app: AppTest) -> str:
    return "\n".join([*(c.value for c in app.caption), *(m.value for m in app.markdown)])


def test_a_link_can_hold_each_of_its_stops_and_no_other():
    assert len(STOPS) == links.STOPS_OF_TOUR
    assert [links.KINDS["tour"].read(str(at)) for at in range(1, 6)] == [1, 2, 3, 4, 5]
    for wrong in ("0", "6", "x", "²", "1.0"):
        with pytest.raises(links.UnfitError):
            links.KINDS["tour"].read(wrong)


def test_its_stops_are_pages_of_the_app():
    for stop in STOPS:
        assert Path(stop.page).is_file()
        assert Path(stop.page).stem == (stop.address or "home")


@pytest.mark.parametrize(("at", "stop"), list(enumerate(STOPS, 1)))
def test_each_stop_says_what_to_do_and_names_the_next(app, at, stop):
    app.query_params["tour"] = str(at)
    app.switch_page(stop.page).run()
    assert not app.exception
    assert f"Tour, {at} of 5: {stop.name}" in said(app)
    assert str(stop.text) in said(app)
    after = f"Next: {STOPS[at].name}" if at < len(STOPS) else "Finish: on to the lessons"
    assert app.button(key="tour_next").label == after
    back = [button.label for button in app.button if button.key == "tour_back"]
    assert back == ([f"Back: {STOPS[at - 2].name}"] if at > 1 else [])


def test_home_offers_it_to_who_is_not_on_it(app):
    app.run()
    assert "Tour, " not in said(app)
    assert app.button(key="tour_begin").label == "Take the tour: five pages in three minutes"


def test_who_leaves_it_goes_on_from_there(app):
    app.query_params["tour"] = "3"
    app.run()
    assert "The tour goes on at **Interpolate**." in said(app)
    app.button(key="tour_leave").click().run()
    assert "Tour, " not in said(app)
    assert "tour" not in app.query_params
    assert app.button(key="tour_begin").label == "Go on with the tour: 3 of 5"
