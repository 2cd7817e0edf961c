"""What the page Meaning claims: no more than was measured."""

from dataclasses import replace

import pytest

from vae.diagnostics.bootstrap import Interval
from vae.diagnostics.probes import LabelProbe
from vae.diagnostics.samples import Sample
from vae.figures.left_out import left_out
from vae.figures.probes import probes_finding
from vae.figures.steering import steering_curves
from vae.latent.steering import Count, Curve
from vae.studies.directions_read import DirectionsStudy, LabelDirections, Probe, Steering
from vae.studies.effects import of_label
from vae.studies.probes import Probed


def probe(accuracy: float, majority: float) -> LabelProbe:
    sure = Interval(accuracy, accuracy - 0.02, accuracy + 0.02, 0.95, 500)
    return LabelProbe("categorical", "accuracy", 500, 2, majority, sure, sure, sure)


HELD_OUT = Probed(
    500, Sample("held-out", 40), 5, {"mood": probe(0.9, 0.5), "tense": probe(0.5, 0.5)}, {}
)


def test_a_label_that_no_probe_finds_is_not_said_to_be_read_off():
    said = probes_finding(HELD_OUT)
    assert said.startswith("Of 2 labels the worst, tense, is read off in 50.0% of held-out")
    assert "50.0% without the model" in said
    assert "All" not in said


def test_a_number_or_a_date_is_said_to_be_estimated_beside_its_control():
    sure, none = (Interval(v, v - 0.05, v + 0.05, 0.95, 500) for v in (0.62, -0.01))
    day = LabelProbe("numeric", "r2", 500, 90, 0.0, sure, sure, none)
    length = replace(day, linear=none)
    found = replace(HELD_OUT, labels={**HELD_OUT.labels, "day": day, "length (words)": length})
    said = "day, a measure, is estimated with an R² of 0.62 (0.57 to 0.67; −0.01 with shuffled"
    assert said in probes_finding(found)
    alone = replace(found, labels={"day": day, "stars": replace(day, linear=none)})
    assert probes_finding(alone).startswith("Of 2 measures the worst, stars, is estimated with")
    assert probes_finding(replace(found, labels={"length (words)": length})) == (
        "No label of categories can be probed."
    )


def test_sentences_of_the_training_are_not_called_held_out():
    everything = replace(HELD_OUT, which=Sample("any", 40))
    assert "of sentences (" in probes_finding(everything)


def test_what_is_left_out_is_said_or_counted():
    reasons = {f"label_{i}": "too *rare*." for i in range(8)}
    said = left_out(reasons)
    assert said.startswith("Left out: label_0 (too *rare*), ")
    assert said.endswith(", and 3 more.")
    assert left_out({"a": "b"}) == "Left out: a (b)."
    assert left_out({}) == ""


@pytest.mark.parametrize(("probes", "rightly"), [((Probe("mood", 0.7),), 0.7), ((), None)])
def test_a_flip_that_a_probe_read_comes_with_how_often_that_probe_is_right(probes, rightly):
    counted = Count("mood", 10, (0, 9))
    curve = Curve((0.0, 1.0), counted, counted, counted, counted, (), ())
    ends = ((0.0, 0.0), (1.0, 0.0))
    mood = LabelDirections(
        "mood", ("a", "b"), (9.0, 9.0), ends, ends, ("b",), (), (Steering("difference", curve),)
    )
    study = DirectionsStudy(900, 100, "probes", probes, (mood,), (), None)
    found = of_label(study, "mood", "difference")
    assert found is not None
    assert found.accuracy == rightly
    assert ("right in 70% of held-out" in steering_curves(found).caption) == (rightly is not None)
    beside = tuple(replace(probe, majority=0.65) for probe in probes)
    found = of_label(replace(study, probes=beside), "mood", "difference")
    assert ("commonest value would be in 65%" in steering_curves(found).caption) == bool(probes)
