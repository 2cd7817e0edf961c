"""What came of a training: which weights were kept, by which rule, and what only overfitted."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import tiny, trainer
from vae.diagnostics.course import course, kept_weights
from vae.figures.outcome import rule
from vae.runs.history import History, history


def validation(step: int, elbo: float, train: float, beta: float = 1.0, **more) -> dict:
    rate = 10.0
    losses = {"distortion": -elbo - rate, "rate": rate, "rate_per_dimension": [rate]}
    measured = {"elbo": elbo, "train_elbo": train, "beta": beta, "best": False}
    return {"event": "validation", "step": step, **losses, **measured, **more}


def recorded(*validations: dict, reason: str = "finished", others: tuple = ()) -> History:
    last = validations[-1]["step"]
    end = {"event": "end", "step": last, "seconds": 1.0, "reason": reason}
    return history([*others, *validations, end])


# As seen: validation ELBO best at step 200, where beta still rose, and 800 kept.
SEEN = recorded(
    validation(200, -45.7, -50.0, beta=0.25, best=True),
    validation(400, -55.0, -40.0, beta=0.5, best=True),
    validation(600, -66.0, -30.0, beta=0.75, best=True),
    validation(800, -74.2, -25.0, best=True),
)


def test_a_better_step_that_did_not_compete_is_named_with_what_only_overfitted():
    assert rule(SEEN) == (
        "Validation ELBO was best at step 200 (−45.7), which did not compete: only steps at full "
        "beta do, from step 800 on. After step 200 validation ELBO fell while that of training "
        "rose: 600 of 800 updates (75%) only overfitted."
    )
    assert course(SEEN).turned == 200


def test_where_the_last_weights_are_the_best_nothing_is_said():
    found = recorded(validation(100, -50.0, -55.0), validation(200, -40.0, -45.0, best=True))
    assert rule(found) == ""
    assert course(found).turned is None


def test_updates_after_the_kept_ones_are_counted():
    found = recorded(
        validation(300, -40.0, -45.0, best=True),
        validation(400, -41.0, -46.0),
        reason="early stopping",
    )
    assert rule(found) == "The 100 updates after step 300 (25% of 400) gained nothing more."


def test_a_beta_other_than_one_keeps_by_another_sum_and_says_so():
    found = recorded(
        validation(300, -40.0, -45.0, beta=0.2),
        validation(400, -41.0, -46.0, beta=0.2, best=True),
    )
    assert "the rule takes the step with the highest −distortion − 0.2 × rate" in rule(found)


def test_the_last_weights_may_be_kept_whatever_validation_says():
    found = recorded(
        validation(300, -40.0, -45.0, best=True, competed=False),
        validation(400, -50.0, -35.0, best=True, competed=False),
    )
    assert "the last weights are kept all the same, as the setting `keep` asks" in rule(found)
    assert "100 of 400 updates (25%) only overfitted" in rule(found)


def test_a_new_objective_begins_a_new_contest():
    steer = {"event": "steer", "step": 250, "changes": {"beta": 1.0}}
    found = recorded(
        validation(200, -40.0, -45.0, best=True),
        validation(300, -42.0, -44.0, best=True),
        others=(steer,),
    )
    assert kept_weights(found).since == 300


def test_a_fall_is_that_of_the_last_fifth_and_not_known_where_beta_fell():
    found = recorded(
        *(validation(s, -100 + s / 20, -1.0, best=True) for s in range(100, 1001, 100))
    )
    assert course(found).fall == pytest.approx(10.0)  # from step 800 on
    assert course(found).falling == pytest.approx(10.0 / 50.0)
    fell = recorded(validation(100, -50.0, -1.0), validation(200, -40.0, -1.0, beta=0.1, best=True))
    assert course(fell).fall is None
    assert course(recorded(validation(8, -50.0, -1.0, best=True))).fall is None


numbers = st.floats(-200, 0) | st.just(math.nan)


@given(
    st.lists(
        st.tuples(numbers, numbers, st.sampled_from([0.0, 0.5, 1.0]), st.booleans()), min_size=1
    )
)
def test_every_history_has_a_course(rows):
    found = recorded(
        *(validation(i + 1, e, t, b, best=best) for i, (e, t, b, best) in enumerate(rows))
    )
    assert course(found).updates == len(rows)
    kept = kept_weights(found)
    assert rule(found) == "" or kept is not None
    if kept is not None:
        assert 0 <= kept.overfitted <= kept.updates
        assert kept.best_elbo >= kept.elbo


@pytest.mark.parametrize("keep", ["best", "last"])
def test_the_loop_records_which_weights_competed_and_the_rule_agrees_with_it(keep):
    run = trainer(tiny("lstm", 4), n=100, epochs=6, validate_every=2, beta_warmup=0.5, keep=keep)
    events = [e.to_dict() for e in run.run() if e is not None]
    found = history(events)
    competed = [v["step"] for v in found.validations if v["competed"]]
    kept = kept_weights(found)
    assert kept.step == run.progress.best_step
    if keep == "last":
        assert competed == []
        assert kept.last
        assert kept.step == run.total_steps
    else:
        assert competed[0] == kept.since >= run.total_steps / 2
        assert competed[-1] == run.total_steps
        assert not kept.last
