"""Adapters that do what nobody should: they exit, die, raise, hang, or take their time."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Callable, Sequence
from zlib import crc32

import torch
from torch import Tensor


class Bag:
    """A point for each sentence, made of its words; what it says are as many words as z is long."""

    has_posterior = False
    latent_dim = 4

    def __init__(self, **instead: Callable[..., object]) -> None:
        for name, method in instead.items():
            setattr(self, name, method)

    def encode(self, sentences: Sequence[str]) -> Tensor:
        """(N, 4): how many words fall into each of four drawers, and a fraction for their order."""
        codes = torch.zeros(len(sentences), 4)
        for row, sentence in zip(codes, sentences, strict=True):
            for i, word in enumerate(sentence.split()):
                row[crc32(word.encode()) % 4] += 1 + i / 100
        return codes

    def decode(self, z: Tensor) -> list[str]:
        """A word for each step of the first number."""
        return [" ".join(["word"] * (1 + abs(int(row[0])))) for row in z]


def make() -> Bag:
    return Bag()


def make_exit_in_making() -> Bag:
    sys.exit(3)


def make_exit_in_encode() -> Bag:
    return Bag(encode=lambda sentences: sys.exit(3))


def make_exit_in_decode() -> Bag:
    return Bag(decode=lambda z: sys.exit("out of credit"))


def make_interrupt_in_decode() -> Bag:
    def decode(z: Tensor) -> list[str]:
        raise KeyboardInterrupt

    return Bag(decode=decode)


def make_raise_in_decode() -> Bag:
    def decode(z: Tensor) -> list[str]:
        raise RuntimeError("CUDA error: device-side assert triggered")

    return Bag(decode=decode)


def make_fail_in_decode() -> Bag:
    """It exits, is interrupted or raises, as the first number says: 0, 1 or 2."""
    failing = (make_exit_in_decode(), make_interrupt_in_decode(), make_raise_in_decode())
    return Bag(decode=lambda z: failing[int(z[0, 0])].decode(z))


def make_die_in_decode() -> Bag:
    return Bag(decode=lambda z: os._exit(7))


def make_crash_in_decode() -> Bag:
    return Bag(decode=lambda z: ctypes.string_at(0))


def make_hang_in_decode() -> Bag:
    return Bag(decode=lambda z: time.sleep(3_600))


def make_slow() -> Bag:
    """As many seconds a latent as the environment says, two without."""
    seconds = float(os.environ.get("SLOW_SECONDS", "2"))

    def decode(z: Tensor) -> list[str]:
        time.sleep(seconds * len(z))
        return Bag().decode(z)

    return Bag(decode=decode)


def make_noisy() -> Bag:
    """It prints, draws, and gives types of its own."""

    class Text(str):
        pass

    def sample(z: Tensor, generator: torch.Generator, temperature: float) -> list[str]:
        print("drawing", flush=True)
        numbers = torch.randint(1_000_000, (len(z),), generator=generator).tolist()
        return [Text(n) for n in numbers]

    return Bag(sample=sample)
