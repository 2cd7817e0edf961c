"""Dimensions: dials, their previews, and where they start."""

import base64
import json

import numpy as np

from pages.common import resources
from tests.pages.support import assert_calm, open_app
from vae import studies
from vae.browser import digest, pack

PAGE = "pages/explore/dimensions.py"


def walk(app):
    """What the component was sent."""
    component = next(c for c in app.get("bidi_component") if "slider" in c.proto.component_name)
    return json.loads(component.proto.json)


def test_the_eight_most_informative_dimensions_come_first():
    data = walk(open_app(PAGE))
    ranking = resources.informative("factors")
    assert [line["id"] for line in data["lines"]] == [str(d) for d in ranking.order[:8]]
    nats = [float(line["note"].split()[0]) for line in data["lines"]]
    assert nats == sorted(nats, reverse=True)
    explorer = resources.explorer("factors")
    study = studies.read(explorer.run, "dimensions")
    assert ranking.sample.values["n"] == (study["n"] if study else len(explorer.atlas))


def test_every_dial_shows_both_its_ends():
    for line in walk(open_app(PAGE))["lines"]:
        assert len(line["points"]) == len(resources.SWEEP)
        assert line["low"]["pieces"] == line["points"][0]["pieces"]
        assert line["high"]["pieces"] == line["points"][-1]["pieces"]


def test_all_dimensions_on_request():
    app = open_app(PAGE)
    app.toggle(key="all_dimensions").set_value(True).run()
    assert_calm(app)
    assert len(walk(app)["lines"]) == resources.explorer("factors").latent_dim


def test_the_dials_stand_where_the_sentence_is():
    data = walk(open_app(PAGE, a="She loves cooking the delicious curry."))
    z = resources.explorer("factors").encode(["She loves cooking the delicious curry."]).mean[0]
    for line in data["lines"]:
        value = max(-3.0, min(3.0, float(z[int(line["id"])])))
        assert abs(-3 + 0.25 * line["at"] - value) <= 0.00125 + 1e-6


def test_a_browser_that_decodes_is_told_where_every_dial_leads():
    data = walk(open_app(PAGE, a="She loves cooking the delicious curry."))
    explorer = resources.explorer("factors")
    z = explorer.encode(["She loves cooking the delicious curry."]).mean[0]
    assert data["decoder"] == digest(pack(explorer))
    for line in data["lines"]:
        for end, value in (("low", -3.0), ("high", 3.0)):
            wanted = z.clone()
            wanted[int(line["id"])] = value
            told = np.frombuffer(base64.b64decode(line["way"][end]), "<f4")
            np.testing.assert_array_equal(told, wanted.numpy())


def test_a_random_draw_is_that_of_its_seed():
    one, same, other = (walk(open_app(PAGE, **{"from": "prior", "seed": s})) for s in "334")
    assert one == same
    assert one["now"] != other["now"]


def test_drawing_again_counts_the_seed_up():
    app = open_app(PAGE, **{"from": "prior", "seed": "5"})
    next(b for b in app.button if b.label == "Draw again").click().run()
    assert app.number_input(key="seed_dimensions").value == 6


def test_zero_is_the_middle_of_every_dial():
    lines = walk(open_app(PAGE, **{"from": "zero"}))["lines"]
    assert {line["at"] for line in lines} == {len(resources.SWEEP) // 2}


def test_the_current_point_becomes_an_end_of_the_walk():
    app = open_app(PAGE, **{"from": "zero"})
    app.button(key="use_as_b").click().run()
    assert_calm(app)
    assert "zb" in app.query_params
    app.switch_page("pages/explore/interpolate.py").run()
    assert_calm(app)
    assert app.button(key="type_b")


def test_reset_goes_back_to_the_start():
    app = open_app(PAGE, **{"from": "zero"})
    app.button(key="use_as_a").click().run()
    app = open_app(PAGE, z=_link_value(app, "za"))
    reset = next(b for b in app.button if b.label == "Reset the dials")
    assert not reset.disabled
    reset.click().run()
    assert "z" not in app.query_params


def test_a_new_start_lets_go_of_the_turned_dials():
    app = open_app(PAGE, **{"from": "zero"})
    app.button(key="use_as_a").click().run()
    app = open_app(PAGE, z=_link_value(app, "za"))
    app.text_input(key="a_dimensions").set_value("We went to the beach.").run()
    assert "z" not in app.query_params


def _link_value(app, name):
    value = app.query_params[name]
    return value[0] if isinstance(value, list) else value
