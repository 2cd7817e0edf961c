"""The teacher's key opens, and nothing else does."""

import pytest

from vae.classroom import key


def test_a_key_is_made_once_a_start_and_is_long(monkeypatch):
    monkeypatch.delenv(key.VARIABLE, raising=False)
    assert key.teacher_key() == key.teacher_key()
    assert len(key.teacher_key()) >= 24
    assert key.made_here() == key.teacher_key()
    assert key.opens(f" {key.teacher_key()}\n")


@pytest.mark.parametrize("given", ["", "a", "中文", "\ud800", "0" * 24])
def test_nothing_else_opens(given):
    assert not key.opens(given)


def test_several_servers_can_share_one(monkeypatch):
    monkeypatch.setenv(key.VARIABLE, "chalk and blackboard")
    assert key.opens("chalk and blackboard")
    assert key.made_here() is None
    assert not key.opens("chalk")


@pytest.mark.parametrize("named", [" chalk\n", "chalk "])
def test_blanks_around_a_named_key_are_none_of_its_letters(monkeypatch, named):
    monkeypatch.setenv(key.VARIABLE, named)
    assert key.opens("chalk")
    assert not key.opens("")


def test_a_key_of_blanks_is_none(monkeypatch):
    monkeypatch.setenv(key.VARIABLE, "  ")
    assert key.made_here() == key.teacher_key()
    assert not key.opens("")
