"""A class of thirty goes through a lesson and answers, through the whole app, on this machine.

Each pupil is a session over the app's own websocket (`tests.visitor`) that has joined by the code
of the class, reads (the think time), and then answers, says how sure it is, or goes on; at the step
with a field it types a sentence of its own. Told are the 95th percentiles of a step, from the press
until the script has ended: of one pupil alone on the server, of thirty who read, of thirty who
press within three seconds of the teacher's word, and of thirty in the same moment; the memory of a
pupil and what of it is given back in the minute after they left; and how many answers are lost when
the server is killed while thirty answer. Beside seconds stands the processor time of the server,
which other work on the machine disturbs less.
Run by hand: python -m tests.benchmarks.classroom [--pupils N] [--think SECONDS] [--seconds N]
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import signal
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from statistics import median, quantiles

import psutil
from websockets.exceptions import ConnectionClosed

from tests.e2e.browsing import ROOT, Server, serve
from tests.visitor import Visitor, open_session
from vae.classroom.store import ClassStore
from vae.corpora import load

LESSON = "distribution"
TARGET = 4.0
MINUTE = 60.0
WORD = 3.0
"""Seconds in which a class has done what its teacher said."""
ENVIRONMENT = {"OMP_NUM_THREADS": "1"}


class Pupil:
    """A visitor that goes through the lesson, one press after the other, from its end anew.

    Attributes:
        said: every answer that the page has taken: (step, value).
    """

    def __init__(self, visitor: Visitor, sentence: str, number: int) -> None:
        self.visitor = visitor
        self.said: list[tuple[int, str]] = []
        self._sentence = sentence
        self._number = number
        self._step = 1
        self._done: set[str] = set()

    async def press(self) -> float:
        """What comes next in the lesson; seconds until the page stands again."""
        at = self.visitor
        if (key := at.key("answer_")) and self._first(key):
            choice = self._number % 3
            took = await at.choose(key, choice)
            self.said.append((self._step, "abc"[choice]))
            return took
        if (key := at.key("sure_")) and self._first(key):
            return await at.choose(key, self._number % 3)
        if at.has("a_lesson") and self._first("a_lesson"):
            return await at.type("a_lesson", self._sentence)
        if at.label("lesson_next").startswith("Next: "):
            self._step += 1
            return await at.press("lesson_next")
        await at.press("lessons_all")
        self._step, self._done = 1, set()
        return await at.press(f"open_{LESSON}")

    def _first(self, key: str) -> bool:
        if key in self._done:
            return False
        self._done.add(key)
        return True


@contextlib.asynccontextmanager
async def class_of(n: int, server: Server, code: str) -> AsyncIterator[list[Pupil]]:
    """Pupils who have opened the lesson by the class's link; they leave when the block ends."""
    link = {"lesson": LESSON, "class": code, "lang": "en"}
    sentences = random.Random(0).sample(load("factors", n=2_000).sentences, n)
    async with contextlib.AsyncExitStack() as stack:
        pupils = []
        for i, sentence in enumerate(sentences):
            visitor = await stack.enter_async_context(open_session(server.url, "lesson", **link))
            pupils.append(Pupil(visitor, sentence, i))
        await asyncio.gather(*(pupil.visitor.run() for pupil in pupils))
        yield pupils


async def read_and_press(pupil: Pupil, think: float, until: float) -> list[float]:
    """The seconds of each step of a pupil who reads from half to one and a half of `think`."""
    took = []
    wait = random.random() * think
    while time.monotonic() + wait < until:
        await asyncio.sleep(wait)
        took.append(await pupil.press())
        wait = think * (0.5 + random.random())
    return took


def p95(seconds: list[float]) -> float:
    return quantiles(seconds, n=20, method="inclusive")[-1]


class Watch:
    """Memory and processor time of the server."""

    def __init__(self, server: Server) -> None:
        self._process = psutil.Process(server.process.pid)

    def seconds(self) -> float:
        times = self._process.cpu_times()
        return float(times.user + times.system)

    def megabytes(self) -> float:
        return float(self._process.memory_info().rss) / 2**20


def told(what: str, took: list[float], processor: float) -> float:
    """Say what steps took; their 95th percentile."""
    print(
        f"{what:<34} {len(took):4} steps: median {median(took) * 1e3:5.0f} ms, p95 "
        f"{p95(took) * 1e3:5.0f} ms; {processor / len(took) * 1e3:4.0f} ms of the processor each",
        flush=True,
    )
    return p95(took)


async def all_at_once(pupils: list[Pupil], rounds: int, within: float = 0.0) -> list[float]:
    """The seconds of steps that begin in the same moment, or at random within some seconds."""

    async def hear_and_press(pupil: Pupil) -> float:
        await asyncio.sleep(random.random() * within)
        return await pupil.press()

    took: list[float] = []
    for _ in range(rounds):
        took += await asyncio.gather(*map(hear_and_press, pupils))
        await asyncio.sleep(0.5)
    return took


async def steps(server: Server, code: str, options: argparse.Namespace) -> None:
    """What a step takes, and what a pupil costs in memory."""
    watch, n = Watch(server), options.pupils
    # A class before, so that what is kept for all is there.
    async with class_of(n, server, code) as pupils:
        await all_at_once(pupils, 8)
    left = time.monotonic()
    async with class_of(1, server, code) as [pupil]:
        await all_at_once([pupil], 20)
        processor = watch.seconds()
        took = await all_at_once([pupil], 40)
        alone = told("one pupil alone", took, watch.seconds() - processor)
    await asyncio.sleep(max(0.0, left + MINUTE - time.monotonic()))
    before = watch.megabytes()
    async with class_of(n, server, code) as pupils:
        processor, until = watch.seconds(), time.monotonic() + options.seconds
        reading = (read_and_press(pupil, options.think, until) for pupil in pupils)
        took = [one for many in await asyncio.gather(*reading) for one in many]
        what = f"{n} pupils, each every {options.think:g} s"
        many = told(what, took, watch.seconds() - processor)
        print(f"  {many / alone:.1f} times that of one (target {TARGET:g})")
        for within, what in (WORD, "within 3 s of a word"), (0.0, "in the same moment"):
            processor = watch.seconds()
            took = await all_at_once(pupils, 6, within)
            many = told(f"{n} pupils, {what}", took, watch.seconds() - processor)
            print(f"  {many / alone:.1f} times that of one")
        during = watch.megabytes()
    await asyncio.sleep(MINUTE)
    after = watch.megabytes()
    print(
        f"memory: {before:.0f} MB before the class, {during:.0f} MB with {n} pupils "
        f"({(during - before) / n:.2f} MB each), {after:.0f} MB a minute after they left"
    )


async def answer_until_cut(pupil: Pupil) -> None:
    with contextlib.suppress(ConnectionClosed):
        while True:
            await pupil.press()


async def killed(server: Server, code: str, n: int) -> list[Pupil]:
    """Pupils of a server that was killed while they answered."""
    async with class_of(n, server, code) as pupils:
        answering = asyncio.gather(*(answer_until_cut(pupil) for pupil in pupils))
        while min(len(pupil.said) for pupil in pupils) < 4:
            await asyncio.sleep(0.05)
        os.killpg(server.process.pid, signal.SIGKILL)
        await answering
    return pupils


async def come_back(server: Server, code: str, pupils: list[Pupil]) -> int:
    """How many pupils find their first answer as they gave it, by the id that a browser keeps."""
    link = {"lesson": LESSON, "class": code, "lang": "en", "step": 1}
    found = 0
    for pupil in pupils:
        address = open_session(server.url, "lesson", pupil.visitor.pupil, **link)
        async with address as visitor:
            await visitor.run()
            key = visitor.key("answer_") or ""
            kept = visitor.options(key).index(visitor.chosen(key)) if visitor.chosen(key) else -1
            found += "abc"[kept] == pupil.said[0][1] if kept >= 0 else 0
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pupils", type=int, default=30)
    parser.add_argument("--think", type=float, default=20.0, help="seconds a pupil reads a step")
    parser.add_argument("--seconds", type=float, default=80.0, help="that the class reads")
    options = parser.parse_args()
    load_1, cores = os.getloadavg()[0], os.cpu_count()
    print(f"load of the machine before: {load_1:.1f} on {cores} cores")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = ClassStore(str(folder / "class.sqlite"))
        environment = {**ENVIRONMENT, "LATENT_LENS_RUNS": str(folder / "runs")}
        code = store.create()
        with serve(ROOT / "app.py", folder, environment=environment) as server:
            asyncio.run(steps(server, code, options))
            code = store.create()
            pupils = asyncio.run(killed(server, code, options.pupils))
        kept = {(e.pupil, int(e.step), e.value) for e in store.entries(code)}
        said = {(p.visitor.pupil, *answer) for p in pupils for answer in p.said}
        print(f"killed: {len(said - kept)} of {len(said)} answers that pupils had given are lost")
        with serve(ROOT / "app.py", folder, environment=environment) as server:
            found = asyncio.run(come_back(server, code, pupils))
        print(f"started again: {found} of {len(pupils)} pupils find their first answer")
        store.close()


if __name__ == "__main__":
    main()
