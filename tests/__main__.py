"""All tests: `python -m tests`. Journeys through the app in a browser mostly wait for it, so the
other tests run beside them and take what the journeys leave of the machine."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
PYTEST = [sys.executable, "-m", "pytest"]
JOURNEYS = [*PYTEST, "tests/e2e"]
OTHERS = [*PYTEST, "--ignore", "tests/e2e", "-n", "2", "--dist", "loadfile"]


def main() -> int:
    """Run both halves, show one while it runs and the other after it; 0 where both pass."""
    with tempfile.TemporaryFile(mode="w+", encoding="utf-8", errors="replace") as said:
        journeys = subprocess.Popen(JOURNEYS, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT)
        others = subprocess.Popen(OTHERS, cwd=ROOT)
        # A page that waits for its server is what a journey would time out on.
        psutil.Process(others.pid).nice(_LOW)
        try:
            statuses = [others.wait(), journeys.wait()]
        finally:
            for half in (others, journeys):
                half.terminate()
        said.seek(0)
        print("\nJourneys in a browser (tests/e2e):", said.read(), sep="\n")
    return max(map(abs, statuses))


_LOW = psutil.BELOW_NORMAL_PRIORITY_CLASS if sys.platform == "win32" else 19

if __name__ == "__main__":
    sys.exit(main())
