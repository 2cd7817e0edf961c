"""Interpolate: the path, its film strip, its table."""

import json

import pytest
import torch

from pages.common import resources
from pages.common.components import decoder
from tests.pages.support import assert_calm, open_app, said
from vae.i18n.numbers import number
from vae.inference import log_prior
from vae.latent.interpolation import slerp

PAGE = "pages/explore/interpolate.py"
A, B = (
    "She loves cooking the delicious curry in her kitchen every weekend.",
    "We went to the beach.",
)


def walk(app):
    """What the component was sent."""
    component = next(c for c in app.get("bidi_component") if "slider" in c.proto.component_name)
    return json.loads(component.proto.json)


def test_the_slider_can_reach_every_step_without_the_server():
    data = walk(open_app(PAGE, a=A))
    (line,) = data["lines"]
    assert len(line["points"]) == 61
    assert line["at"] == 30
    said_at_start = "".join(text for text, _ in line["points"][0]["pieces"])
    assert said_at_start == A
    assert all("log p(z) = −" in p["readout"] and "nats" in p["readout"] for p in line["points"])


def test_the_link_sets_the_slider():
    assert walk(open_app(PAGE, t="0.25"))["lines"][0]["at"] == 15


def test_between_two_points_the_sentence_is_that_of_the_place():
    data = walk(open_app(PAGE, a=A, b=B, t="0.3375"))
    assert data["lines"][0]["at"] == 20.25
    explorer = resources.explorer("factors")
    a, b = explorer.encode([A, B]).mean
    z = slerp(a, b, torch.tensor([0.3375]))
    text = "".join(text for text, _ in data["now"]["pieces"])
    assert text == explorer.decode(z)[0]
    density = number(float(log_prior(z)), ".1f")
    assert data["now"]["readout"] == f"t = 0.34 · log p(z) = {density} nats"


def test_words_that_are_drawn_are_those_of_the_server():
    data = walk(open_app(PAGE, a=A, b=B, t="0.3375", decode="sampled"))
    assert data["lines"][0]["at"] == 20
    assert data["lines"][0]["way"] is None
    assert data["decoder"] == ""


def test_a_browser_is_told_how_to_write_a_place():
    way = walk(open_app(PAGE, a=A))["lines"][0]["way"]
    assert way["method"] == "slerp"
    assert way["readout"] == "t = {value:.2f} · log p(z) = {nats:.1f} nats"
    assert way["signs"] == ".−"


def test_without_a_decoder_for_the_browser_the_slider_stands_at_points(monkeypatch):
    monkeypatch.setattr("pages.common.components.decoder.can_run", lambda explorer: False)
    decoder._packed.clear()
    data = walk(open_app(PAGE, a=A, b=B, t="0.3375"))
    decoder._packed.clear()
    assert data["lines"][0]["at"] == 20
    assert data["lines"][0]["way"] is None


def test_changed_words_are_marked_and_only_they():
    line = walk(open_app(PAGE, a=A))["lines"][0]
    texts = ["".join(t for t, _ in p["pieces"]) for p in line["points"]]
    changes = [i for i in range(1, 61) if texts[i] != texts[i - 1]]
    assert line["ticks"] == changes
    assert changes
    first = line["points"][changes[0]]["pieces"]
    assert any(changed for _, changed in first)
    before = texts[0].lower()
    for text, changed in first:
        if changed and text.isalpha() and before.count(text.lower()) == 0:
            break
    else:
        raise AssertionError("no marked word is new")


def test_every_step_of_the_film_strip_runs_from_its_own_side():
    strip = next(h.proto.body for h in open_app(PAGE, a=A).get("html") if "<table" in h.proto.body)
    rows = strip.split("<tbody>")[1].split("<tr>")[1:]
    assert rows
    assert all(row.startswith('<td dir="auto"') for row in rows)


def test_lerp_and_slerp_walk_differently():
    one, other = (walk(open_app(PAGE, method=m))["now"]["readout"] for m in ("lerp", "slerp"))
    assert one != other


def test_sampling_is_the_same_for_the_same_seed():
    texts = [
        [p["pieces"] for p in walk(open_app(PAGE, decode="sampled", seed=s))["lines"][0]["points"]]
        for s in ("1", "1", "2")
    ]
    assert texts[0] == texts[1]
    assert texts[0] != texts[2]


def test_the_seed_is_shown_where_it_matters():
    app = open_app(PAGE)
    assert not app.number_input
    app.segmented_control(key="decode_interpolate").set_value("sampled").run()
    assert app.number_input(key="seed_interpolate").value == 0


def test_swapping_the_ends_swaps_the_inputs():
    app = open_app(PAGE)
    a, b = (app.text_input(key=f"{end}_interpolate").value for end in "ab")
    next(x for x in app.button if x.label == "Swap A and B").click().run()
    assert [app.text_input(key=f"{end}_interpolate").value for end in "ab"] == [b, a]


def test_the_film_strip_is_a_table_to_download():
    app = open_app(PAGE, a=A)
    assert_calm(app)
    assert "Download the film strip (CSV)" in [x.label for x in app.get("download_button")]
    tables = [e.proto.body for e in app.get("html")]
    assert any("log p(z), nats" in body and "repeats" in body for body in tables)


def test_an_unknown_word_is_named_for_its_end():
    assert "gandalf" in said(open_app(PAGE, b="Gandalf went home."))


def test_the_same_sentence_twice_is_no_fault():
    app = open_app(PAGE, a="Gandalf.", b="Gandalf.")
    assert_calm(app)


def test_a_point_can_be_an_end_and_let_go_again():
    import base64

    import numpy as np

    z = resources.explorer("factors").latent_dim
    code = base64.b64encode(np.zeros(z, "<f2").tobytes(), altchars=b"-_").decode()
    app = open_app(PAGE, za=code)
    assert_calm(app)
    app.button(key="type_a").click().run()
    assert_calm(app)
    assert app.text_input(key="a_interpolate").value
    assert "za" not in app.query_params


def test_a_point_of_another_space_is_not_used():
    app = open_app(PAGE, za="AAAA")
    assert_calm(app)
    assert app.text_input(key="a_interpolate").value


def test_an_empty_end_gets_a_sentence_back():
    app = open_app(PAGE)
    app.text_input(key="b_interpolate").set_value(" ").run()
    assert not app.exception
    assert "empty" in said(app)


def opened_waypoints(app):
    """The page with the points looked at."""
    app.session_state["link.open"] = ["trusted"]
    return app.run()


def test_the_points_are_looked_at_on_demand():
    app = open_app(PAGE, a=A, open="none")
    assert "nine of ten draws from the prior" not in said(app)
    app = opened_waypoints(app)
    assert_calm(app)
    table = app.dataframe[0].value
    assert len(table) == 11
    path = resources.explorer("factors").interpolate(
        A, app.text_input(key="b_interpolate").value, 11
    )
    assert table["norm"].tolist() == pytest.approx([float(p.z.norm()) for p in path], abs=1e-3)
    assert table["distance to re-encoded"].iloc[0] == pytest.approx(0, abs=1e-4)
    assert table["same again"].iloc[0]
    assert "Download 11 rows (CSV)" in [x.label for x in app.get("download_button")]


def test_points_without_a_map_say_what_is_not_available(unmapped):
    app = opened_waypoints(open_app(PAGE, run=unmapped, a=A))
    assert_calm(app)
    assert "distance to training sentences is not available" in said(app)
    assert "distance to training" not in app.dataframe[0].value
