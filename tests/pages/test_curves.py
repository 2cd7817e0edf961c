"""Curves say what a run recorded: one colour a meaning, runs told apart by more than colour."""

import base64
import json

import numpy as np
import pytest

from pages.common.components.curves.payload import DASHES, payload
from vae import colours
from vae.figures.curves import LEAST, PLOTLY_DASHES, Level, Mark, Run
from vae.figures.training import MOST_POINTS, elbo, information, losses, rates, training
from vae.runs.history import history


def step(at: int, **more: object) -> dict:
    values = {"distortion": 50.0 - at / 100, "rate": 2.0, "beta": 0.5}
    return {"event": "step", "step": at, **values, **more}


def validation(at: int, elbo: float, rates: list[float], **more: object) -> dict:
    return {
        "event": "validation",
        "step": at,
        "elbo": elbo,
        "train_elbo": elbo - 1,
        "distortion": 40.0,
        "rate": sum(rates),
        "rate_per_dimension": rates,
        "active_units": 2,
        "mutual_information": 3.0,
        "mutual_information_ceiling": 6.9078,
        "best": False,
        **more,
    }


EVENTS = [
    step(20),
    step(40),
    validation(40, -45.0, [0.1, 2.0]),
    {"event": "steer", "step": 50, "changes": {"beta": 0.2}},
    {"event": "phase", "step": 60, "phase": "decoder reset"},
    step(60),
    validation(60, -40.0, [1.0, 3.0], best=True),
]


def run(name: str = "mine", events: list[dict] = EVENTS) -> Run:
    return Run(name, history(events), 2)


def all_panels(runs: list[Run]) -> list:
    return [panel for found in training(runs) for panel in found.panels]


def test_a_loss_has_the_colour_of_its_meaning_and_its_unit():
    panels = {p.id: p for p in losses([run()]).panels}
    assert list(panels) == ["distortion", "rate", "beta"]
    for name, panel in panels.items():
        assert panel.colour == colours.MEANINGS[name]
    assert panels["rate"].title == "rate, nats"
    assert [line.label for line in panels["rate"].lines] == ["training", "validation"]


def test_what_was_changed_in_mid_run_is_marked_in_every_curve():
    for panel in all_panels([run()]):
        texts = [mark.text for mark in panel.marks]
        assert "beta 0.2 from step 50" in texts
        assert "decoder reset from step 60" in texts


def test_the_weights_that_were_kept_are_marked_in_every_curve():
    assert Mark(60, "kept") in elbo([run()]).panels[0].marks
    for found in training([run()]):
        assert all(Mark(60, "kept") in panel.marks for panel in found.panels), found.name


def test_mutual_information_stands_under_its_ceiling_and_units_under_their_number():
    units, nats = information([run()]).panels
    assert units.levels == [Level(2, "all 2")]
    ceiling, falls_short = nats.levels
    assert ceiling == Level(6.91, "ceiling of the estimator, 6.91")
    assert (falls_short.y, falls_short.text) == (pytest.approx(3.455), "over 3.46: at least")


def test_the_heat_map_has_the_highest_final_rate_on_top():
    [panel] = payload(rates([run()]), "g")["panels"]
    heat = panel["heat"]
    cells = np.frombuffer(base64.b64decode(heat["cells"]), dtype=np.uint8).reshape(2, 2)
    assert heat["dims"] == [1, 0]
    assert heat["most"] == 3.0
    assert heat["least"] == LEAST == 0.01
    nats = LEAST * (3.0 / LEAST) ** ((cells - 1.0) / 254)
    np.testing.assert_allclose(nats, [[2.0, 3.0], [0.1, 1.0]], rtol=0.02)


def test_heat_maps_of_several_runs_share_their_scale():
    collapsed = run("collapsed", [validation(40, -45.0, [0.005, 0.01])])
    heats = [p["heat"] for p in payload(rates([run(), collapsed]), "g")["panels"]]
    assert [heat["most"] for heat in heats] == [3.0, 3.0]
    assert set(base64.b64decode(heats[1]["cells"])) == {1}


def test_where_a_dimension_was_cut_off_there_is_no_cell():
    found = rates([run("cut", [validation(20, -47.0, [1.0, 3.0]), validation(40, -45.0, [2.0])])])
    [panel] = payload(found, "g")["panels"]
    cells = np.frombuffer(base64.b64decode(panel["heat"]["cells"]), dtype=np.uint8).reshape(2, 2)
    assert panel["heat"]["dims"] == [0, 1]
    assert (cells == 0).tolist() == [[False, False], [False, True]]
    assert "cut off" in found.caption
    assert "cut off" not in rates([run()]).caption
    units, _nats = information([run("cut", found.runs[0].history.validations)]).panels[:2]
    assert [level.text for level in units.levels] == ["all 1", "all 2"]


def test_several_runs_differ_in_colour_dash_shape_and_name():
    names = [f"run {i}" for i in range(len(colours.LABELS))]
    runs = [run(name) for name in names]
    told = payload(losses(runs), "g")["runs"]
    for trait in ("name", "colour", "dash", "shape"):
        assert len({str(t[trait]) for t in told}) == len(names)
    assert len(DASHES) == len(PLOTLY_DASHES) == len(colours.LABELS)
    marks = losses(runs[:2]).panels[0].marks
    assert Mark(50, "run 1: beta 0.2 from step 50") in marks


def test_one_axis_reaches_to_the_last_step_of_the_longest_run():
    runs = [run("short", EVENTS[:2]), run("long")]
    assert payload(losses(runs), "g")["extent"] == [0, 60]


def test_a_long_run_is_sent_thinned_and_small():
    events = [step(20 * i, distortion=50 + np.sin(i)) for i in range(1, 5_001)]
    long = run("long", events)
    found = losses([long])
    assert all(len(line.x) <= MOST_POINTS for panel in found.panels for line in panel.lines)
    sent = json.dumps(payload(found, "g"), allow_nan=False)
    assert len(sent) < 25_000


def test_what_is_not_a_number_is_a_gap():
    events = [step(20), step(40, rate=float("nan")), step(60, distortion=float("inf"))]
    told = payload(losses([run("m", events)]), "g")
    assert json.dumps(told, allow_nan=False)
    assert told["panels"][1]["lines"][0]["y"] == [2.0, None, 2.0]


@pytest.mark.parametrize("events", [[], [{"event": "step", "step": 1}]])
def test_curves_of_a_run_that_has_just_begun_are_empty_and_not_broken(events):
    new = run("new", events)
    told = [payload(found([new]), "g") for found in (losses, elbo, rates, information)]
    assert all(each["extent"] == [0, 1] for each in told)
    assert json.dumps(told)


@pytest.mark.parametrize("runs", [[run()], [run("a"), run("b", EVENTS[:3]), run("c", [])]])
def test_the_figure_shows_the_panels_of_the_page_in_the_same_words_and_colours(runs):
    for found in training(runs):
        figure = found.figure()
        texts = [a.text for a in figure.plot.layout.annotations]
        assert {f"<b>{panel.title}</b>" for panel in found.panels} <= set(texts)
        assert figure.caption == found.caption
        lines = [line for panel in found.panels for line in panel.lines]
        drawn = [trace for trace in figure.plot.data if trace.type == "scatter"]
        assert [list(trace.x) for trace in drawn] == [list(line.x) for line in lines]
        if len(runs) == 1:
            kept = [panel.colour for panel in found.panels for _ in panel.lines]
            assert [trace.line.color for trace in drawn] == kept
        assert len(figure.table())
        assert figure.plot.to_json()


def test_a_figure_without_its_first_updates_still_starts_at_zero():
    found = losses([run("long", [step(i, distortion=1000.0 / i) for i in range(1, 200)])])
    low, high = found.figure().plot.layout.yaxis.range
    assert low == 0
    assert high < 150


def test_the_browser_gets_every_word_with_the_data():
    told = payload(losses([run()]), "g")
    assert told["words"]["all"] == "Show all steps"
    assert told["panels"][1]["unit"] == "{value} nats"
    assert told["panels"][0]["alt"].startswith("distortion, nats. Distortion, rate and beta")
