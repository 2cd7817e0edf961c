"""The collapse clinic: predict, start, watch, judge."""

import shutil

import pytest

from tests import fakes
from tests.diagnostics.test_clinic import COLLAPSED, evaluation
from tests.pages.support import assert_calm, open_app, said
from vae.runs import queue
from vae.runs.catalogue import runs_dir
from vae.runs.experiments import begin, experiment_names, read_experiment
from vae.runs.store import RunDirectory
from vae.training.clinic import clinic_pair
from vae.training.cures import CURES

PAGE = "pages/train/clinic.py"


def bars(app):
    """What stands on the progress bars."""
    return [bar.proto.text for bar in app.get("progress")]


@pytest.fixture(autouse=True)
def _own(tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_LENS_RUNS", str(tmp_path / "runs"))
    # Nothing is started: what is asked for waits.
    monkeypatch.setattr(queue, "_start", lambda run, command: False)


@pytest.fixture
def begun():
    """A pair that waits."""
    details = {
        "cure": "free-bits",
        "predictions": {"plain": "collapses", "cured": "cured", "likelihood": "better"},
    }
    return begin("clinic", "Free bits", ["factors"], clinic_pair("free-bits", 0), details)


@pytest.fixture
def ended(begun):
    """The same pair, trained and measured."""
    for member, measured in zip(
        begun.members, (COLLAPSED, evaluation(5.0, 12, 3.0, 17.0)), strict=True
    ):
        run = fakes.store_run(runs_dir() / member.run)
        for event in fakes.recorded():
            run.append_metric(event)
        run.write_json("evaluation.json", fakes.earlier_evaluation(**measured))
        run.write_json("status.json", {"state": "finished", "step": 14, "total_steps": 14})
    return begun


def test_both_predictions_come_before_the_start():
    app = open_app(PAGE)
    assert_calm(app)
    assert app.get_by_key("clinic_start").disabled
    for question, answer in (
        ("plain", "collapses"),
        ("cured", "cured"),
        ("likelihood", "worse"),
    ):
        app.get_by_key(f"clinic_predict_{question}").set_value(answer)
    app.run()
    assert not app.get_by_key("clinic_start").disabled
    app.get_by_key("clinic_start").click().run()
    assert_calm(app)
    [name] = experiment_names("clinic")
    assert read_experiment(name).details["predictions"]["likelihood"] == "worse"
    assert len(queue.waiting()) == 2
    assert bars(app) == [
        "This run waits; it is about to begin by itself.",
        "This run waits: second in line. It begins by itself in about 1 min.",
    ]


def test_a_second_clinic_says_its_place_and_minutes_before_and_after_its_start(begun):
    app = open_app(PAGE)
    meets = "A new run waits and begins by itself: it would be third in line, in about 2 min."
    assert meets in said(app)
    other = begin("clinic", "Free bits", ["factors"], clinic_pair("free-bits", 1), begun.details)
    app = open_app(PAGE, pair=other.name)
    assert_calm(app)
    assert bars(app) == [
        "This run waits: third in line. It begins by itself in about 2 min.",
        "This run waits: fourth in line. It begins by itself in about 2 min.",
    ]


@pytest.mark.parametrize("cure", CURES)
def test_every_cure_says_what_it_does_and_what_it_costs(cure):
    app = open_app(PAGE)
    app.get_by_key("clinic_cure").set_value(cure).run()
    assert_calm(app)
    assert str(CURES[cure].what) in said(app)
    assert str(CURES[cure].paper) in said(app)


def test_the_verdict_is_drawn_from_both_evaluations(ended):
    app = open_app(PAGE, pair=ended.name)
    assert_calm(app)
    text = said(app)
    assert "Cured: the rate is 5.00 nats" in text
    assert "you predicted: *better than the plain one's*. It came otherwise: *worse*" in text
    assert "you predicted: *fall to almost nothing*. So it came." in text
    assert "Rate 0.03 nats" in text.replace("\\", "")


def test_a_likelihood_that_cannot_be_told_grades_no_prediction(ended):
    measured = evaluation(5.0, 12, 3.0, 17.0, fall=0.5)
    RunDirectory(runs_dir() / ended.members[1].run).write_json(
        "evaluation.json", fakes.earlier_evaluation(**measured)
    )
    app = open_app(PAGE, pair=ended.name)
    assert_calm(app)
    text = said(app)
    assert "still falls by 0.50 nats with each doubling of K" in text
    assert "better than the plain one's*. From these measurements it cannot be told." in text


def test_an_earlier_pair_can_be_looked_at_again(ended):
    app = open_app(PAGE)
    assert_calm(app)
    app.get_by_key("clinic_experiment").set_value(ended.name).run()
    assert_calm(app)
    assert "Cured" in said(app)


def test_a_run_deleted_meanwhile_leaves_the_other(ended):
    shutil.rmtree(runs_dir() / ended.members[0].run)
    app = open_app(PAGE, pair=ended.name)
    assert_calm(app)
    assert "deleted or renamed meanwhile" in said(app)


@pytest.mark.parametrize("file", ["evaluation.json", "status.json", "config.json"])
def test_a_damaged_file_of_a_run_is_no_traceback(ended, file):
    (runs_dir() / ended.members[1].run / file).write_text("{")
    app = open_app(PAGE, pair=ended.name)
    assert_calm(app)


def test_an_evaluation_without_its_figures_is_a_sentence(ended):
    RunDirectory(runs_dir() / ended.members[1].run).write_json("evaluation.json", {"rate": 1.0})
    app = open_app(PAGE, pair=ended.name)
    assert not app.exception
    assert "cannot be read" in said(app)


def test_a_damaged_experiment_is_a_sentence(begun):
    (runs_dir() / ".experiments" / f"{begun.name}.json").write_text("{")
    app = open_app(PAGE, pair=begun.name)
    assert not app.exception
    assert "damaged" in said(app)


def test_a_failed_run_says_why_and_can_go_on(ended):
    run = RunDirectory(runs_dir() / ended.members[1].run)
    run.write_json("status.json", {"state": "failed", "message": "The disk is full."})
    app = open_app(PAGE, pair=ended.name)
    assert_calm(app)
    assert "disk is full" in said(app)
    assert app.get_by_key("clinic_resume")


def test_what_waits_can_be_stopped(begun):
    app = open_app(PAGE, pair=begun.name)
    app.get_by_key("clinic_stop").click().run()
    assert_calm(app)
    assert queue.waiting() == []


def test_a_full_queue_is_a_sentence_before_anything_starts(monkeypatch):
    monkeypatch.setattr(queue, "MOST_WAITING", 1)
    app = open_app(PAGE)
    for question, answer in (
        ("plain", "keeps"),
        ("cured", "not cured"),
        ("likelihood", "same"),
    ):
        app.get_by_key(f"clinic_predict_{question}").set_value(answer)
    app.run()
    app.get_by_key("clinic_start").click().run()
    assert not app.exception
    assert "more than the queue holds" in said(app)
    assert experiment_names("clinic") == []
