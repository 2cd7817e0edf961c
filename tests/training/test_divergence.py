"""A training that diverges ends by itself, keeps its last good weights, and says what to lower."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.fakes import corpus, encoded, tiny, tokenizer, trainer
from vae import cli
from vae.diagnostics.unigram import Unigram
from vae.figures.outcome import outcome
from vae.i18n import speaking
from vae.runs.failure import failure
from vae.runs.history import history
from vae.runs.store import RunDirectory
from vae.training.distributed import Team
from vae.training.divergence import FACTOR, UPDATES, DivergenceWatch, divergence_of
from vae.training.events import EndEvent, StepEvent, ValidationEvent
from vae.training.loop import Trainer
from vae.training.measure import validate
from vae.training.state import TrainState

# The tiny model learns for so many updates before its learning rate is spoiled.
GOOD = 100


def spoiled(clip_norm: float = 5.0, rate: float = 50.0) -> Trainer:
    """A run that learns well until a person sets a learning rate that no model stands."""
    run = trainer(
        epochs=40, learning_rate=0.01, clip_norm=clip_norm, validate_every=20, snapshots=0
    )
    run.config = replace(run.config, beta_schedule="constant")
    run.updater.config = run.config
    for event in run.run():
        if event is None and run.progress.step == GOOD:
            run.adjust({"learning_rate": rate})
            break
    return run


def ended(run: Trainer) -> list:
    return [event for event in run.run() if event is not None]


def test_a_run_that_diverges_from_the_start_ends_by_itself_with_no_weights():
    run = trainer(epochs=40, learning_rate=50.0, clip_norm=1e6, validate_every=10)
    seen = ended(run)
    assert (seen[-1].reason, seen[-1].step) == ("diverged", UPDATES)
    assert not any(e.best for e in seen if isinstance(e, ValidationEvent))
    assert (seen[-1].best_step, seen[-1].best_elbo) == (0, None)
    said = str(run.divergence)
    assert "No weights were good before, so none are kept. Lower learning_rate, now 50." in said
    last = [e for e in seen if isinstance(e, StepEvent)][-1]
    assert f"the distortion is {last.distortion:,.0f} nats a sentence" in said
    assert run.divergence.cause == "divergence"


def test_what_was_good_before_is_kept():
    run = spoiled()
    good = run.progress.best_step
    assert 0 < good <= GOOD
    seen = ended(run)
    assert seen[-1].reason == "diverged"
    assert GOOD + UPDATES <= seen[-1].step < run.total_steps
    later = [e for e in seen if isinstance(e, ValidationEvent) and e.step > GOOD + 20]
    assert later
    assert not any(e.best for e in later)
    assert run.progress.best_step == seen[-1].best_step == good
    assert f"The weights of update {good:,}, the best before, are kept." in str(run.divergence)


@pytest.mark.parametrize(
    ("clip_norm", "setting"), [(5.0, "learning_rate, now 50"), (1e6, "clip_norm, now 1e+06")]
)
def test_the_setting_to_lower_is_the_one_that_let_it_happen(clip_norm, setting):
    run = spoiled(clip_norm)
    ended(run)
    assert f"Lower {setting}" in str(run.divergence)


def test_a_run_that_is_resumed_while_it_diverges_ends_as_one_that_was_not_left():
    whole = spoiled()
    left = spoiled()
    ends = [e for e in ended(whole) if isinstance(e, EndEvent)]
    for event in left.run():
        if event is None and left.progress.step == GOOD + UPDATES // 2:
            break
    assert left.progress.diverging > 0
    tensors, progress = left.state()
    again = trainer(
        epochs=40,
        validate_every=20,
        snapshots=0,
        learning_rate=0.01,
        clip_norm=5.0,
        beta_schedule="constant",
    )
    again.adjustments = left.adjustments
    again.load_state({k: v.clone() for k, v in tensors.items()}, json.loads(json.dumps(progress)))
    (end,) = (e for e in ended(again) if isinstance(e, EndEvent))
    assert (end.step, end.reason, end.best_step) == (ends[0].step, "diverged", ends[0].best_step)
    assert str(again.divergence) == str(whole.divergence)
    for a, b in zip(again.model.parameters(), whole.model.parameters(), strict=True):
        assert torch.equal(a, b)


def test_a_run_that_has_diverged_is_not_trained_on():
    run = trainer(epochs=40, learning_rate=50.0, clip_norm=1e6, validate_every=0)
    ended(run)
    tensors, progress = run.state()
    again = trainer(epochs=40, learning_rate=50.0, clip_norm=1e6)
    again.load_state(tensors, json.loads(json.dumps(progress)))
    assert [e.reason for e in ended(again)] == ["diverged"]
    assert str(again.divergence) == str(run.divergence)


def test_the_state_of_a_version_that_did_not_watch_is_taken_up():
    run = trainer(epochs=4)
    for event in run.run():
        if event is None and run.progress.step == 5:
            break
    tensors, progress = run.state()
    for name in ("diverging", "usual_norm", "divergence"):
        progress.pop(name)
    for sums in (progress["since_report"], progress["since_validation"]):
        sums.pop("frequencies")
    again = trainer(epochs=4)
    again.load_state(tensors, progress)
    assert ended(again)[-1].reason == "finished"


def test_a_gradient_that_is_no_number_ends_the_run_with_a_remedy():
    model = tiny()
    with torch.no_grad():
        model.output_bias[5] = float("nan")
    run = trainer(model)
    assert ended(run)[-1].reason == "diverged"
    assert "the gradient is not a number" in str(run.divergence)
    assert "Lower learning_rate" in str(run.divergence)


@pytest.mark.parametrize(
    "settings",
    [
        {"beta_schedule": "linear", "beta": 20.0, "beta_warmup": 1.0},
        {"beta_schedule": "cyclical", "beta_cycles": 3},
        {"autoencoder": 0.5, "beta_schedule": "constant"},
        {"turn_axes": 0.5, "free_bits": 0.5},
        {"word_dropout": 1.0, "denoising": 0.5},
        {"learning_rate": 1e-9},
    ],
)
def test_no_ordinary_course_is_taken_for_divergence(settings):
    run = trainer(**{"learning_rate": 0.03, "steps": 240, "epochs": 20, "snapshots": 0, **settings})
    watched = run._watch
    at = []
    look = watched.look

    def seen(state, sums, team):
        at.append(sums["distortion"] / sums["frequencies"])
        look(state, sums, team)

    watched.look = seen
    assert ended(run)[-1].reason == "finished"
    assert run.divergence is None
    # Not even near it: no report is half as far above the frequencies of words.
    assert max(at) < FACTOR / 2


@pytest.mark.parametrize(
    "sizes", [{}, {"latent_dim": 0}, {"spread": 3.0}, {"architecture": "transformer"}]
)
def test_weights_at_their_first_draw_are_no_divergence(sizes):
    watch = DivergenceWatch(encoded(100), len(tokenizer()))
    first = validate(tiny(**sizes), encoded(100), 0).distortion
    assert watch.good(first)
    assert not watch.good(3 * first)
    assert not watch.good(math.nan)
    assert not watch.good(math.inf)


def test_what_a_batch_is_held_against_is_the_unigram_cost_of_its_own_tokens():
    validation, batch = encoded(100), encoded(300)
    watch = DivergenceWatch(validation, len(tokenizer()))
    frequencies = Unigram.of(
        (row for t in validation.tokens for row in t.tolist()), len(tokenizer())
    )
    for tokens in batch.tokens:
        direct = sum(map(frequencies.nats, tokens.tolist()))
        assert watch.cost(tokens) == pytest.approx(direct, rel=1e-5)


def test_only_updates_in_a_row_count():
    watch, state = DivergenceWatch(encoded(20), len(tokenizer())), TrainState()
    sums = {"frequencies": 100.0, "updates": 20.0, "sentences": 2.0, "norm": 60.0}
    for distortion in [FACTOR * 100 + 1] * 4 + [99.0] + [FACTOR * 100 + 1] * 4:
        watch.look(state, {**sums, "distortion": distortion}, Team())
    assert (state.diverging, state.ended, state.usual_norm) == (80, "", 3.0)
    watch.look(state, {**sums, "distortion": math.nan}, Team())
    assert state.ended == "diverged"


# Validated before it diverges, and not.
@pytest.mark.parametrize("preset", ["plain", "balanced"])
def test_the_command_says_so_keeps_the_good_weights_and_marks_the_run(preset, tmp_path, capsys):
    text = tmp_path / "text.txt"
    text.write_text("\n".join(corpus().sentences[:200]), encoding="utf-8")
    out = tmp_path / "run"
    command = [
        *("train", str(text), "--out", str(out), "--preset", preset),
        *("--epochs", "100", "--steps", "400"),
        *("--learning-rate", "50", "--clip-norm", "1000", "--warmup-steps", "0"),
        *("--embedding-dim", "8", "--encoder-hidden", "8", "--decoder-hidden", "8"),
        *("--latent-dim", "3", "--threads", "1", "--precision", "fp32", "--brief"),
    ]
    assert cli.main(command) == 2
    said = capsys.readouterr().err
    assert "Training diverged at update 100: the distortion is" in said
    assert "Lower learning_rate, now 50." in said
    assert "Healthy" not in said
    run = RunDirectory(Path(out))
    assert "Training diverged, and was ended after 100 updates" in outcome(
        history(run.read_metrics())
    )
    known = failure(run)
    assert (run.state(), known.cause) == ("failed", "divergence")
    assert "lower learning rate" in known.advice
    assert known.message in said
    with speaking("zh"):
        assert "训练发散" in failure(run).message
    # It says the same again, and trains no more.
    assert cli.main(["train", str(text), "--out", str(out), "--resume"]) == 2
    assert "diverged at update 100" in capsys.readouterr().err


def test_how_it_diverged_is_none_of_a_run_that_did_not():
    assert divergence_of(TrainState(), trainer().config) is None
