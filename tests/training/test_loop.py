"""The training loop: what it reports, and what may not change how it trains."""

import copy
import json
import math
from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import corpus, encoded, seeded, tiny, tokenizer, trainer
from vae import decoding
from vae.batching import GroupedBatches, group_by_length, ordered_batches
from vae.config import TrainConfig
from vae.errors import UserError
from vae.inference import encode_all
from vae.models import decoder_inputs
from vae.models.words import LARGE
from vae.objectives import distortion
from vae.training.events import (
    EndEvent,
    EpochEvent,
    SnapshotEvent,
    StepEvent,
    ValidationEvent,
)
from vae.training.loop import Trainer
from vae.training.measure import Watched, snapshot_steps, validate


def events(run: Trainer) -> list:
    """All events of a run to its end."""
    return [event for event in run.run() if event is not None]


def of(kind: type, run: Trainer) -> list:
    return [event for event in events(run) if isinstance(event, kind)]


def weights(run: Trainer) -> dict[str, torch.Tensor]:
    return copy.deepcopy(run.model.state_dict())


def equal(a: dict[str, torch.Tensor], b: dict[str, torch.Tensor]) -> bool:
    return a.keys() == b.keys() and all(torch.equal(a[k], b[k]) for k in a)


@pytest.mark.parametrize(("cell", "latent_dim"), [("lstm", 4), ("gru", 4), ("lstm", 0)])
def test_the_loss_falls(cell, latent_dim):
    run = trainer(tiny(cell, latent_dim), n=100, epochs=9, learning_rate=0.03, beta=0.1)
    elbos = [e.elbo for e in of(ValidationEvent, run)]
    assert elbos[-1] > elbos[0] + 10
    assert all(map(math.isfinite, elbos))


def test_events_come_in_their_order():
    run = trainer(epochs=2, snapshots=3)
    total, epoch = run.total_steps, run.train.per_epoch
    assert total == 2 * epoch
    seen = events(run)
    assert isinstance(seen[0], SnapshotEvent)
    assert seen[0].step == 0
    steps = [e.step for e in seen]
    assert steps == sorted(steps)
    assert [e.step for e in seen if isinstance(e, EpochEvent)] == [epoch, total]
    assert [e.step for e in seen if isinstance(e, ValidationEvent)] == [epoch, total]
    assert [e.step for e in seen if isinstance(e, StepEvent)][-1] == total
    at_the_end = [type(e) for e in seen if e.step == total]
    assert at_the_end == [StepEvent, SnapshotEvent, ValidationEvent, EpochEvent, EndEvent]
    assert seen[-1].reason == "finished"


def test_every_update_ends_with_a_point_where_the_run_can_be_left():
    run = trainer(epochs=1)
    pauses = [run.progress.step for event in run.run() if event is None]
    assert pauses == list(range(1, run.total_steps + 1))


def test_every_event_is_one_line_of_json():
    for event in events(trainer(epochs=1, snapshots=2)):
        again = json.loads(json.dumps(event.to_dict()))
        assert again["event"] == type(event).kind
        assert again["step"] == event.step


def test_a_validation_states_what_it_measured():
    run = trainer(epochs=2, validate_every=10, beta_schedule="constant")
    found = of(ValidationEvent, run)
    assert len(found) > 2
    for event in found:
        assert event.n_sentences == 40
        assert event.elbo == pytest.approx(-event.distortion - event.rate)
        assert event.rate == pytest.approx(sum(event.rate_per_dimension), rel=1e-5)
        assert len(event.rate_per_dimension) == 4
        assert 0 <= event.mutual_information <= event.mutual_information_ceiling == math.log(40)
        assert 0 <= event.active_units <= 4
        assert event.train_elbo < 0
    last = encode_all(run.model, run.validation)
    assert found[-1].rate == pytest.approx(float(last.kl().mean()), rel=1e-4)


def test_the_rate_and_the_distortion_are_reported_beside_the_weight_between_them():
    run = trainer(epochs=4, beta=0.5, beta_schedule="linear", beta_warmup=0.5, learning_rate=0.01)
    found = of(StepEvent, run)
    assert found[-1].beta == 0.5
    assert found[0].beta < 0.5
    assert all(e.rate >= 0 and e.distortion > 0 for e in found)
    assert all(0 < e.learning_rate <= 0.01 for e in found)
    assert all(e.tokens_per_second > 0 and e.gradient_norm > 0 for e in found)


def test_how_often_a_run_is_validated_or_shown_does_not_change_how_it_trains():
    finals = []
    for settings in (
        {"validate_every": 3, "snapshots": 10},
        {"validate_every": 7, "snapshots": 0},
        {"validate_every": 0, "snapshots": 2},
    ):
        run = trainer(epochs=2, **settings)
        events(run)
        finals.append(weights(run))
    assert equal(finals[0], finals[1])
    assert equal(finals[0], finals[2])


def test_the_same_seed_trains_the_same_weights_whatever_the_global_seed():
    finals = []
    for seed, noise in ((0, 1), (0, 2), (1, 1)):
        torch.manual_seed(noise)
        run = trainer(epochs=1, seed=seed)
        events(run)
        finals.append(weights(run))
    assert equal(finals[0], finals[1])
    assert not equal(finals[0], finals[2])


def test_every_random_part_of_the_objective_draws_from_the_seed():
    # Dropout and word dropout off: what is left to differ is the order and z itself.
    finals = []
    for dropout, words in ((0.0, 0.0), (0.0, 0.5), (0.5, 0.0)):
        run = trainer(tiny(dropout=dropout), epochs=1, word_dropout=words)
        events(run)
        finals.append(weights(run))
    assert not equal(finals[0], finals[1])
    assert not equal(finals[0], finals[2])


def test_a_number_of_steps_ends_the_run_before_its_epochs():
    run = trainer(epochs=5, steps=7)
    assert run.total_steps == 7
    seen = events(run)
    assert seen[-1].step == 7
    assert seen[-1].reason == "finished"
    assert [e.step for e in seen if isinstance(e, ValidationEvent)] == [7]


def test_the_best_validation_at_full_beta_is_marked_and_remembered():
    run = trainer(
        epochs=3, validate_every=5, beta=0.5, beta_warmup=0.3, learning_rate=0.02, patience=0
    )
    found = of(ValidationEvent, run)
    full = [e for e in found if e.beta >= 0.5]
    assert 0 < len(full) < len(found)
    best = max(full, key=lambda e: -e.distortion - 0.5 * e.rate)
    assert (run.progress.best_step, run.progress.best_elbo) == (best.step, best.elbo)
    assert [e for e in found if e.best][-1] == best


def test_a_later_cycle_below_full_beta_does_not_replace_the_best_weights():
    run = trainer(
        epochs=4,
        validate_every=3,
        beta=1.0,
        beta_schedule="cyclical",
        beta_cycles=4,
        learning_rate=0.02,
    )
    found = of(ValidationEvent, run)
    first_full = next(i for i, e in enumerate(found) if e.beta >= 1.0)
    later = found[first_full:]
    assert any(e.beta < 1.0 for e in later)
    assert all(e.beta >= 1.0 for e in later if e.best)
    best = max((e for e in later if e.beta >= 1.0), key=lambda e: e.elbo)
    assert [e for e in found if e.best][-1] == best
    assert run.progress.best_step == best.step


def test_the_last_weights_are_kept_where_that_is_asked_for():
    """Though validation turned long ago, and its sentences cost more than words' frequencies."""
    run = trainer(n=12, epochs=40, validate_every=10, learning_rate=0.05, beta=0.1, keep="last")
    found = of(ValidationEvent, run)
    assert max(found, key=lambda e: e.elbo) != found[-1]
    assert all(e.best for e in found)
    assert (run.progress.best_step, run.progress.best_elbo) == (found[-1].step, found[-1].elbo)


def test_a_run_of_which_the_last_is_kept_and_that_is_cut_short_keeps_what_it_has_learned():
    run = trainer(epochs=5, validate_every=2, snapshots=0, beta_warmup=0.1, keep="last")
    for event in run.run():
        if event is None and run.progress.step == 5:
            break
    end = list(run.finish("stopped"))
    assert [type(e) for e in end] == [ValidationEvent, EndEvent]
    assert end[-1].best_step == 5


def test_a_run_without_progress_is_stopped_early():
    run = trainer(
        epochs=40, validate_every=4, patience=3, learning_rate=1e-12, beta_schedule="constant"
    )
    seen = events(run)
    validations = [e for e in seen if isinstance(e, ValidationEvent)]
    assert seen[-1].reason == "early stopping"
    assert seen[-1].step < run.total_steps
    gains = [e.best for e in validations]
    assert gains[-3:] == [False, False, False]
    assert True in gains


def test_patience_does_not_run_out_before_beta_is_full():
    run = trainer(
        epochs=4,
        validate_every=2,
        patience=1,
        learning_rate=1e-12,
        beta_warmup=0.9,
        beta_schedule="linear",
    )
    seen = events(run)
    assert seen[-1].step >= 0.9 * run.total_steps


def test_over_a_small_vocabulary_a_validation_is_the_plain_one_to_the_bit():
    """It decides which weights are kept: a run that ships is made again by its command."""
    model = tiny("lstm", vocabulary_size=LARGE - 1, spread=2.0)
    generator, nats = seeded(3), 0.0
    with torch.inference_mode():
        for _, tokens in ordered_batches(encoded(200), 4_096):
            z = model.encode(tokens).sample(generator)
            nats += float(distortion(model.logits(decoder_inputs(tokens), z), tokens).sum())
    assert validate(model, encoded(200), 3).distortion == nats / 200


def test_a_run_that_is_cut_short_is_validated_before_it_ends():
    run = trainer(epochs=5, snapshots=0)
    for event in run.run():
        if event is None and run.progress.step == 3:
            break
    last = list(run.finish("time"))
    assert [type(e) for e in last] == [ValidationEvent, EndEvent]
    assert last[0].best
    assert (last[1].reason, last[1].best_step) == ("time", 3)


def test_a_run_that_was_validated_ends_with_weights_wherever_it_is_cut():
    # Whatever the update at which the time is up, some validation has been the best so far.
    for cut in range(1, 13):
        run, best = trainer(epochs=2, validate_every=4, beta_warmup=0.9, snapshots=0), 0
        for event in run.run():
            best += isinstance(event, ValidationEvent) and event.best
            if event is None and run.progress.step == cut:
                break
        best += sum(isinstance(e, ValidationEvent) and e.best for e in run.finish("time"))
        assert best > 0


def test_a_run_cut_before_beta_is_full_keeps_its_latest_weights():
    run = trainer(epochs=3, validate_every=4, beta_warmup=1.0, snapshots=0)
    for event in run.run():
        if event is None and run.progress.step == 10:
            break
    last = list(run.finish("time"))
    assert [(e.step, e.best) for e in last if isinstance(e, ValidationEvent)] == [(10, True)]
    assert last[-1].best_step == 10


def test_a_run_cut_after_beta_is_full_keeps_its_best_weights():
    run = trainer(epochs=3, validate_every=4, beta_schedule="constant", snapshots=0)
    for event in run.run():
        if event is None and run.progress.step == 10:
            break
    assert [type(e) for e in run.finish("time")] == [EndEvent]
    assert run.progress.best_step in (4, 8)


def test_a_snapshot_shows_every_fixed_sentence_in_its_place():
    run = trainer(epochs=40, learning_rate=0.03, word_dropout=0.9, beta=0.0, steps=60, snapshots=3)
    found = of(SnapshotEvent, run)
    assert [e.step for e in found] == sorted(snapshot_steps(60, 3))
    assert all(len(e.reconstructions) == 3 and len(e.samples) == 5 for e in found)
    z = encode_all(run.model, run.watched.examples).mean
    said = [tokenizer().decode(ids) for ids in decoding.greedy(run.model, z)]
    assert found[-1].reconstructions == said


@given(st.integers(1, 10_000), st.integers(0, 60))
def test_snapshots_are_few_and_denser_at_the_start(total, count):
    steps = sorted(snapshot_steps(total, count))
    assert len(steps) <= count
    assert all(0 <= s <= total for s in steps)
    if count > 0:
        assert steps[0] == 0
    if count > 1:
        assert steps[-1] == total
    gaps = [b - a for a, b in pairwise(steps)]
    assert all(later >= earlier - 1 for earlier, later in pairwise(gaps))


def test_the_time_of_a_run_never_runs_backwards():
    seen = events(trainer(epochs=1))
    seconds = [e.seconds for e in seen]
    assert seconds == sorted(seconds)
    assert seconds[-1] > 0


def test_the_gradient_is_clipped():
    run = trainer(epochs=1, steps=1, clip_norm=1e-3)
    events(run)
    norm = math.sqrt(sum(float(p.grad.square().sum()) for p in run.model.parameters()))
    assert norm == pytest.approx(1e-3, rel=1e-2)


@pytest.mark.parametrize("part", ["train", "validation"])
def test_a_run_without_sentences_is_refused(part):
    parts = {"train": encoded(20), "validation": encoded(20), part: group_by_length([])}
    with pytest.raises(UserError, match=part):
        Trainer(
            tiny(),
            GroupedBatches(parts["train"], 64),
            parts["validation"],
            TrainConfig(),
            Watched(encoded(2), encoded(2), lambda ids: ""),
        )


def test_half_precision_trains_and_keeps_its_weights_in_full():
    run = trainer(tiny("lstm"), epochs=1, steps=4, precision="bf16")
    seen = events(run)
    assert all(p.dtype == torch.float32 for p in run.model.parameters())
    assert math.isfinite(seen[-1].best_elbo)


def test_the_fakes_are_what_they_say():
    assert len(encoded(200)) == 200
    assert len(corpus()) == 500
