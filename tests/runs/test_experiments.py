"""Runs that belong together: kept, queued in order, and found again whatever happened to them."""

import json
import shutil
import sys

import pytest

from tests import fakes
from vae.errors import UserError
from vae.runs import experiments, queue
from vae.runs.catalogue import runs_dir
from vae.runs.experiments import (
    RunSpec,
    advance_pair,
    begin,
    corpus_arguments,
    experiment_names,
    forget,
    read_experiment,
    settled,
)
from vae.runs.request import read_request
from vae.runs.store import RunDirectory

# A training process that lives until it is killed, and beats once.
STAND_IN = """
import json, sys, time
from pathlib import Path
from vae.cache import write_bytes
from vae.runs.process import ProcessRecord
run = Path(sys.argv[sys.argv.index("--out") + 1])
status = {"format_version": 1, "state": "running", "phase": "training", "step": 3, "message": "",
          **ProcessRecord.mine().to_json()}
write_bytes(run / "status.json", json.dumps(status).encode())
time.sleep(60)
"""


def stand_in(arguments):
    return [sys.executable, "-c", STAND_IN, *arguments]


def pair():
    return [RunSpec("clinic plain", "plain", ("--brief",)), RunSpec("clinic cured", "cured", ())]


@pytest.fixture(autouse=True)
def _own(tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_LENS_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("LATENT_LENS_CACHE", str(tmp_path / "cache"))
    yield
    for run in queue.training():
        queue.end(run)


@pytest.fixture
def begun():
    """A pair of which the first trains and the second waits."""
    corpus = ["factors", "--sentences", "500"]
    return begin("clinic", "Free bits", corpus, pair(), {"cure": "free-bits"}, stand_in)


def test_an_experiment_is_read_back_as_it_was_made(begun):
    assert read_experiment(begun.name) == begun
    assert experiment_names("clinic") == [begun.name]
    assert experiment_names("sweep") == []


def test_its_runs_are_asked_for_on_one_corpus_in_their_order(begun):
    first, second = (RunDirectory(runs_dir() / m.run) for m in begun.members)
    assert read_request(first).arguments == (
        *("train", "factors", "--out", str(first.path), "--sentences", "500", "--brief"),
    )
    assert (first.state(), second.state()) == ("running", "queued")
    assert not settled(begun)


def test_a_pair_may_train_at_once_without_changing_the_slots_of_the_queue(begun):
    assert [run.name for run in advance_pair(begun, stand_in)] == [begun.members[1].run]
    assert [m.state() for m in begun.members] == ["running", "running"]
    assert queue.slots() == 1


def test_a_pair_waits_for_a_run_of_somebody_else(begun):
    other = begin("clinic", "Another", ["factors"], pair(), {}, stand_in)
    assert advance_pair(other, stand_in) == []
    assert [m.state() for m in other.members] == ["queued", "queued"]


def test_a_run_that_was_deleted_meanwhile_is_gone_and_the_rest_stands(begun):
    queue.cancel(begun.members[1].directory)
    shutil.rmtree(runs_dir() / begun.members[1].run)
    assert [m.state() for m in read_experiment(begun.name).members] == ["running", "gone"]


def test_a_damaged_status_is_unknown(begun):
    (runs_dir() / begun.members[1].run / "status.json").write_text("{")
    assert begun.members[1].state() == "unknown"


def test_two_of_one_second_have_names_of_their_own(begun):
    other = begin("clinic", "Another", ["factors"], pair(), {}, stand_in)
    assert other.name != begun.name
    assert set(experiment_names("clinic")) == {begun.name, other.name}


def test_no_run_begins_where_the_queue_has_no_room_for_all(monkeypatch):
    monkeypatch.setattr(queue, "MOST_WAITING", 1)
    with pytest.raises(UserError, match="more than the queue holds"):
        begin("clinic", "Too many", ["factors"], pair(), {}, stand_in)
    assert experiment_names("clinic") == []
    assert queue.waiting() == []


@pytest.mark.parametrize(
    "damage",
    [
        "{",
        "[]",
        "{}",
        "[" * 100_000,
        '{"format_version": 9}',
        '{"format_version": 1, "kind": "clinic", "members": 3}',
    ],
)
def test_a_damaged_file_is_a_sentence(begun, damage):
    (runs_dir() / ".experiments" / f"{begun.name}.json").write_text(damage)
    with pytest.raises(UserError, match="damaged"):
        read_experiment(begun.name)


@pytest.mark.parametrize("run", ["../../etc", "/etc", "..", ".hidden", 3, ""])
def test_no_member_leads_out_of_the_runs(begun, run):
    path = runs_dir() / ".experiments" / f"{begun.name}.json"
    stored = json.loads(path.read_text())
    stored["members"][0]["run"] = run
    path.write_text(json.dumps(stored))
    with pytest.raises(UserError, match="damaged"):
        read_experiment(begun.name)


@pytest.mark.parametrize("name", ["", "clinic-1", "../x", "sweep-1/../../x", "clinic-1\n"])
def test_a_name_of_nothing_is_a_sentence(name):
    with pytest.raises(UserError, match="no experiment"):
        read_experiment(name)


def test_to_forget_an_experiment_leaves_its_runs(begun):
    forget(begun.name)
    assert experiment_names("clinic") == []
    assert all(m.directory is not None for m in begun.members)
    forget("../../anything")


def stored(folder, **source):
    run = fakes.store_run(folder)
    facts = run.read_json("config.json")
    facts["corpus"] = {**facts["corpus"], "source": source, "n_sentences": 900}
    run.write_json("config.json", facts)
    return run


def test_the_corpus_of_a_generated_run_is_asked_for_again(tmp_path):
    run = stored(tmp_path / "a", kind="factors", n=900, seed=0)
    assert corpus_arguments(run) == ["factors", "--sentences", "900"]
    assert corpus_arguments(run, 300) == ["factors", "--sentences", "300"]
    assert corpus_arguments(run, 6000) == ["factors", "--sentences", "900"]


def test_the_file_of_a_run_comes_with_its_columns(tmp_path):
    text = tmp_path / "talk.csv"
    text.write_text("said,who\n")
    run = stored(
        tmp_path / "a",
        kind="file",
        name="talk.csv",
        path=str(text),
        text_column="said",
        label_columns=["who", "when"],
        label_types={"who": "category", "when": "date"},
        split_column=None,
        max_words=60,
    )
    columns = ["--text", "said", "--max-words", "60", "--labels", "who", "when"]
    columns += ["--label-type=who=category", "--label-type=when=date"]
    assert corpus_arguments(run) == [str(text), *columns]
    assert corpus_arguments(run, 6000) == [str(text), *columns]
    assert corpus_arguments(run, 300) == [str(text), "--sentences", "300", *columns]


def test_a_text_that_is_gone_is_a_sentence(tmp_path):
    run = stored(tmp_path / "a", kind="file", name="talk.csv", path="/nowhere/talk.csv")
    with pytest.raises(UserError, match="not on this machine"):
        corpus_arguments(run)


def test_the_kinds_are_the_ones_that_names_begin_with():
    assert all(experiments._NAME.fullmatch(f"{kind}-1") for kind in experiments.KINDS)
