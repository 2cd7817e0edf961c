"""What a study is expected to take, against what it took."""

import pytest

from tests import fakes
from vae.explorer import Explorer
from vae.studies import STUDIES, expected

# Seconds of a trial on the core that made the studies of the runs that ship.
TRIED = {"factors": 0.036, "factors-collapsed": 0.031, "docstrings": 0.049}


@pytest.mark.parametrize("name", TRIED)
def test_each_study_takes_within_a_factor_of_two_of_what_is_expected(name):
    explorer = Explorer.load(name)
    start = expected.seconds(explorer, [], TRIED[name])
    for study in STUDIES.values():
        stored = explorer.run.read_json(study.file)
        found = expected.seconds(explorer, [study.name], TRIED[name]) - start
        if "seconds" in stored:
            assert stored["seconds"] / 2.1 < found < stored["seconds"] * 2.1, study.name
        else:
            assert "not_available" in stored
            assert found == 0


def test_all_together_take_what_each_takes_and_start_once():
    explorer = Explorer.load("factors")
    start = expected.seconds(explorer, [], 1.0)
    each = [expected.seconds(explorer, [name], 1.0) - start for name in STUDIES]
    assert expected.seconds(explorer, STUDIES, 1.0) == pytest.approx(start + sum(each))


def test_of_fewer_sentences_or_on_a_faster_machine_it_takes_less(tmp_path):
    explorer = Explorer.load(fakes.store_run(tmp_path / "run"))
    stored = explorer.run.read_json("config.json")
    stored["corpus"]["splits"] = {"train": 8_000, "test": 1_000}
    explorer.run.write_json("config.json", stored)
    few = expected.seconds(explorer, ["diagnosis"], 1.0)
    assert few > expected.seconds(explorer, ["diagnosis"], 0.5)
    stored["corpus"]["splits"]["test"] = 2_000
    explorer.run.write_json("config.json", stored)
    assert few < expected.seconds(explorer, ["diagnosis"], 1.0)


def test_a_trial_takes_some_time(tmp_path):
    assert 0 < expected.trial(Explorer.load(fakes.store_run(tmp_path / "run"))) < 60
