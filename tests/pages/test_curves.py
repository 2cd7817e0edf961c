"""Curves say what a run recorded: one colour a meaning, runs told apart by more than colour."""

import base64
import json

import numpy as np
import pytest

from pages.common.components.curves.panels import (
    DASHES,
    MOST_POINTS,
    Run,
    elbo,
    information,
    losses,
    message,
    rates,
)
from vae import colours
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
    return [*losses(runs), *elbo(runs), *rates(runs), *information(runs)]


def test_a_loss_has_the_colour_of_its_meaning_and_its_unit():
    panels = {p.id: p for p in losses([run()])}
    assert list(panels) == ["distortion", "rate", "beta"]
    for name, panel in panels.items():
        assert panel.colour == colours.MEANINGS[name]
    assert panels["rate"].title == "rate, nats"
    assert [line.label for line in panels["rate"].lines] == ["training", "validation"]


def test_what_was_changed_in_mid_run_is_marked_in_every_curve():
    for panel in all_panels([run()]):
        texts = [mark["text"] for mark in panel.marks]
        assert "beta 0.2 from step 50" in texts
        assert "decoder reset from step 60" in texts


def test_the_weights_that_were_kept_are_marked_in_the_elbo_alone():
    assert {"x": 60, "text": "kept"} in elbo([run()])[0].marks
    assert all(mark["text"] != "kept" for p in losses([run()]) for mark in p.marks)


def test_mutual_information_stands_under_its_ceiling_and_units_under_their_number():
    units, nats = information([run()])
    assert units.levels == [{"y": 2, "text": "all 2"}]
    assert nats.levels == [{"y": 6.91, "text": "ceiling of the estimator, 6.91"}]


def test_the_heat_map_has_the_highest_final_rate_on_top():
    [panel] = rates([run()])
    cells = np.frombuffer(base64.b64decode(panel.heat.cells), dtype=np.uint8).reshape(2, 2)
    assert panel.heat.dims == [1, 0]
    assert panel.heat.most == 3.0
    np.testing.assert_allclose(cells / 255 * 3, [[2.0, 3.0], [0.1, 1.0]], atol=0.01)


def test_heat_maps_of_several_runs_share_their_scale():
    collapsed = run("collapsed", [validation(40, -45.0, [0.01, 0.02])])
    panels = rates([run(), collapsed])
    assert [p.heat.most for p in panels] == [3.0, 3.0]
    assert max(base64.b64decode(panels[1].heat.cells)) < 5


def test_several_runs_differ_in_colour_dash_shape_and_name():
    names = [f"run {i}" for i in range(len(colours.LABELS))]
    runs = [run(name) for name in names]
    told = message(losses(runs), runs, group="g", alt="")["runs"]
    for trait in ("name", "colour", "dash", "shape"):
        assert len({str(t[trait]) for t in told}) == len(names)
    assert len(DASHES) == len(colours.LABELS)
    marks = losses(runs[:2])[0].marks
    assert {"x": 50, "text": "run 1: beta 0.2 from step 50"} in marks


def test_one_axis_reaches_to_the_last_step_of_the_longest_run():
    runs = [run("short", EVENTS[:2]), run("long")]
    assert message(losses(runs), runs, group="g", alt="")["extent"] == [0, 60]


def test_a_long_run_is_sent_thinned_and_small():
    events = [step(20 * i, distortion=50 + np.sin(i)) for i in range(1, 5_001)]
    long = run("long", events)
    panels = losses([long])
    assert all(len(line.x) <= MOST_POINTS for panel in panels for line in panel.lines)
    sent = json.dumps(message(panels, [long], group="g", alt=""), allow_nan=False)
    assert len(sent) < 25_000


def test_what_is_not_a_number_is_a_gap():
    events = [step(20), step(40, rate=float("nan")), step(60, distortion=float("inf"))]
    told = message(losses([run("m", events)]), [run("m", events)], group="g", alt="")
    assert json.dumps(told, allow_nan=False)
    assert told["panels"][1]["lines"][0]["y"] == [2.0, None, 2.0]


@pytest.mark.parametrize("events", [[], [{"event": "step", "step": 1}]])
def test_curves_of_a_run_that_has_just_begun_are_empty_and_not_broken(events):
    new = run("new", events)
    told = message(all_panels([new]), [new], group="g", alt="")
    assert told["extent"] == [0, 1]
    assert json.dumps(told)
