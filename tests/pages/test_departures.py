"""Who has left is let go of: nothing of a session stays but what all share."""

import asyncio
import gc
import time
import weakref
from types import SimpleNamespace

import pytest
from streamlit.runtime import Runtime, RuntimeConfig
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from pages.common import departures
from tests import loops
from tests.pages.support import ROOT

TTL = 0.05


@pytest.fixture
def runtime(monkeypatch):
    """What keeps the sessions of a server, made as `st.App` does."""
    monkeypatch.setattr(Runtime, "_instance", None)
    return Runtime(
        RuntimeConfig(
            script_path=str(ROOT / "app.py"),
            media_file_storage=MemoryMediaFileStorage("/media"),
            uploaded_file_manager=MemoryUploadedFileManager("/upload"),
            session_storage=MemorySessionStorage(ttl_seconds=TTL),
        )
    )


def opened(runtime):
    """The id of a new session, and a reference that does not keep it."""
    client = SimpleNamespace(write_forward_msg=lambda message: None)
    name = runtime.connect_session(client=client, user_info={})
    return name, weakref.ref(runtime._session_mgr.get_session_info(name).session)


def test_a_session_is_gone_soon_after_it_was_left_and_none_before(runtime):
    async def class_is_over():
        await runtime.start()
        stays, staying = opened(runtime)
        left, leaving = opened(runtime)
        runtime.disconnect_session(left)
        assert departures.let_go() == 0
        await asyncio.sleep(2 * TTL)
        assert departures.let_go() == 1
        gc.collect()
        assert leaving() is None
        assert runtime.is_active_session(stays)
        assert staying() is not None
        runtime.stop()
        await runtime.stopped

    loops.run(class_is_over())


def test_the_server_looks_by_itself(runtime, monkeypatch):
    monkeypatch.setattr(departures, "EVERY", TTL / 2)

    async def somebody_leaves():
        await runtime.start()
        async with departures.watched():
            name, session = opened(runtime)
            runtime.disconnect_session(name)
            until = time.monotonic() + 10
            while session() is not None and time.monotonic() < until:
                await asyncio.sleep(TTL)
        runtime.stop()
        await runtime.stopped
        return session()

    assert loops.run(somebody_leaves()) is None


def test_all_is_given_back_within_a_minute():
    from streamlit import config

    assert config.get_option("server.disconnectedSessionTTL") + 2 * departures.EVERY < 60
