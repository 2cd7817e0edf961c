"""A run under way obeys: pauses, goes on, changes its settings, stops and keeps what it learned."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.fakes import corpus, trainer
from vae.config import DataConfig, ModelConfig, RunConfig, TrainConfig
from vae.corpora import files
from vae.explorer import Explorer
from vae.runs.control import clear_control, request_changes, request_command
from vae.runs.history import History, history
from vae.runs.store import RunDirectory
from vae.studies.summary import figures_of
from vae.training import setup
from vae.training.adjustments import Adjustment, read_adjustments
from vae.training.events import AdjustmentEvent, EndEvent, StepEvent, ValidationEvent
from vae.training.finish import finish
from vae.training.session import Session

CONFIG = RunConfig(
    DataConfig(min_count=1),
    ModelConfig(embedding_dim=8, encoder_hidden=8, decoder_hidden=12, latent_dim=3),
    TrainConfig(
        epochs=400,
        tokens_per_batch=256,
        warmup_steps=2,
        validate_every=20,
        snapshots=3,
        precision="fp32",
        threads=1,
        beta_warmup=0.01,
    ),
)


@pytest.fixture
def sentences():
    return files.read_text("\n".join(corpus().sentences[:120]))


def begin(path: Path, sentences) -> Session:
    return setup.start(path, sentences, CONFIG)


class Sitting:
    """A session that trains in a thread; the test is the person who watches."""

    def __init__(self, session: Session) -> None:
        self.session, self.run = session, session.directory
        self.reason = ""
        self.thread = threading.Thread(target=self._work, daemon=True)
        self.thread.start()

    def _work(self) -> None:
        with self.session.alive():
            self.reason = self.session.train()

    def until(self, reached: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while not reached():
            assert time.monotonic() < deadline
            time.sleep(0.01)

    @property
    def step(self) -> int:
        return self.session.trainer.progress.step

    def end(self) -> str:
        self.thread.join(timeout=60)
        assert not self.thread.is_alive()
        return self.reason


def test_a_paused_run_stands_still_says_so_and_goes_on(tmp_path, sentences):
    sitting = Sitting(begin(tmp_path / "run", sentences))
    sitting.until(lambda: sitting.step > 5)
    request_command(sitting.run, "pause")
    sitting.until(lambda: sitting.run.state() == "paused")
    stood = sitting.step
    time.sleep(0.5)
    assert sitting.step == stood
    assert sitting.run.has("checkpoint.safetensors")
    request_changes(sitting.run, {"beta": 0.25})
    request_command(sitting.run, "run")
    sitting.until(lambda: sitting.step > stood + 5)
    assert sitting.run.state() == "running"
    request_command(sitting.run, "stop")
    assert sitting.end() == "stopped"
    assert read_adjustments(sitting.run) == [Adjustment(stood, {"beta": 0.25})]


def test_the_time_of_a_pause_is_not_time_of_training(tmp_path, sentences):
    sitting = Sitting(begin(tmp_path / "run", sentences))
    sitting.until(lambda: sitting.step > 5)
    request_command(sitting.run, "pause")
    sitting.until(lambda: sitting.run.state() == "paused")
    before = sitting.session.trainer.progress.seconds
    time.sleep(1.0)
    request_command(sitting.run, "run")
    stood = sitting.step
    sitting.until(lambda: sitting.step > stood)
    assert sitting.session.trainer.progress.seconds - before < 0.9
    request_command(sitting.run, "stop")
    sitting.end()


def test_a_run_that_is_stopped_keeps_what_it_learned_and_can_go_on(tmp_path, sentences):
    sitting = Sitting(begin(tmp_path / "run", sentences))
    sitting.until(lambda: sitting.step > 5)
    request_command(sitting.run, "stop")
    assert sitting.end() == "stopped"
    finish(sitting.session, lambda done, total, what: None)
    sitting.session.leave()
    run = sitting.run
    assert run.state() == "stopped"
    explorer = Explorer.load(run)
    assert len(explorer.atlas) > 0
    assert figures_of(run)["n_sentences"] > 0
    clear_control(run, before=time.time())  # as the queue does
    again = Sitting(setup.resume(run.path, sentences))
    left = again.step
    again.until(lambda: again.step > left + 5)
    assert left > 5
    request_command(run, "stop")
    assert again.end() == "stopped"


def test_an_old_request_does_not_bind_a_new_sitting(tmp_path, sentences):
    path = tmp_path / "run"
    RunDirectory(path).write_json("status.json", {"state": "queued"})
    # From before this process began; what was asked since is meant for it.
    old = {"serial": 1, "command": "stop", "changes": {}, "asked": 0.0}
    RunDirectory(path).write_json("control.json", old)
    sitting = Sitting(begin(path, sentences))
    sitting.until(lambda: sitting.step > 10)
    request_command(sitting.run, "stop")
    assert sitting.end() == "stopped"


def test_a_change_is_an_event_and_is_seen_in_the_next_reports(tmp_path, sentences):
    sitting = Sitting(begin(tmp_path / "run", sentences))
    sitting.until(lambda: sitting.step > 5)
    request_changes(sitting.run, {"beta": 0.125, "learning_rate": 1e-4})

    def at() -> History:
        return history(sitting.run.read_metrics())

    sitting.until(lambda: len(at().adjustments) > 0)
    adjusted = int(at().adjustments[0]["step"])
    sitting.until(lambda: at().last_step > adjusted + 45)
    request_command(sitting.run, "stop")
    sitting.end()
    recorded = at()
    assert recorded.adjustments[0]["changes"] == {"beta": 0.125, "learning_rate": 1e-4}
    assert recorded.steps[-1]["beta"] == 0.125
    assert recorded.steps[-1]["learning_rate"] <= 1e-4


def test_snapshots_keep_the_posterior_means_of_the_same_sentences(tmp_path, sentences):
    session = begin(tmp_path / "run", sentences)
    sitting = Sitting(session)
    sitting.until(lambda: len(list((tmp_path / "run" / "snapshots").glob("*.npz"))) >= 1)
    request_command(sitting.run, "stop")
    sitting.end()
    kept = sitting.run.read_json("snapshots/sentences.json")
    means = sitting.run.read_arrays("snapshots/00000000.npz")["mean"]
    assert means.shape == (len(kept["sentences"]), 3)
    assert means.dtype == np.float16
    assert set(kept["sentences"]) <= set(sentences.select("validation").sentences)


# -- without a directory: the loop itself --------------------------------------------------------

QUICK = {"epochs": 3, "validate_every": 5, "snapshots": 0, "learning_rate": 0.02}


def pull(run, until: int = 10**9, adjustments: dict[int, dict] | None = None) -> list:
    seen = []
    for event in run.run():
        if event is not None:
            seen.append(event)
        elif run.progress.step in (adjustments or {}):
            run.adjust(adjustments[run.progress.step])
        if event is None and run.progress.step >= until:
            break
    return seen


def test_an_adjusted_run_is_another_from_that_update_on():
    plain, adjusted = trainer(**QUICK), trainer(**QUICK)
    a, b = pull(plain), pull(adjusted, adjustments={20: {"beta": 0.0, "word_dropout": 0.9}})
    one, other = ([e for e in s if isinstance(e, StepEvent)] for s in (a, b))
    assert one[0].distortion == other[0].distortion
    assert one[-1].distortion != other[-1].distortion
    assert [(e.step, e.changes) for e in b if isinstance(e, AdjustmentEvent)] == [
        (20, {"beta": 0.0, "word_dropout": 0.9})
    ]
    assert {e.beta for e in other if e.step > 20} == {0.0}


def test_a_resume_makes_the_changes_again_at_their_updates():
    adjustments = {7: {"beta": 0.3}, 15: {"learning_rate": 0.001}}
    whole = trainer(**QUICK)
    pull(whole, adjustments=adjustments)
    first = trainer(**QUICK)
    pull(first, until=10, adjustments=adjustments)
    state = first.state()
    kept = [
        *first.adjustments,
        Adjustment(15, adjustments[15]),
    ]  # lost with the process
    second = trainer(**QUICK)
    second.adjustments = kept
    second.load_state(*state)
    pull(second)
    for name, value in whole.model.state_dict().items():
        assert torch.equal(value, second.model.state_dict()[name]), name


def test_a_change_of_beta_lets_the_best_weights_compete_anew():
    run = trainer(**{**QUICK, "epochs": 6, "beta_schedule": "constant"})
    seen = pull(run, adjustments={30: {"beta": 0.1}})
    after = [e for e in seen if isinstance(e, ValidationEvent) and e.step > 30]
    assert after[0].best


def test_a_run_whose_time_is_up_is_not_trained_on_by_a_resume():
    run = trainer(**QUICK)
    pull(run, until=12)
    list(run.finish("time"))
    again = trainer(**QUICK)
    again.load_state(*run.state())
    ends = [e for e in pull(again) if isinstance(e, EndEvent)]
    assert (ends[0].step, ends[0].reason) == (12, "time")
