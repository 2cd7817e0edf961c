"""A training of vectors in a file: what comes back of it, and the one that ships."""

import math

import pytest
import torch

from tests.training.test_vector import few
from vae.cli import main
from vae.corpora.vectors import digits
from vae.models.vector import VectorConfig
from vae.training import vector_file, vector_job
from vae.training.vector import VectorTrainConfig, VectorTraining
from vae.training.vector_setting import Setting, begun


def trained(epochs: int = 2) -> VectorTraining:
    made = VectorTraining(few(), VectorConfig(64), VectorTrainConfig(epochs))
    made.advance()
    return made


def same(one: VectorTraining, other: VectorTraining) -> bool:
    weights = zip(one.model.parameters(), other.model.parameters(), strict=True)
    courses = zip(one.history, other.history, strict=True)
    return all(torch.equal(a, b) for a, b in weights) and all(
        a.rate == b.rate and a.distortion == b.distortion for a, b in courses
    )


def test_weights_and_course_come_back(tmp_path):
    made, file = trained(), tmp_path / "deep" / "a.safetensors"
    vector_file.keep(made, file)
    again = VectorTraining(few(), VectorConfig(64), VectorTrainConfig(2))
    assert vector_file.bring(again, file)
    assert same(made, again)
    assert again.over
    assert math.isnan(again.history[0].loss)
    made.problem = "AttributeError: no log"
    vector_file.keep(made, file)
    assert vector_file.course(file).problem == "AttributeError: no log"


def test_what_is_damaged_or_of_another_model_brings_nothing(tmp_path):
    made, file = trained(), tmp_path / "a.safetensors"
    assert vector_file.course(file) == vector_file.Course()
    vector_file.keep(made, file)
    other = VectorTraining(few(), VectorConfig(64, latent_dim=3), VectorTrainConfig(2))
    assert not vector_file.bring(other, file)
    assert other.done == 0
    for damaged in (b"", file.read_bytes()[:-100], b"{}" * 50):
        file.write_bytes(damaged)
        fresh = VectorTraining(few(), VectorConfig(64), VectorTrainConfig(2))
        assert not vector_file.bring(fresh, file)
        assert fresh.done == 0


@pytest.mark.parametrize("mistake", ["", "noise"])
def test_the_command_keeps_what_a_training_here_learns(tmp_path, mistake):
    file = tmp_path / "a.safetensors"
    given = ["--epochs", "2", "--latents", "3", "--weight", "0.5", "--seed", "4"]
    assert main(["vectors", str(file), "digits", *given, "--mistake", mistake]) == 0
    setting = Setting("digits", "", 3, 0.5, 2, 4, mistake)
    here, there = begun(setting, digits()), begun(setting, digits())
    here.advance()
    assert vector_file.bring(there, file)
    assert same(here, there)


@pytest.mark.parametrize("setting", vector_job.SHIPPED)
def test_the_one_that_ships_is_what_its_course_says(setting):
    made = begun(setting, digits())
    start = made.history[0].distortion
    assert vector_file.bring(made, vector_job.SHIPPED[setting])
    assert made.over
    last = made.history[-1]
    assert last.distortion < start - 40
    made._record(math.nan)
    assert made.history[-1].distortion == pytest.approx(last.distortion, abs=1e-3)
    assert made.history[-1].rate == pytest.approx(last.rate, abs=1e-4)


def test_settings_and_vectors_tell_files_apart():
    found = [few(), few(60)]
    settings = [Setting("digits"), Setting("digits", weight=0.3), Setting("digits", mistake="kl")]
    assert len({vector_job.file_of(s, v) for s in settings for v in found}) == 6
