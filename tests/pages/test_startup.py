"""The first page comes soon: nothing is loaded that it does not need, or before the answer."""

import gc
import subprocess
import sys

from streamlit.testing.v1 import AppTest

from tests.pages.support import ROOT

# What is loaded when the sentence is shown that came back, and when the page is there.
FIRST_PAGE = """
import sys
from pages.common import prose
from streamlit.testing.v1 import AppTest

HEAVY = ("vae.figures", "sklearn", "scipy.stats", "umap", "numba")
loaded = lambda: [name for name in HEAVY if name in sys.modules]
show = prose.show

def answered(*given, **named):
    print("answered", *loaded())
    show(*given, **named)

prose.show = answered
assert not AppTest.from_file("app.py", default_timeout=120).run().exception
print("whole", *loaded())
"""


def test_the_answer_waits_for_no_chart_and_the_first_page_for_no_statistics():
    said = subprocess.run(
        [sys.executable, "-c", FIRST_PAGE], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout.splitlines()[-2:] == ["answered", "whole vae.figures"]


def test_what_the_app_has_loaded_is_not_looked_at_by_the_garbage_collector():
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    assert gc.isenabled()
    apart = gc.get_freeze_count()
    assert apart > 100_000
    app.run()
    assert gc.get_freeze_count() <= apart


SERVER = """
import asyncio, sys
import app
from pages.common import loading

assert "torch" not in sys.modules

async def served():
    async with app.app._user_lifespan(app.app):
        pass

asyncio.run(served())
loading._begun().join()
print(*(name for name in ("torch", "vae.figures") if name in sys.modules))
"""


def test_the_server_loads_what_pages_need_before_the_first_visit():
    said = subprocess.run(
        [sys.executable, "-c", SERVER], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout.splitlines()[-1:] == ["torch vae.figures"]
