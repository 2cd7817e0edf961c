"""What the page Meaning claims: no more than was measured."""

from dataclasses import replace

import pytest

from pages.common import controls
from pages.diagnose._meaning import steering_data
from pages.diagnose._meaning.reading import _what_is_read
from vae.diagnostics.bootstrap import Interval
from vae.diagnostics.probes import LabelProbe
from vae.diagnostics.samples import Sample
from vae.latent.steering import Counted, Curve
from vae.studies.directions_read import DirectionsStudy, LabelDirections, Probe, Steering
from vae.studies.probes import Probed


def probe(accuracy: float, majority: float) -> LabelProbe:
    sure = Interval(accuracy, accuracy - 0.02, accuracy + 0.02, 0.95, 500)
    return LabelProbe("categorical", "accuracy", 500, 2, majority, sure, sure, sure)


HELD_OUT = Probed(
    500, Sample("held-out", 40), 5, {"mood": probe(0.9, 0.5), "tense": probe(0.5, 0.5)}, {}
)


def test_a_label_that_no_probe_finds_is_not_said_to_be_read_off():
    said = _what_is_read(HELD_OUT)
    assert said.startswith("Of 2 labels the worst, tense, is read off in 50.0% of held-out")
    assert "50.0% without the model" in said
    assert "All" not in said


def test_sentences_of_the_training_are_not_called_held_out():
    everything = replace(HELD_OUT, which=Sample("any", 40))
    assert "of sentences (" in _what_is_read(everything)


def test_what_is_left_out_is_said_or_counted():
    reasons = {f"label_{i}": "too *rare*." for i in range(8)}
    said = controls.left_out(reasons)
    assert said.startswith(r"Left out: label\_0: too \*rare\*; ")
    assert said.endswith("; and 3 more.")
    assert controls.left_out({"a": "b"}) == "Left out: a: b."
    assert controls.left_out({}) == ""


@pytest.mark.parametrize(("probes", "rightly"), [((Probe("mood", 0.7),), 0.7), ((), None)])
def test_a_flip_that_a_probe_read_comes_with_how_often_that_probe_is_right(probes, rightly):
    counted = Counted("mood", 10, (0, 9))
    curve = Curve((0.0, 1.0), counted, counted, counted, counted, (), ())
    ends = ((0.0, 0.0), (1.0, 0.0))
    mood = LabelDirections(
        "mood", ("a", "b"), (9.0, 9.0), ends, ends, ("b",), (), (Steering("difference", curve),)
    )
    study = DirectionsStudy(900, 100, "probes", probes, (mood,), (), None)
    found = steering_data.measured(study, "mood", "difference")
    assert found is not None
    assert found.rightly == rightly
