"""A sweep: its grid goes through the queue, and ends in the plane and a heat map."""

import json
import shutil

import pytest

from tests import fakes
from tests.diagnostics.test_clinic import evaluation
from tests.pages.support import assert_calm, open_app, said
from vae.runs import queue
from vae.runs.catalogue import runs_dir
from vae.runs.experiments import RunSpec, begin, experiment_names, read_experiment
from vae.runs.store import RunDirectory
from vae.runs.sweeps import cells, label, read_axis
from vae.training.presets import preset

PAGE = "pages/train/sweep.py"


def bars(app):
    """What stands on the progress bars."""
    return [bar.proto.text for bar in app.get("progress")]


@pytest.fixture(autouse=True)
def _own(tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_LENS_RUNS", str(tmp_path / "runs"))
    # Nothing is started: what is asked for waits.
    monkeypatch.setattr(queue, "_start", lambda run, command: False)


@pytest.fixture
def half():
    """Two by two runs, of which three have ended."""
    axes = [read_axis("beta", "0.1, 1"), read_axis("latent_dim", "4, 8")]
    asked = [
        RunSpec(f"sweep {label(cell)}", label(cell), (), cell)
        for cell in cells(axes, preset("quick"))
    ]
    details = {"axes": [{"setting": a.setting, "values": list(a.values)} for a in axes]}
    made = begin("sweep", "beta and latent dim", ["factors"], asked, details)
    for i, member in enumerate(made.members[:3]):
        run = RunDirectory(runs_dir() / member.run)
        run.write_json(
            "evaluation.json",
            fakes.earlier_evaluation(
                **evaluation(i + 1.0, 3, 1.0), distortion=14.0 - i, elbo=-15.0
            ),
        )
        run.write_json("status.json", {"state": "finished"})
    return made


def test_a_grid_goes_into_the_queue_in_its_order():
    app = open_app(PAGE)
    assert_calm(app)
    app.get_by_key("sweep_second").set_value("latent_dim").run()
    assert "Train 9 runs" in app.get_by_key("sweep_start").label
    app.get_by_key("sweep_start").click().run()
    assert_calm(app)
    [name] = experiment_names("sweep")
    assert len(read_experiment(name).members) == 9
    assert len(queue.waiting()) == 9
    assert "0 of 9 runs have ended" in bars(app)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ("1, 1.0", "twice"),
        ("-1", "at least 0"),
        ("much", "no number"),
        ("", "Give some values"),
        (", ".join(str(i) for i in range(26)), "too many"),
    ],
)
def test_what_cannot_be_swept_is_a_sentence_and_no_button(values, words):
    app = open_app(PAGE)
    app.get_by_key("sweep_first_values_beta").set_value(values).run()
    assert not app.exception
    assert words in said(app)
    with pytest.raises(KeyError):
        app.get_by_key("sweep_start")


def test_more_than_25_combinations_are_refused():
    app = open_app(PAGE)
    app.get_by_key("sweep_first_values_beta").set_value("1 2 3 4 5 6").run()
    app.get_by_key("sweep_second").set_value("seed").run()
    app.get_by_key("sweep_second_values_seed").set_value("0 1 2 3 4").run()
    assert "30 runs are too many" in said(app)


@pytest.mark.parametrize("measure", ["rate", "active units", "ELBO", "NLL", "mutual information"])
def test_what_has_ended_stands_in_the_plane_and_in_the_heat_map(half, measure):
    app = open_app(PAGE, sweep=half.name)
    app.get_by_key("sweep_measure").set_value(measure).run()
    assert_calm(app)
    assert "3 of 4 runs have ended" in bars(app)
    assert f"Where is the {measure} high?" in said(app)
    assert len(app.get("plotly_chart")) == 2
    assert app.dataframe[-1].value["rate (nats)"].isna().sum() == 1


def test_what_waits_can_be_cancelled(half):
    app = open_app(PAGE, sweep=half.name)
    app.get_by_key("sweep_stop").click().run()
    assert_calm(app)
    assert queue.waiting() == []


def test_runs_deleted_meanwhile_leave_a_gap(half):
    for member in half.members[:2]:
        shutil.rmtree(runs_dir() / member.run)
    app = open_app(PAGE, sweep=half.name)
    assert_calm(app)
    assert "deleted or renamed meanwhile" in said(app)


def test_a_damaged_evaluation_leaves_the_rest(half):
    (runs_dir() / half.members[0].run / "evaluation.json").write_text("{")
    assert_calm(open_app(PAGE, sweep=half.name))


def test_a_sweep_that_does_not_say_its_axes_is_a_sentence(half):
    path = runs_dir() / ".experiments" / f"{half.name}.json"
    stored = json.loads(path.read_text())
    stored["details"] = {"axes": 3}
    path.write_text(json.dumps(stored))
    app = open_app(PAGE, sweep=half.name)
    assert not app.exception
    assert "does not say what it went over" in said(app)


def test_a_sweep_that_is_not_here_opens_a_new_one():
    app = open_app(PAGE, sweep="sweep-1")
    assert not app.exception
    assert app.get_by_key("sweep_start")
