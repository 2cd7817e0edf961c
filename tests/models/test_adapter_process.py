"""An adapter in its own process: whatever it does, there is a sentence, and nobody else ends."""

import os
import sys
import time
from pathlib import Path

import pytest
import torch

from tests.fakes import seeded
from vae.backends import AdaptedModel
from vae.errors import UserError
from vae.explorer import Explorer
from vae.models.adapter_process import AdapterProcess
from vae.models.adapters import PATIENCE, Here, patience
from vae.progress import heard_by
from vae.runs.store import RunDirectory

MODULE = "tests.adapters.misbehaving"
A = "She loves the film."


def opened(name: str) -> Explorer:
    process = AdapterProcess(name, tuple(sys.path)).start()
    return Explorer(RunDirectory(Path("nowhere")), AdaptedModel(name, process, "nowhere"))


def decode(explorer: Explorer, n: int = 1) -> list[str]:
    return explorer.decode(torch.ones(n, 4))


@pytest.fixture(scope="module")
def noisy():
    return opened(f"{MODULE}:make_noisy")


def test_it_answers_as_it_would_here(noisy):
    from tests.adapters.misbehaving import Bag

    here = AdaptedModel("here", Bag(), "nowhere")
    sentences = [f"{A} {i}" for i in range(200)]
    codes = noisy.encode(sentences)
    assert codes.is_point
    assert torch.equal(codes.mean, here.encode(sentences).mean)
    assert noisy.decode(codes.mean) == here.decode(codes.mean)


def test_what_it_draws_goes_on_from_part_to_part(noisy):
    z = torch.zeros(150, 4)
    first, again = (noisy.decode(z, "sample", generator=seeded(3)) for _ in range(2))
    assert first == again
    assert len(set(first)) > 140
    assert {type(text) for text in first} == {str}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("tests.adapters.exits_at_import:make", "SystemExit: this machine has no GPU"),
        (f"{MODULE}:make_exit_in_making", "SystemExit: 3"),
        (f"{MODULE}:nothing", "has no 'nothing'"),
        ("no_such_module:make", "no module 'no_such_module'"),
    ],
)
def test_one_that_ends_while_it_is_made_is_a_sentence(name, words):
    with pytest.raises(UserError, match=words) as told:
        opened(name)
    assert name.partition(":")[0] in str(told.value)


@pytest.fixture(scope="module")
def failing():
    return opened(f"{MODULE}:make_fail_in_decode")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (0, "SystemExit: out of credit"),
        (1, "KeyboardInterrupt"),
        (2, "device-side assert"),
    ],
)
def test_one_that_fails_later_names_itself_and_the_method_and_goes_on(failing, kind, words):
    child = failing.backend._host._child
    assert_named_and_answered_again(failing, kind, words)
    assert failing.backend._host._child is child


@pytest.mark.parametrize(
    ("variant", "words"),
    [("die_in_decode", "exit status 7"), ("crash_in_decode", "SIGSEGV")],
)
def test_one_that_ends_later_names_itself_and_the_method_and_is_started_again(variant, words):
    explorer = opened(f"{MODULE}:make_{variant}")
    child = explorer.backend._host._child
    assert_named_and_answered_again(explorer, 0, words)
    assert explorer.backend._host._child is not child


def assert_named_and_answered_again(explorer: Explorer, kind: int, words: str) -> None:
    for _ in range(2):
        with pytest.raises(UserError, match=words) as told:
            explorer.decode(torch.full((1, 4), float(kind)))
        assert explorer.backend._host.name in str(told.value)
        assert "decode" in str(told.value)
        assert explorer.encode([A]).mean.shape == (1, 4)


def test_one_that_hangs_is_ended_and_left_alone_for_a_while(monkeypatch):
    explorer = opened(f"{MODULE}:make_hang_in_decode")
    monkeypatch.setenv(PATIENCE, "1")
    began = time.monotonic()
    with pytest.raises(UserError, match="has not answered decode for 1 s") as told:
        decode(explorer)
    waited = time.monotonic() - began
    assert 1 <= waited < 5
    assert PATIENCE in str(told.value)
    with pytest.raises(UserError, match="has not answered decode"):
        explorer.encode([A])
    assert time.monotonic() - began - waited < 0.5
    process = explorer.backend._host
    process._refusal = (time.monotonic() - 1, told.value)  # the while has passed
    monkeypatch.setenv(PATIENCE, "60")
    assert explorer.encode([A]).mean.shape == (1, 4)


def test_one_that_is_slow_is_followed_and_can_be_given_up(monkeypatch):
    monkeypatch.setenv("SLOW_SECONDS", "0.02")
    explorer = opened(f"{MODULE}:make_slow")
    heard: list[tuple[int, int, str]] = []
    with heard_by(lambda *far: heard.append((*far[:2], str(far[2])))):
        assert len(decode(explorer, 150)) == 150
    assert {total for _, total, _ in heard} == {150}
    assert {done for done, _, _ in heard} >= {0, 64}
    assert heard[0][2] == f"Waiting for decode of {MODULE}:make_slow"

    class EnoughError(Exception):
        pass

    def cancel(done, total, what):
        raise EnoughError

    began = time.monotonic()
    with heard_by(cancel), pytest.raises(EnoughError):
        decode(explorer, 150)
    assert time.monotonic() - began < 1.2
    # The answer that nobody waited for is not taken for the next one's.
    assert decode(explorer, 2) == ["word word"] * 2


def test_its_process_goes_when_nobody_has_it():
    process = AdapterProcess(f"{MODULE}:make", tuple(sys.path)).start()
    child = process._child._process
    del process
    assert child.wait(timeout=5) != 0


def test_an_exit_of_a_model_that_was_made_here_is_a_sentence_too():
    from tests.adapters import misbehaving

    model = AdaptedModel("mine:make", misbehaving.make_exit_in_decode(), "nowhere")
    with pytest.raises(UserError, match=r"mine:make failed in decode \(SystemExit: out of credit"):
        model.decode(torch.ones(1, 4))


def test_an_interrupt_by_the_person_is_not_the_adapters_fault():
    from tests.adapters import misbehaving

    with pytest.raises(KeyboardInterrupt):
        Here(misbehaving.make_interrupt_in_decode()).ask("decode", torch.ones(1, 4))


@pytest.mark.parametrize("given", ["soon", "0", "-3", "nan", "inf"])
def test_a_patience_that_is_none_is_a_sentence(monkeypatch, given):
    monkeypatch.setenv(PATIENCE, given)
    with pytest.raises(UserError, match=PATIENCE):
        patience()


def test_patience_is_a_minute_where_nobody_says(monkeypatch):
    monkeypatch.delenv(PATIENCE, raising=False)
    assert patience() == 60
    assert os.environ.get(PATIENCE) is None
