"""`python -m vae` before any command does its work: help, the language, what is wrong."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.threads import wait_policy
from vae import commands, i18n
from vae.cli import main

ROOT = Path(commands.__file__).parents[2]

CHINESE = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "sentences from the prior"
msgstr "先验分布的句子"

msgid "how many"
msgstr "多少"

msgid "error: {reason}"
msgstr "错误：{reason}"

msgid "-n is {n:,}; choose from 1 to {most:,}."
msgstr "-n 为 {n:,}；请选 1 到 {most:,}。"
"""


@pytest.fixture
def chinese(tmp_path, monkeypatch):
    (tmp_path / "zh.po").write_text(CHINESE, encoding="utf-8")
    monkeypatch.setattr(i18n, "CATALOGUES", tmp_path)
    i18n.catalogue.cache_clear()
    i18n._plural_rule.cache_clear()
    yield
    i18n.catalogue.cache_clear()
    i18n._plural_rule.cache_clear()


def helped(capsys, *arguments) -> str:
    with pytest.raises(SystemExit) as end:
        main([*arguments, "--help"])
    assert end.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("name", commands.NAMES)
def test_every_command_says_what_it_does_and_takes_a_language(name, capsys):
    said = " ".join(helped(capsys, name).split())
    assert str(commands.command(name).HELP) in said
    assert "--lang" in said


def test_each_command_is_a_module_and_each_module_a_command_or_what_they_share():
    modules = {path.stem for path in (ROOT / "vae" / "commands").glob("*.py")}
    assert modules == {*commands.NAMES, "__init__", "console", "options", "settings"}


@pytest.mark.parametrize("arguments", [["--help"], ["train", "--help"], ["diagnose", "--help"]])
def test_help_loads_neither_torch_nor_plotly(arguments):
    code = (
        "import sys\nfrom vae.cli import main\ntry:\n    main(sys.argv[1:])\n"
        "except SystemExit: pass\nprint({'torch', 'plotly', 'streamlit'} & set(sys.modules))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True,
        cwd=ROOT,
    )  # fmt: skip
    assert said.stdout.splitlines()[-1] == "set()"


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_a_language_is_asked_for_before_or_after_the_command(chinese, capsys, before):
    arguments = ["sample", "nowhere", "-n", "0"]
    language = ["--lang", "zh-CN"]
    assert main([*language, *arguments] if before else [*arguments, *language]) == 2
    assert capsys.readouterr().err == "错误：-n 为 0；请选 1 到 100,000。\n"


def test_help_is_in_the_language_of_the_environment(chinese, capsys, monkeypatch):
    monkeypatch.setenv("LANGUAGE", "zh_CN:en")
    assert "先验分布的句子" in helped(capsys)
    assert "多少" in helped(capsys, "sample")
    assert "how many" in helped(capsys, "sample", "--lang", "en")


def test_a_language_that_is_not_spoken_is_refused_with_those_that_are(chinese, capsys):
    assert main(["corpora", "--lang", "tlh"]) == 2
    assert "no language 'tlh'; choose en or zh" in capsys.readouterr().err


def test_after_a_command_the_language_is_what_it_was(chinese, capsys):
    main(["sample", "nowhere", "-n", "0", "--lang", "zh"])
    assert i18n.language() == "en"


@pytest.mark.parametrize("asked", [None, "active"])
def test_threads_sleep_while_they_wait_unless_another_policy_is_asked_for(asked):
    start = "sys.argv = ['vae', 'sample', 'factors']; runpy.run_module('vae', run_name='__main__')"
    assert wait_policy(start, asked) == (asked or "passive")
