"""A session of the app over its own websocket: what a browser says and hears, without the browser.

It holds what stands on the page, answers with the state of its widgets, and keeps large messages as
a browser does. Thirty of them cost less than one browser, so that a test can be a whole class.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

COOKIE = "latent-lens-pupil"
_KEPT_FOR = 2
"""Runs for which a browser keeps a large message that is not sent again."""


class Visitor:
    """One session; `open_session` makes it.

    Attributes:
        page: path of an element in the page to the element.
        pupil: the id that the page gave the browser to keep; "" before there is one.
        received: bytes of all messages so far.
    """

    def __init__(self, socket: ClientConnection, page_name: str, query: str) -> None:
        self.page: dict[tuple[int, ...], Any] = {}
        self.pupil = ""
        self.received = 0
        self._socket = socket
        self._page_name = page_name
        self._query = query
        self._script = ""
        self._fragments: dict[tuple[int, ...], str] = {}
        self._states: dict[str, WidgetState] = {}
        self._large: dict[str, tuple[int, Any, str]] = {}
        self._runs = 0
        self._fresh: set[tuple[int, ...]] = set()

    # -- what a person does -----------------------------------------------------------------------

    async def run(self) -> float:
        """Load the page; seconds until its script has ended."""
        return await self._rerun("")

    async def press(self, key: str) -> float:
        """Press a button; seconds until the page stands again."""
        path, button = self._widget(key)
        assert not button.disabled, f"{key} is disabled"
        return await self._change(path, WidgetState(id=button.id, trigger_value=True))

    async def choose(self, key: str, choice: int) -> float:
        """Take a choice of radio buttons or of a row of segments, by its place."""
        path, widget = self._widget(key)
        state = WidgetState(id=widget.id)
        option = widget.options[choice]
        if isinstance(option, str):
            state.string_value = option
        else:
            state.string_array_value.data.append(option.content)
        return await self._change(path, state)

    async def type(self, key: str, text: str) -> float:
        """Put a text into a field."""
        path, field = self._widget(key)
        return await self._change(path, WidgetState(id=field.id, string_value=text))

    def has(self, key: str) -> bool:
        """Whether a widget stands on the page."""
        return any(self._is(element, key) for element in self.page.values())

    def label(self, key: str) -> str:
        """What a widget is called; "" where it is not on the page."""
        return str(self._widget(key)[1].label) if self.has(key) else ""

    def options(self, key: str) -> list[str]:
        """The choices of radio buttons."""
        return list(self._widget(key)[1].options)

    def chosen(self, key: str) -> str:
        """What the page says that radio buttons stand at; "" where nothing is chosen."""
        return str(self._widget(key)[1].raw_value)

    def key(self, beginning: str) -> str | None:
        """The whole key of the first widget whose key begins so."""
        for element in self.page.values():
            found = str(getattr(_inner(element), "id", "")).split("-", 2)
            if len(found) == 3 and found[2].startswith(beginning):
                return found[2]
        return None

    # -- what passes between browser and server ---------------------------------------------------

    async def _change(self, path: tuple[int, ...], state: WidgetState) -> float:
        self._states[state.id] = state
        try:
            return await self._rerun(self._fragments.get(path, ""))
        finally:
            if state.HasField("trigger_value"):
                self._states.pop(state.id, None)

    async def _rerun(self, fragment: str) -> float:
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_script_hash = self._query, self._script
        asked.page_name, asked.fragment_id = self._page_name, fragment
        asked.context_info.locale = "en-GB"
        asked.cached_message_hashes.extend(self._large)
        standing = {getattr(_inner(element), "id", "") for element in self.page.values()}
        asked.widget_states.widgets.extend(s for i, s in self._states.items() if i in standing)
        began = time.perf_counter()
        await self._socket.send(message.SerializeToString())
        while not await self._heard():
            pass
        return time.perf_counter() - began

    async def _heard(self) -> bool:
        """Take in a message; whether it says that the script has ended."""
        data = await self._socket.recv()
        assert isinstance(data, bytes)
        self.received += len(data)
        message = ForwardMsg.FromString(data)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._runs += 1
            self._fresh = set()
        elif kind == "navigation":
            self._script = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "ref_hash":
            _, element, fragment = self._large[message.ref_hash]
            self._large[message.ref_hash] = (self._runs, element, fragment)
            self._put(tuple(message.metadata.delta_path), element, fragment)
        elif kind == "delta":
            self._take(message)
        elif kind == "script_finished":
            return self._ended(message.script_finished)
        return False

    def _take(self, message: ForwardMsg) -> None:
        path, delta = tuple(message.metadata.delta_path), message.delta
        if delta.WhichOneof("type") == "new_element":
            if message.metadata.cacheable:
                self._large[message.hash] = (self._runs, delta.new_element, delta.fragment_id)
            self._put(path, delta.new_element, delta.fragment_id)
        elif delta.WhichOneof("type") == "add_block":
            self._fresh.add(path)

    def _put(self, path: tuple[int, ...], element: Any, fragment: str) -> None:
        self.page[path], self._fragments[path] = element, fragment
        self._fresh.add(path)
        inner = _inner(element)
        # What the server sets goes before what was chosen here.
        if getattr(inner, "set_value", False):
            self._states.pop(inner.id, None)
        if element.WhichOneof("type") == "bidi_component" and "pupil" in inner.component_name:
            self.pupil = json.loads(inner.json or inner.mixed.json)["pupil"]

    def _ended(self, status: int) -> bool:
        if status == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return False
        assert status != ForwardMsg.FINISHED_WITH_COMPILE_ERROR
        if status == ForwardMsg.FINISHED_SUCCESSFULLY:
            self.page = {path: e for path, e in self.page.items() if path in self._fresh}
        oldest = self._runs - _KEPT_FOR
        self._large = {name: kept for name, kept in self._large.items() if kept[0] >= oldest}
        wrong = [e for e in self.page.values() if e.WhichOneof("type") == "exception"]
        assert not wrong, wrong[0].exception.message
        return True

    def _widget(self, key: str) -> tuple[tuple[int, ...], Any]:
        for path, element in self.page.items():
            if self._is(element, key):
                return path, _inner(element)
        raise LookupError(f"There is no {key} on the page.")

    def _is(self, element: Any, key: str) -> bool:
        return str(getattr(_inner(element), "id", "")).endswith(f"-{key}")


def _inner(element: Any) -> Any:
    return getattr(element, element.WhichOneof("type") or "", None)


@asynccontextmanager
async def open_session(
    url: str, page: str = "", pupil: str = "", **query: object
) -> AsyncIterator[Visitor]:
    """A new session at an address of the app, connected and not yet run, until the block ends.

    Args:
        url: of the server, as `tests.e2e.browsing.Server.url`.
        page: the page's address below it.
        pupil: the id that a browser has kept in its cookie.
        query: what the link holds.
    """
    address = f"{url.replace('http', 'ws', 1)}/_stcore/stream"
    headers = {"Cookie": f"{COOKIE}={pupil}"} if pupil else {}
    async with connect(
        address, subprotocols=["streamlit"], max_size=None, additional_headers=headers
    ) as socket:
        yield Visitor(socket, page, urlencode(query))
