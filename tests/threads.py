"""How threads wait for each other: settled before torch is loaded, which is when OpenMP asks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_WATCH = """
import os, runpy, sys
class Watch:
    def find_spec(self, name, path, target=None):
        if name == "torch":
            print(os.environ.get("OMP_WAIT_POLICY"), flush=True)
            os._exit(0)
sys.meta_path.insert(0, Watch())
"""


def wait_policy(start: str, asked: str | None = None) -> str:
    """How threads wait when torch is loaded, which is when OpenMP reads it.

    Args:
        start: Python that starts what is asked about.
        asked: the policy in the environment.
    """
    environment = {k: v for k, v in os.environ.items() if k != "OMP_WAIT_POLICY"}
    if asked:
        environment["OMP_WAIT_POLICY"] = asked
    done = subprocess.run(
        [sys.executable, "-c", _WATCH + start],
        cwd=Path(__file__).resolve().parents[1],
        env=environment,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip() or done.stderr
