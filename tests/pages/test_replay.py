"""A replay tells what a run kept: points on one scale, labels as colours, sentences by step."""

import base64

import numpy as np
import pytest

from pages.train._training.replay.colourings import RANGES, colourings
from pages.train._training.replay.story import MOST_FRAMES, story
from vae import colours
from vae.latent.timeline import Timeline
from vae.runs.history import history

FACTS = {"name": "mine", "corpus": {"examples": ["The cat sat.", "A dog ran."]}}


def timeline(frames: np.ndarray | None = None, **labels: tuple[str, ...]) -> Timeline:
    if frames is None:
        rng = np.random.default_rng(0)
        frames = rng.normal(size=(3, 6, 2)) * np.array([0.0, 0.5, 1.0])[:, None, None]
    n = frames.shape[1]
    return Timeline(
        steps=tuple(100 * i for i in range(len(frames))),
        frames=frames.astype(np.float32),
        sentences=tuple(f"a sentence {'very ' * i}long." for i in range(n)),
        labels=labels,
        explained=0.8,
        mean_rates=np.linspace(0, 2, len(frames), dtype=np.float32),
    )


def snapshot(step: int, back: list[str], **more: object) -> dict:
    said = {"reconstructions": back, "samples": ["A cat."]}
    return {"event": "snapshot", "step": step, **said, **more}


def frames_of(told: dict) -> np.ndarray:
    raw = np.frombuffer(base64.b64decode(told["frames"]), dtype="<u2").astype(float)
    points = (raw / 65_535 - 0.5) * 2 * told["scale"]
    return points.reshape(len(told["steps"]), told["n"], 2)


def group_of(colouring: dict) -> list[str]:
    of = np.frombuffer(base64.b64decode(colouring["of"]), dtype=np.uint8)
    return [colouring["groups"][g]["label"] for g in of]


def test_points_arrive_where_they_lie():
    kept = timeline()
    told = story(kept, history([]), FACTS)
    np.testing.assert_allclose(frames_of(told), kept.frames, atol=told["scale"] / 30_000)


def test_a_collapsed_run_is_a_dot_within_the_circles_of_the_prior():
    told = story(timeline(np.full((2, 5, 2), 0.01)), history([]), FACTS)
    assert told["scale"] > 2
    assert np.ptp(frames_of(told)) < 1e-3


def test_wrong_words_are_marked_and_right_sentences_counted():
    events = [snapshot(0, ["", ""]), snapshot(100, ["The cat ran.", "A dog ran."])]
    told = story(timeline(), history(events), FACTS)
    early, late, last = told["snapshots"]
    assert early["summary"] == "Step 0: 0 of 2 sentences come back word for word."
    assert late["summary"] == "Step 100: 1 of 2 sentences come back word for word."
    assert ("ran", True) in late["back"][0]
    assert late["back"] == last["back"]


def test_an_interpolation_marks_what_changed_from_step_to_step():
    way = ["The cat sat.", "The dog sat.", "A dog sat."]
    events = [snapshot(0, [], interpolation=way)]
    between = story(timeline(), history(events), FACTS)["snapshots"][0]["between"]
    assert [[text for text, changed in line if changed] for line in between] == [[], ["dog"], ["A"]]


def test_a_run_of_an_earlier_version_has_no_interpolation_and_a_replay_all_the_same():
    told = story(timeline(), history([snapshot(0, ["x", "y"])]), FACTS)
    assert told["snapshots"][0]["between"] == []
    assert story(timeline(), history([]), FACTS)["snapshots"][0]["back"] == []


def test_the_same_story_has_the_same_id_and_another_snapshot_another():
    kept = timeline()
    first = story(kept, history([]), FACTS)
    assert story(kept, history([]), FACTS)["id"] == first["id"]
    longer = timeline(np.zeros((4, 6, 2)))
    assert story(longer, history([]), FACTS)["id"] != first["id"]


def test_a_run_of_very_many_snapshots_is_thinned_to_its_first_and_its_last():
    told = story(timeline(np.zeros((1_000, 2, 2))), history([]), FACTS)
    assert len(told["steps"]) == MOST_FRAMES
    assert (told["steps"][0], told["steps"][-1]) == (0, 99_900)


def test_labels_are_groups_with_a_colour_and_a_shape_of_their_own():
    told = story(
        timeline(tense=("past", "past", "present", "past", "future", "")), history([]), FACTS
    )
    by_tense = told["colourings"][0]
    assert group_of(by_tense) == ["past", "past", "present", "past", "future", "— no value"]
    assert len({g["colour"] for g in by_tense["groups"]}) == 4
    assert len({g["shape"] for g in by_tense["groups"]}) == 4
    assert [g["count"] for g in by_tense["groups"]] == [3, 1, 1, 1]
    assert told["first"] == 0


def test_many_values_leave_a_rest():
    kept = timeline(np.zeros((1, 30, 2)), name=tuple(f"v{i}" for i in range(30)))
    groups = colourings(kept)[0]["groups"]
    assert len(groups) == len(colours.LABELS)
    assert groups[-1]["rest"]
    assert groups[-1]["colour"] == colours.NEUTRAL


def test_numbers_are_ranges_that_rise_and_hold_everything():
    values = tuple(str(v) for v in [*range(40), 1_000])
    [by_year, _] = colourings(timeline(np.zeros((1, 42, 2)), year=(*values, "")))
    assert len(by_year["groups"]) == RANGES + 1
    assert by_year["groups"][-1]["label"] == "— no value"
    assert by_year["groups"][-1]["colour"] == colours.NEUTRAL
    assert sum(g["count"] for g in by_year["groups"]) == 42
    assert group_of(by_year)[0].startswith("0 to")
    assert group_of(by_year)[40].endswith("to 1000")


@pytest.mark.parametrize(
    "values", [("1", "1", "1", "1", "1", "1"), ("1", "2", "nan", "inf", "", "3")]
)
def test_few_numbers_are_names(values):
    [by, _] = colourings(timeline(year=values))
    assert group_of(by)[0] == "1"


def test_points_without_sentences_have_one_colour():
    bare = Timeline(steps=(0,), frames=np.zeros((1, 3, 2), np.float32), mean_rates=np.zeros(1))
    assert [c["name"] for c in colourings(bare)] == ["nothing"]
    assert story(bare, history([]), {"corpus": {}})["n"] == 3
