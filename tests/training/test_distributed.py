"""Two processes train as one does: losses, gradients, decisions, and what is written."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from tests.fakes import corpus
from tests.training.team_of_two import CASES, events, gradients, turned, weights
from vae import corpora
from vae.config import RunConfig
from vae.runs.control import request_changes, request_command
from vae.runs.store import RunDirectory
from vae.training import setup
from vae.training.adjustments import read_adjustments
from vae.training.distributed import Team

ROOT = Path(__file__).resolve().parents[2]
# Sums of fp32 in another order.
TOLERANCE = 1e-5
# Of the loss after updates, each from weights that differ by that.
CURVE = 1e-3


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class Two:
    """What two processes found, and how they ended."""

    def __init__(self, out: Path) -> None:
        meeting = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port()), "WORLD_SIZE": "2"}
        processes = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.training.team_of_two", str(out)],
                cwd=ROOT,
                env={**os.environ, "OMP_NUM_THREADS": "1", **meeting, "RANK": str(rank)},
                stderr=subprocess.PIPE,
                text=True,
            )
            for rank in range(2)
        ]
        self.said = [p.communicate(timeout=120)[1] for p in processes]
        self.status = [p.returncode for p in processes]
        assert (out / "told.json").is_file(), self.said
        self.tensors = load_file(out / "tensors.safetensors")
        self.told = json.loads((out / "told.json").read_text(encoding="utf-8"))
        self.run = RunDirectory(out / "run")

    def found(self, what: str) -> dict[str, torch.Tensor]:
        return {
            k.removeprefix(f"{what}/"): v for k, v in self.tensors.items() if k.startswith(what)
        }


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    return Two(tmp_path_factory.mktemp("two"))


def assert_alike(found: dict[str, torch.Tensor], expected: dict[str, torch.Tensor]) -> None:
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        size = max(1.0, float(value.abs().max()))
        assert float((found[name] - value).abs().max()) <= TOLERANCE * size, name


@pytest.mark.parametrize("name", list(CASES))
def test_the_shares_of_two_processes_sum_to_the_loss_and_gradient_of_the_batch(two, name):
    assert_alike(two.found(f"gradients/{name}"), gradients(CASES[name], Team()))


@pytest.mark.parametrize("name", list(CASES))
def test_updates_of_every_kind_leave_two_processes_with_the_weights_of_one(two, name):
    found, expected = two.found(f"weights/{name}"), weights(CASES[name], Team())
    reported = expected.pop("reported").tolist()
    assert found.pop("reported").tolist() == pytest.approx(reported, rel=10 * TOLERANCE)
    assert_alike(found, expected)


def test_two_processes_turn_the_latent_space_to_the_axes_of_one(two):
    assert float((two.tensors["axes"] - turned(Team())).abs().max()) < 1e-3


def test_two_processes_report_and_decide_as_one_does(two):
    expected = events(Team())
    assert [(e["event"], e["step"]) for e in two.told["events"]] == [
        (e["event"], e["step"]) for e in expected
    ]
    assert two.told["events"][-1]["reason"] == "early stopping"
    for found, event in zip(two.told["events"], expected, strict=True):
        for key in ("distortion", "rate", "elbo", "gradient_norm", "train_elbo"):
            if key in event:
                assert found[key] == pytest.approx(event[key], rel=CURVE, abs=1e-3), key


def test_a_signal_to_any_process_stops_all_of_them(two):
    assert two.told["left"] == "interrupted"
    status = two.run.read_json("status.json")
    assert status["state"] == "stopped"
    assert 20 <= status["step"] < 30


def test_an_error_in_one_process_ends_all_with_one_sentence(two):
    assert two.status == [2, 2]
    assert two.said[0] == "error: The second process has had enough. Give it a rest.\n"
    assert two.said[1] == ""


# -- the command -----------------------------------------------------------------------------------

FLAGS = (
    *("--epochs", "4000", "--steps", "400", "--tokens-per-batch", "256", "--warmup-steps", "5"),
    *("--validate-every", "100", "--snapshots", "3", "--beta-warmup", "0.1", "--dropout", "0.1"),
    *("--embedding-dim", "8", "--encoder-hidden", "8", "--decoder-hidden", "12"),
    *("--latent-dim", "3", "--min-count", "1", "--precision", "fp32", "--threads", "1", "--brief"),
)


class Command:
    """`torchrun -m vae train` with two processes: paused, adjusted, stopped to keep its best."""

    def __init__(self, directory: Path) -> None:
        self.file = directory / "sentences.txt"
        self.file.write_text("\n".join(corpus().sentences[:200]), encoding="utf-8")
        self.run = RunDirectory(directory / "run")
        torchrun = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")
        train = ("-m", "vae", "train", str(self.file), "--out", str(self.run.path), *FLAGS)
        process = subprocess.Popen(
            [sys.executable, *torchrun, *train],
            cwd=ROOT,
            env={**os.environ, "LATENT_LENS_RUNS": str(directory / "runs")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._wait(process, lambda: self.run.has("metrics.jsonl"))
        request_command(self.run, "pause")
        self._wait(process, lambda: self.run.state() == "paused")
        request_changes(self.run, {"word_dropout": 0.1, "free_bits": 0.05})
        request_command(self.run, "run")
        self._wait(process, lambda: any(e["step"] >= 60 for e in steps(self.run)))
        request_command(self.run, "stop")
        self.said = process.communicate(timeout=120)[0]
        self.status = process.returncode

    def _wait(self, process: subprocess.Popen, reached: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 120
        while not reached():
            assert time.monotonic() < deadline
            assert process.poll() is None, process.stdout.read()
            time.sleep(0.02)


@pytest.fixture(scope="module")
def command(tmp_path_factory):
    return Command(tmp_path_factory.mktemp("torchrun"))


def steps(run: RunDirectory) -> list[dict]:
    return [e for e in run.read_metrics() if e["event"] == "step"]


def test_only_the_first_of_two_processes_writes_and_speaks(command):
    assert command.status == 0, command.said
    assert command.said.count("200 sentences") == command.said.count("Stopped at update") == 1
    assert "Warning" not in command.said
    assert "rror" not in command.said
    assert command.run.state() == "stopped"
    seen = [(e["event"], e["step"]) for e in command.run.read_metrics()]
    assert len(set(seen)) == len(seen)
    assert command.run.has("evaluation.json")
    assert not list(command.run.path.rglob("*.tmp"))
    assert command.run.read_json("config.json")["processes"] == 2


def test_the_loss_curve_of_two_processes_is_that_of_one_which_can_go_on_with_it(command):
    sentences = corpora.load(command.file)
    stored = command.run.read_json("config.json")["config"]
    alone = setup.start(
        command.run.path.with_name("alone"), sentences, RunConfig.from_dict(stored, "config.json")
    )
    alone.trainer.adjustments = read_adjustments(command.run)
    request_command(command.run, "run")
    resumed = setup.resume(command.run.path, sentences)
    left = resumed.trainer.progress.step
    assert 60 <= left < 400
    for session in (alone, resumed):
        assert session.train() == "finished"
    by_one, by_two = steps(alone.directory), steps(command.run)
    assert [e["step"] for e in by_two] == [e["step"] for e in by_one] == list(range(20, 401, 20))
    for found, event in zip(by_two, by_one, strict=True):
        assert found["distortion"] == pytest.approx(event["distortion"], rel=CURVE)
        assert found["rate"] == pytest.approx(event["rate"], rel=CURVE, abs=CURVE)
