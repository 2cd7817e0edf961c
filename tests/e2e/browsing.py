"""A Streamlit server of its own and a browser to look at it: for journeys and benchmarks."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Locator,
    Page,
    Playwright,
    ViewportSize,
    expect,
)
from playwright.sync_api import TimeoutError as PlaywrightTimeout

ROOT = Path(__file__).resolve().parents[2]
BROWSER_VARIABLE = "LATENT_LENS_CHROMIUM"
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
PROJECTOR: ViewportSize = {"width": 1280, "height": 720}

# Three of them let WebGL, which draws the map, run without a graphics card.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    # Only WebGL is worth the imitation of a graphics card: pages are put together without, which
    # takes two thirds of the processor's time.
    "--disable-gpu-compositing",
]

_UP_WITHIN = 60.0  # seconds; a cold disk reads 500 MB of torch first


def chromium() -> str | None:
    """The browser's path: what LATENT_LENS_CHROMIUM says, else what the system has."""
    if chosen := os.environ.get(BROWSER_VARIABLE):
        return chosen
    # The first has no window to draw, and takes a quarter less of the processor's time.
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def launch(playwright: Playwright) -> Browser:
    """The browser, for a program that is run by hand; without one it ends with a sentence."""
    path = chromium()
    if path is None:
        raise SystemExit("This needs Chromium.")
    return playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)


@dataclass
class Server:
    """A Streamlit server: where it listens, its process, and the file that it writes to."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def address(self, page: str = "", **query: object) -> str:
        """The address of a page, with what a link to it holds."""
        return f"{self.url}/{page}" + (f"?{urlencode(query)}" if query else "")

    def output(self) -> str:
        """All that the server has said so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    @contextmanager
    def paused(self) -> Iterator[None]:
        """The server stands still: whatever the browser shows now, it shows by itself."""
        os.killpg(self.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self.process.pid, signal.SIGCONT)


@contextmanager
def serve(
    script: Path,
    folder: Path,
    *,
    wait: bool = True,
    environment: Mapping[str, str] | None = None,
    below: str = "",
) -> Iterator[Server]:
    """Run a Streamlit script on a free port until the block ends.

    Args:
        folder: an empty directory for the server's output and the app's cache.
        wait: for the server to answer.
        environment: variables for the server, beside those of this process.
        below: the path that all its addresses begin with, as behind a proxy: "school/lens".
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder / "server.log"
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    command += ["--server.headless=true", f"--server.port={port}", "--server.address=127.0.0.1"]
    command += [f"--server.baseUrlPath={below}"] if below else []
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env={
                **os.environ,
                "LATENT_LENS_CACHE": str(folder / "cache"),
                "LATENT_LENS_CLASS_DB": str(folder / "class.sqlite"),
                **(environment or {}),
            },
            start_new_session=True,
        )
    root = f"http://127.0.0.1:{port}"
    server = Server(f"{root}/{below}" if below else root, process, log)
    try:
        if wait:
            _until_healthy(server)
        yield server
    finally:
        _end(process)


def _until_healthy(server: Server) -> None:
    deadline = time.monotonic() + _UP_WITHIN
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            raise RuntimeError(f"The server ended at once:\n{server.output()}")
        try:
            with urlopen(f"{server.url}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"No answer within {_UP_WITHIN:.0f} s:\n{server.output()}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the server and what it started; its group is its own."""
    for what in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, what)
            process.wait(timeout=5)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


# -- looking -------------------------------------------------------------------------------------


def settled(page: Page, timeout: float = 60_000) -> None:
    """Wait until the script of the page has run and nothing of it is being replaced."""
    app = page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')
    expect(app).to_be_visible(timeout=timeout)
    expect(page.get_by_role("heading", level=1).first).to_be_visible(timeout=timeout)
    expect(page.locator('[data-testid="stSkeleton"]')).to_have_count(0, timeout=timeout)


def visit(page: Page, address: str) -> None:
    """Open an address and wait for the page."""
    page.goto(address)
    settled(page)


def turn_to(page: Page, address: str) -> None:
    """Go to an address as the browser's own "back" does, in the session that is open.

    A fifth of the processor's time that `visit` takes, which loads the app and Plotly anew. On the
    same page the address says all that is chosen; to another page one takes along what was chosen,
    whatever the address says.
    """
    if page.url.startswith("http"):
        # A run that is under way would write its own address over the new one.
        settled(page)
        page.evaluate(
            """address => {
                history.pushState({}, "", address);
                window.dispatchEvent(new PopStateEvent("popstate"));
                return new Promise(
                    (done) => requestAnimationFrame(() => requestAnimationFrame(done))
                );
            }""",
            address,
        )
        settled(page)
    else:
        visit(page, address)


def whole_and_calm(page: Page) -> None:
    """No exception, and no message that the page could not be made."""
    expect(page.locator('[data-testid="stException"]')).to_have_count(0)
    expect(page.get_by_text("could not be made")).to_have_count(0)
    expect(page.get_by_text("Page not found")).to_have_count(0)


def overflow(page: Page) -> float:
    """By how many pixels the page is wider than the window."""
    return page.evaluate(
        """() => {
            const main = document.querySelector('[data-testid="stMain"]');
            const block = document.querySelector('[data-testid="stMainBlockContainer"]');
            return Math.max(
                main.scrollWidth - main.clientWidth,
                block.scrollWidth - block.clientWidth,
                document.documentElement.scrollWidth - window.innerWidth
            );
        }"""
    )


def fits(page: Page, what: str = "The page", most: int = 1, seconds: float = 30) -> None:
    """At most so wide, in pixels, beyond the window, once charts and tables followed its size."""
    expect(page.locator(".js-plotly-plot:not(:has(.main-svg))")).to_have_count(0)
    deadline = time.monotonic() + seconds
    while (wider := overflow(page)) > most and time.monotonic() < deadline:
        page.wait_for_timeout(200)
    assert wider <= most, f"{what} is {wider:.0f} px too wide: {_too_wide(page)}"


def _too_wide(page: Page) -> list[str]:
    """The elements that stand out to the right, as far as no element around them cuts them off."""
    return page.evaluate(
        """() => [...document.querySelectorAll('[data-testid="stMain"] *')]
            .filter((e) => e.getBoundingClientRect().right > window.innerWidth + 1)
            .slice(0, 12)
            .map((e) => `${e.tagName}.${e.dataset.testid ?? e.className} ends at `
                + Math.round(e.getBoundingClientRect().right))"""
    )


def slider(page: Page, name: str | re.Pattern[str] | None = None) -> Locator:
    """A slider by its name; without one, the first that moves a sentence."""
    if name is None:
        return page.locator('input[type="range"]').first
    return page.get_by_role("slider", name=name)


def choose(field: Locator, option: str) -> None:
    """Open a list of choices and take one, by its whole name.

    On a loaded machine a page may run once more after it was settled, and then closes the list.
    """
    wanted = field.page.get_by_role("option", name=option, exact=True)
    _until_open(field, lambda patience: wanted.click(timeout=patience))


def offered(field: Locator) -> list[str]:
    """What a list of choices offers, opened."""
    options = field.page.get_by_role("option")
    _until_open(field, lambda patience: options.first.wait_for(timeout=patience))
    return options.all_inner_texts()


def _until_open(field: Locator, then: Callable[[int], None]) -> None:
    for patience in (5_000, 10_000, 30_000):
        if field.get_attribute("aria-expanded") != "true":
            field.click()
        with suppress(PlaywrightTimeout):
            return then(patience)
    raise AssertionError("The list does not stay open, or does not offer it.")


def big_sentence(page: Page) -> Locator:
    """The sentence above the sliders of Interpolate and Dimensions."""
    return page.locator(".say .sentence")


class Complaints:
    """What the browser's console calls an error, and what the page's own scripts throw."""

    # Software rendering warns of itself. On a deep link Streamlit first asks for its own addresses
    # below the page, and the first one of a server alarms it falsely (page_not_found.py).
    BENIGN = re.compile(
        r"WebGL|GPU stall|GL Driver Message|favicon|_stcore/(health|host-config)"
        r"|The page that you have requested does not seem to exist",
        re.IGNORECASE,
    )

    def __init__(self, page: Page) -> None:
        self.said: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.said.append(f"{page.url}: {error}"))

    def _console(self, message: ConsoleMessage) -> None:
        said = f"{message.text} ({message.location.get('url', '')})"
        if message.type == "error" and not self.BENIGN.search(said):
            self.said.append(said)
