"""A server that is killed in the middle of a class: whoever was told of an answer still has it."""

import asyncio
import contextlib
import os
import signal

from websockets.exceptions import ConnectionClosed

from tests import loops
from tests.e2e.browsing import ROOT, serve
from tests.visitor import open_session
from vae.classroom.store import ClassStore

PUPILS = 3
QUESTION = "answer_distribution_1"


async def answer_for_good(visitor, said):
    """Change one's mind again and again; what the page has taken is in `said`, in order."""
    with contextlib.suppress(ConnectionClosed):
        while True:
            await visitor.choose(QUESTION, len(said) % 3)
            said.append("abc"[len(said) % 3])


async def class_of_a_killed_server(server, link):
    """For each pupil its id and what it was told that it had said."""
    async with contextlib.AsyncExitStack() as stack:
        pupils = []
        for _ in range(PUPILS):
            visitor = await stack.enter_async_context(open_session(server.url, "lesson", **link))
            await visitor.run()
            pupils.append((visitor, []))
        answering = asyncio.gather(*(answer_for_good(*pupil) for pupil in pupils))
        while min(len(said) for _, said in pupils) < 3:
            await asyncio.sleep(0.01)
        os.killpg(server.process.pid, signal.SIGKILL)
        await answering
    return {visitor.pupil: said for visitor, said in pupils}


async def first_choice(server, pupil, link):
    """What a pupil's page shows as chosen, in a browser that has kept who it is."""
    async with open_session(server.url, "lesson", pupil, **link) as visitor:
        await visitor.run()
        return visitor.options(QUESTION).index(visitor.chosen(QUESTION))


def test_a_server_killed_while_pupils_answer_loses_nothing_that_they_were_told(tmp_path):
    store = ClassStore(str(tmp_path / "class.sqlite"))
    link = {"lesson": "distribution", "class": store.create(), "lang": "en"}
    environment = {"OMP_NUM_THREADS": "1", "LATENT_LENS_RUNS": str(tmp_path / "runs")}
    with serve(ROOT / "app.py", tmp_path, environment=environment) as server:
        told = loops.run(class_of_a_killed_server(server, link))
    assert len(told) == PUPILS
    kept = {pupil: [entry.value for entry in store.entries_of(pupil)] for pupil in told}
    for pupil, said in told.items():
        assert kept[pupil][: len(said)] == said
        # At most one was on the disk before the page had told it.
        assert len(kept[pupil]) <= len(said) + 1
    with serve(ROOT / "app.py", tmp_path, environment=environment) as server:
        for pupil, entries in kept.items():
            found = loops.run(first_choice(server, pupil, link))
            assert "abc"[found] == entries[-1]
    store.close()
