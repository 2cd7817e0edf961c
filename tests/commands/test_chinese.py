"""Commands that speak Chinese: no English word is left but names, code and argparse's own."""

import argparse

import pytest

from tests.latin import strange
from vae import commands
from vae.cli import build_parser, main
from vae.corpora.corpus import SPLITS
from vae.corpora.label_types import TYPES
from vae.corpora.reading import ENCODINGS, QUOTES, SEPARATORS
from vae.i18n import speaking
from vae.training.presets import PRESETS

# Values that a person types, and words in capitals that stand for them.
TYPED = frozenset(
    {*SPLITS, *TYPES, *PRESETS, *SEPARATORS, *QUOTES, *ENCODINGS, "shift_jis"}
    | {"path", "module", "factory", "html"}
)


@pytest.mark.parametrize("name", commands.NAMES)
def test_the_help_of_a_command_has_no_english_word(name):
    with speaking("zh"):
        parsers = next(
            action
            for action in build_parser()._actions
            if isinstance(action, argparse._SubParsersAction)
        )
        command = parsers.choices[name]
        said = [str(command.description)]
        said += [str(a.help) for a in command._actions if a.help and a.dest != "help"]
        said += [str(group.title) for group in command._action_groups[2:]]
        foreign = {text: strange(text, TYPED) for text in said if text != argparse.SUPPRESS}
    assert {text: words for text, words in foreign.items() if words} == {}


def test_an_english_word_is_found_among_chinese_ones():
    assert strange("测量 a run 的 ELBO，见 `diagnose`，--seed 与 embedding_dim") == ["run"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("corpora",),
        ("sample", "factors", "-n", "0"),
        ("interpolate", "factors", "I agree.", "I agree.", "--steps", "1"),
        ("evaluate", "nowhere"),
    ],
)
def test_what_a_command_prints_has_no_english_word(arguments, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("LATENT_LENS_CACHE", str(tmp_path))  # no run of another test is named
    main([*arguments, "--lang", "zh"])
    printed = capsys.readouterr()
    said = (printed.out + printed.err).splitlines()
    assert said
    assert [strange(line, TYPED | {"nowhere", "agree"}) for line in said] == [[] for _ in said]


def test_what_steering_says_of_a_sentence_has_no_english_word(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("LATENT_LENS_CACHE", str(tmp_path))
    main(["steer", "factors", "tense", "past", "She likes the film.", "--lang", "zh"])
    said = capsys.readouterr().err.splitlines()
    assert any("语法" in line for line in said)
    assert [strange(line, frozenset({"tense", "past"})) for line in said] == [[] for _ in said]
