"""Settings: each explained, each checked, each read back as it was written."""

import json
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae.config import DataConfig, ModelConfig, RunConfig, TrainConfig
from vae.errors import UserError
from vae.i18n import listed
from vae.setting import from_mapping
from vae.training.presets import PRESETS, preset

PARTS = (DataConfig, ModelConfig, TrainConfig)
SETTINGS = [(part, f) for part in PARTS for f in fields(part)]
every_setting = pytest.mark.parametrize(
    ("part", "f"), SETTINGS, ids=[f"{p.__name__}.{f.name}" for p, f in SETTINGS]
)


@every_setting
def test_every_setting_says_what_it_does(part, f):
    text = str(f.metadata["help"])
    assert len(text) > 10
    assert text[0].isupper()
    assert not text.endswith(".")


def test_no_two_settings_share_a_name():
    names = [f.name for _, f in SETTINGS]
    assert len(names) == len(set(names))  # each is a flag of its own on the command line


@every_setting
def test_the_default_of_every_setting_is_allowed(part, f):
    assert getattr(part(), f.name) == f.default
    if f.metadata["choices"]:
        assert f.default in f.metadata["choices"]


@every_setting
def test_every_setting_refuses_what_is_not_of_its_kind(part, f):
    wrong = [None, [], {}, "nonsense", True]
    wrong += [] if f.type == "str" else [float("nan"), float("inf"), -5, "1"]
    wrong += [0.5, 2.5] if f.type == "int" else []
    for value in wrong:
        with pytest.raises(UserError, match=f.name):
            part(**{f.name: value})


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        (DataConfig, "tokenizer", "char"),
        (DataConfig, "vocabulary", 9),
        (DataConfig, "min_count", 0),
        (ModelConfig, "cell", "rnn"),
        (ModelConfig, "embedding_dim", 0),
        (ModelConfig, "decoder_layers", 0),
        (ModelConfig, "latent_dim", -1),
        (ModelConfig, "max_length", 1),
        (ModelConfig, "dropout", 0.99),
        (ModelConfig, "vocabulary_size", -1),
        (TrainConfig, "epochs", 0),
        (TrainConfig, "tokens_per_batch", 0),
        (TrainConfig, "learning_rate", 0.0),
        (TrainConfig, "clip_norm", 0.0),
        (TrainConfig, "word_dropout", 1.1),
        (TrainConfig, "beta", -0.1),
        (TrainConfig, "beta_schedule", "sigmoid"),
        (TrainConfig, "beta_warmup", 1.5),
        (TrainConfig, "beta_cycles", 0),
        (TrainConfig, "free_bits", -1.0),
        (TrainConfig, "precision", "fp16"),
        (TrainConfig, "seed", 2**64),
        (TrainConfig, "seed", 10**400),
    ],
)
def test_a_value_out_of_bounds_is_refused_in_a_sentence(part, name, value):
    with pytest.raises(UserError) as error:
        part(**{name: value})
    assert str(error.value).startswith(f"{name} is ")
    assert str(error.value).endswith(".")


def test_a_refusal_names_the_choices_or_the_bounds():
    with pytest.raises(UserError, match="choose one of constant, linear, or cyclical"):
        TrainConfig(beta_schedule="sigmoid")
    with pytest.raises(UserError, match="between 0 and 1"):
        TrainConfig(word_dropout=2)
    with pytest.raises(UserError, match="at least 1"):
        TrainConfig(epochs=0)


def test_a_whole_number_will_do_for_a_real_one():
    assert TrainConfig(beta=1).beta == 1
    assert TrainConfig(word_dropout=0).word_dropout == 0


def test_a_configuration_cannot_be_changed_only_replaced():
    config = TrainConfig()
    with pytest.raises(AttributeError):
        config.beta = 0.5  # type: ignore[misc]
    with pytest.raises(UserError):
        replace(config, beta=-1)


configs = st.builds(
    RunConfig,
    data=st.builds(
        DataConfig, tokenizer=st.sampled_from(["word", "bpe"]), vocabulary=st.integers(10, 10_000)
    ),
    model=st.builds(
        ModelConfig,
        cell=st.sampled_from(["lstm", "gru"]),
        latent_dim=st.integers(0, 64),
        dropout=st.floats(0, 0.95),
    ),
    train=st.builds(
        TrainConfig,
        seed=st.integers(0, 2**32),
        beta=st.floats(0, 10),
        word_dropout=st.floats(0, 1),
        beta_schedule=st.sampled_from(["constant", "linear", "cyclical"]),
    ),
)


@given(configs)
def test_a_configuration_survives_json(config):
    again = RunConfig.from_dict(json.loads(json.dumps(config.to_dict())), "config.json")
    assert again == config


def test_a_setting_that_this_version_does_not_know_is_named():
    with pytest.raises(UserError, match=r"config\.json has settings .* flux, warp"):
        from_mapping(TrainConfig, {"beta": 1.0, "warp": 9, "flux": 1}, "config.json")


def test_a_setting_that_is_left_out_has_its_default():
    assert from_mapping(TrainConfig, {"beta": 0.5}, "x") == TrainConfig(beta=0.5)


def test_a_bad_value_in_a_file_names_the_file_and_the_setting():
    with pytest.raises(UserError, match=r"runs/a/config\.json.*beta is -1"):
        from_mapping(TrainConfig, {"beta": -1}, "runs/a/config.json")


@pytest.mark.parametrize("part", ["data", "model", "train"])
def test_a_missing_part_is_named(part):
    values = RunConfig().to_dict()
    del values[part]
    with pytest.raises(UserError, match=rf"config\.json has no part '{part}'"):
        RunConfig.from_dict(values, "config.json")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(json_values)
def test_a_foreign_configuration_is_refused_and_never_crashes(value):
    with pytest.raises(UserError, match=r"config\.json"):
        RunConfig.from_dict(value, "config.json")


@given(st.sampled_from(["data", "model", "train"]), json_values)
def test_a_foreign_part_is_refused_and_never_crashes(part, value):
    values = RunConfig().to_dict()
    values[part] = value
    if value == {}:
        return
    with pytest.raises(UserError, match=r"config\.json"):
        RunConfig.from_dict(values, "config.json")


@given(st.sampled_from(SETTINGS), json_values)
def test_a_foreign_value_is_taken_or_refused_and_never_crashes(setting, value):
    part, f = setting
    try:
        made = from_mapping(part, {f.name: value}, "config.json")
    except UserError as error:
        assert f.name in str(error)  # noqa: PT017 - both outcomes are right
    else:
        assert getattr(made, f.name) == value


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_has_words_and_a_configuration(name):
    assert PRESETS[name][0]
    assert isinstance(preset(name), RunConfig)


def test_a_preset_that_does_not_exist_is_refused_with_those_that_do():
    with pytest.raises(UserError, match=listed(PRESETS, "or")):
        preset("enormous")
