"""A run that was stopped anywhere goes on as if nothing had happened, bit for bit."""

import copy
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes import corpus, tiny, trainer
from vae import corpora
from vae.cli import main
from vae.errors import UserError
from vae.models import words
from vae.runs.process import ProcessRecord
from vae.runs.store import RunDirectory
from vae.training import setup
from vae.training.events import Event, StepEvent
from vae.training.loop import Trainer
from vae.training.session import Session

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = {
    "epochs": 3,
    "validate_every": 5,
    "snapshots": 4,
    "beta_warmup": 0.3,
    "learning_rate": 0.02,
    "patience": 3,
}


def fresh(**changes: object) -> Trainer:
    return trainer(tiny("lstm", dropout=0.2), n=100, **{**SETTINGS, **changes})


def without_time(event) -> dict:
    return {k: v for k, v in event.to_dict().items() if k not in ("seconds", "tokens_per_second")}


def pull(run: Trainer, until: int = sys.maxsize) -> list[dict]:
    """The run's events, until it can be left after an update."""
    seen = []
    for event in run.run():
        if event is not None:
            seen.append(without_time(event))
        elif run.progress.step >= until:
            break
    return seen


def through_disk(run: Trainer, path: Path) -> tuple[dict, dict]:
    directory = RunDirectory(path)
    directory.write_tensors("checkpoint.safetensors", *run.state())
    return directory.read_tensors("checkpoint.safetensors")


def test_a_resumed_run_equals_an_uninterrupted_one_wherever_it_was_left(tmp_path):
    whole = fresh()
    expected, total = pull(whole), whole.progress.step
    assert total > 20
    for update in range(1, total, 5):
        first = fresh()
        before = pull(first, update)
        second = fresh(seed=0)
        second.load_state(*through_disk(first, tmp_path))
        after = pull(second)
        assert before + after == expected
        for name, value in whole.model.state_dict().items():
            assert torch.equal(value, second.model.state_dict()[name]), (update, name)
        assert torch.equal(
            whole.updater.generator.get_state(), second.updater.generator.get_state()
        )


def test_a_run_with_a_large_vocabulary_goes_on_as_well(tmp_path, monkeypatch):
    monkeypatch.setattr(words, "LARGE", 2)
    for precision in ("fp32", "bf16"):
        whole, first, second = (fresh(precision=precision) for _ in range(3))
        expected, before = pull(whole), pull(first, 7)
        second.load_state(*through_disk(first, tmp_path))
        assert before + pull(second) == expected
        for name, value in whole.model.state_dict().items():
            assert torch.equal(value, second.model.state_dict()[name]), name


@settings(max_examples=5)
@given(st.lists(st.integers(1, 40), min_size=2, max_size=4, unique=True).map(sorted))
def test_a_run_may_be_left_many_times(tmp_path_factory, stops):
    whole = fresh()
    expected, path, seen, state = pull(whole), tmp_path_factory.mktemp("run"), [], None
    for update in [*stops, sys.maxsize]:
        run = fresh()
        if state:
            run.load_state(*state)
        seen += pull(run, update)
        state = through_disk(run, path)
        if any(event["event"] == "end" for event in seen):
            break
    assert seen == expected
    assert all(
        torch.equal(v, run.model.state_dict()[k]) for k, v in whole.model.state_dict().items()
    )


def test_a_state_is_not_changed_by_training_on():
    run = fresh()
    pull(run, 4)
    _, progress = run.state()
    kept = copy.deepcopy(progress)
    pull(run, 9)
    assert progress == kept


def test_a_loaded_state_is_independent_of_the_run_it_came_from():
    first, second = fresh(), fresh()
    pull(first, 4)
    tensors, progress = first.state()
    second.load_state({k: v.clone() for k, v in tensors.items()}, progress)
    pull(second, 9)
    assert first.progress.step == 4
    assert first.progress.since_report["updates"] == 4


@pytest.mark.parametrize(
    "change",
    [
        lambda t, p: t.pop("generator"),
        lambda t, p: t.pop("model.embedding.weight"),
        lambda t, p: t.update({"model.embedding.weight": torch.zeros(2, 2)}),
        lambda t, p: t.update({"generator": torch.zeros(3, dtype=torch.uint8)}),
        lambda t, p: t.update({"generator": torch.zeros(3)}),
        lambda t, p: t.update({"optimizer.x": torch.zeros(3)}),
        lambda t, p: p.update(warp=9),
        lambda t, p: t.clear(),
    ],
)
def test_a_foreign_checkpoint_is_refused(change):
    run = fresh()
    pull(run, 3)
    tensors, progress = run.state()
    change(tensors, progress)
    with pytest.raises(UserError, match="checkpoint"):
        fresh().load_state(tensors, progress)


# -- the real thing: processes that are killed ---------------------------------------------------

FLAGS = (
    *("--epochs", "80", "--tokens-per-batch", "256", "--warmup-steps", "5"),
    *("--validate-every", "20", "--snapshots", "3", "--beta-warmup", "0.2", "--dropout", "0.1"),
    *("--embedding-dim", "8", "--encoder-hidden", "8", "--decoder-hidden", "12"),
    *("--latent-dim", "3", "--min-count", "1", "--precision", "fp32"),
)
OFTEN = ("--checkpoint-seconds", "0.02")


class Command:
    """`python -m vae train` of a small file, in processes of its own."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.file = directory / "sentences.txt"
        self.file.write_text("\n".join(corpus().sentences[:120]), encoding="utf-8")
        self.environment = {
            **os.environ,
            "OMP_NUM_THREADS": "1",
            "LATENT_LENS_CACHE": str(directory / "cache"),
        }

    def arguments(self, out: Path, *flags: str) -> list[str]:
        return ["train", str(self.file), "--out", str(out), *flags]

    def start(self, out: Path, *flags: str) -> subprocess.Popen:
        command = [sys.executable, "-m", "vae", *self.arguments(out, *flags)]
        return subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stderr=subprocess.PIPE, text=True
        )


def wait_for(out: Path, process: subprocess.Popen, reached: Callable[[dict], bool]) -> None:
    """Until the run has recorded an event that counts."""
    run, deadline = RunDirectory(out), time.monotonic() + 120
    while time.monotonic() < deadline:
        if any(map(reached, run.read_metrics())):
            return
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.02)
    raise AssertionError("the run never came that far")


def stop(out: Path, process: subprocess.Popen, number: int, step: int) -> tuple[int, str]:
    """(exit status, what it said) of a run that gets a signal at an update or later."""
    wait_for(out, process, lambda event: event["event"] == "step" and event["step"] >= step)
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    return process.returncode, said


def losses(out: Path) -> list[tuple]:
    return [
        (e["event"], e["step"], e.get("elbo"), e.get("distortion"), e.get("reconstructions"))
        for e in RunDirectory(out).read_metrics()
        if e["event"] != "resume"
    ]


@pytest.fixture(scope="module")
def command(tmp_path_factory):
    return Command(tmp_path_factory.mktemp("resume"))


@pytest.fixture(scope="module")
def uninterrupted(command):
    out = command.directory / "uninterrupted"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("vae.latent.projection.NEIGHBOURS", 10_000)  # no UMAP, which is slow
        assert main(command.arguments(out, *FLAGS)) == 0
    return out


def test_a_run_that_was_killed_and_asked_to_stop_ends_with_the_same_weights(command, uninterrupted):
    out = command.directory / "tormented"
    run = RunDirectory(out)
    status, _ = stop(out, command.start(out, *FLAGS, *OFTEN), signal.SIGKILL, 80)
    assert status == -signal.SIGKILL
    assert run.state() == "lost"
    assert run.has("checkpoint.safetensors")
    for number, step in ((signal.SIGTERM, 160), (signal.SIGINT, 240)):
        status, said = stop(out, command.start(out, "--resume"), number, step)
        assert status == 0, said
        assert "--resume" in said
        assert run.state() == "stopped"
        left = run.read_json("status.json")
        assert step <= left["step"] < left["total_steps"]
    # The last of it in this process: what comes after all updates is of no interest here.
    assert setup.resume(out, corpora.load(command.file)).train() == "finished"
    gone_back = [e["step"] for e in run.read_metrics() if e["event"] == "resume"]
    assert len(gone_back) == 3
    assert all(step > 0 for step in gone_back)
    for file in ("weights.safetensors", "tokenizer.json"):
        assert (out / file).read_bytes() == (uninterrupted / file).read_bytes(), file
    assert losses(out) == losses(uninterrupted)


@pytest.fixture
def refusal(capsys):
    """The one line with which a command is refused."""

    def refused(arguments: list[str]) -> str:
        assert main(arguments) == 2
        lines = capsys.readouterr().err.splitlines()
        assert lines[-1].startswith("error: ")
        assert sum(line.startswith("error: ") for line in lines) == 1
        return lines[-1]

    return refused


def test_a_finished_run_is_neither_resumed_nor_replaced(command, uninterrupted, refusal):
    before = (uninterrupted / "weights.safetensors").read_bytes()
    assert "nothing to resume" in refusal(command.arguments(uninterrupted, "--resume"))
    assert "--resume" in refusal(command.arguments(uninterrupted, *FLAGS))
    assert (uninterrupted / "weights.safetensors").read_bytes() == before


def test_a_run_that_is_being_trained_is_not_resumed(command, uninterrupted, refusal):
    out = command.directory / "busy"
    shutil.copytree(uninterrupted, out)
    RunDirectory(out).write_json(
        "status.json", {"state": "running", **ProcessRecord.mine().to_json()}
    )
    assert "another process" in refusal(command.arguments(out, "--resume"))


def test_a_run_is_not_resumed_on_other_sentences(command, uninterrupted, refusal):
    out = command.directory / "moved"
    out.mkdir()
    for file in ("config.json", "tokenizer.json"):
        shutil.copy(uninterrupted / file, out)
    other = command.directory / "other.txt"
    other.write_text("\n".join(corpus().sentences[:121]), encoding="utf-8")
    arguments = ["train", str(other), "--out", str(out), "--resume"]
    assert "corpus is not the one" in refusal(arguments)


def test_a_resumed_run_keeps_its_settings(command, uninterrupted, refusal):
    arguments = command.arguments(uninterrupted, "--resume", "--beta", "0.5", "--epochs", "9")
    said = refusal(arguments)
    assert "keeps its settings" in said
    has = RunDirectory(uninterrupted).read_json("config.json")["asked"]["train"]
    for option, stored, asked in (("beta", has["beta"], 0.5), ("epochs", has["epochs"], 9)):
        assert f"--{option} (it is {stored}, not {asked})" in said


def test_a_resume_with_the_flags_of_the_start_is_no_other_setting(command, uninterrupted, refusal):
    """What differs is named alone; with nothing that does, the run is refused as finished."""
    assert "nothing to resume" in refusal(command.arguments(uninterrupted, *FLAGS, "--resume"))
    said = refusal(command.arguments(uninterrupted, *FLAGS, "--resume", "--clip-norm", "7"))
    assert "--clip-norm (it is 5.0, not 7.0)" in said
    assert said.count("(it is") == 1


def test_a_run_that_does_not_say_what_was_asked_is_resumed_by_what_it_has(
    command, uninterrupted, refusal
):
    out = command.directory / "earlier"
    shutil.copytree(uninterrupted, out)
    facts = RunDirectory(out).read_json("config.json")
    del facts["asked"]
    RunDirectory(out).write_json("config.json", facts)
    assert "nothing to resume" in refusal(command.arguments(out, *FLAGS, "--resume"))
    said = refusal(command.arguments(out, *FLAGS, "--resume", "--seed", "77"))
    assert f"--seed (it is {facts['config']['train']['seed']}, not 77)" in said


def test_columns_that_the_run_was_not_made_of_are_named(command, uninterrupted, refusal):
    said = refusal(command.arguments(uninterrupted, "--resume", "--max-words", "9"))
    stored = RunDirectory(uninterrupted).read_json("config.json")["corpus"]["source"]
    assert f"--max-words (it is {stored['max_words']}, not 9)" in said


def test_there_is_nothing_to_resume_where_there_is_no_run(command, refusal):
    assert "config.json" in refusal(command.arguments(command.directory / "nowhere", "--resume"))


def test_a_damaged_checkpoint_is_refused_by_name(command, uninterrupted, refusal):
    out = command.directory / "damaged"
    out.mkdir()
    for file in ("config.json", "tokenizer.json"):
        shutil.copy(uninterrupted / file, out)
    shutil.copy(uninterrupted / "weights.safetensors", out / "checkpoint.safetensors")
    assert "checkpoint" in refusal(command.arguments(out, "--resume"))
    (out / "checkpoint.safetensors").write_bytes(b"half")
    assert "checkpoint.safetensors" in refusal(command.arguments(out, "--resume"))


def test_a_finished_run_is_whole(uninterrupted):
    run = RunDirectory(uninterrupted)
    assert {p.name for p in uninterrupted.iterdir()} >= {
        *("config.json", "tokenizer.json", "weights.safetensors", "metrics.jsonl"),
        *("status.json", "evaluation.json", "latents.npz", "projection.npz"),
    }
    assert not run.has("checkpoint.safetensors")
    assert run.state() == "finished"
    assert json.dumps(run.read_json("evaluation.json"), allow_nan=False)
    best = [e for e in run.read_metrics() if e["event"] == "validation" and e["best"]][-1]
    assert run.read_metrics()[-1]["best_step"] == best["step"]


def test_a_resumed_run_reads_its_file_as_it_did_before(command, monkeypatch, capsys):
    rows = [f"{s},{'train' if i % 5 else 'dev'}" for i, s in enumerate(corpus().sentences[:90])]
    rows += [f"{s},test" for s in corpus().sentences[90:120]]
    command.file.with_suffix(".csv").write_text("text,part\n" + "\n".join(rows), encoding="utf-8")
    out = command.directory / "divided"
    file = str(command.file.with_suffix(".csv"))
    flags = ["--split", "part", "--max-words", "11", *FLAGS]
    train = Session.train

    def left(session: Session, on_event: Callable[[Event], None], *limits: object) -> str:
        """Training that a signal reaches after some updates."""
        until = session.trainer.progress.step + 40

        def heard(event: Event) -> None:
            if isinstance(event, StepEvent) and event.step == until:
                signal.raise_signal(signal.SIGTERM)
            on_event(event)

        return train(session, heard, *limits)

    monkeypatch.setattr(Session, "train", left)
    assert main(["train", file, "--out", str(out), *flags]) == 0
    assert RunDirectory(out).state() == "stopped"
    before = RunDirectory(out).read_json("config.json")["corpus"]
    assert before["dropped"]["words above 11"]
    step = RunDirectory(out).read_json("status.json")["step"]
    assert main(["train", file, "--out", str(out), "--resume"]) == 0
    assert "--resume" in capsys.readouterr().err
    assert RunDirectory(out).read_json("status.json")["step"] >= step + 40
