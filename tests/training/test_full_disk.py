"""A full disk, by way of a limit on the size of a file: the run says so and loses nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes import corpus
from vae.cli import main
from vae.runs.failure import failure
from vae.runs.store import RunDirectory

ROOT = Path(__file__).resolve().parents[2]
FLAGS = (
    *("--epochs", "6", "--tokens-per-batch", "256", "--min-count", "1", "--precision", "fp32"),
    *("--embedding-dim", "32", "--encoder-hidden", "32", "--decoder-hidden", "64"),
    *("--latent-dim", "4", "--checkpoint-seconds", "0.1", "--validate-every", "20"),
)
# In kilobytes: config, tokenizer and events fit, weights do not.
SMALL_KB = 60


@pytest.mark.skipif(sys.platform == "win32", reason="limits are those of a POSIX shell")
def test_a_run_on_a_full_disk_fails_with_a_remedy_and_goes_on_when_there_is_room(tmp_path):
    file, out = tmp_path / "own.txt", tmp_path / "run"
    file.write_text("\n".join(corpus().sentences[:150]), encoding="utf-8")

    train = ["train", str(file), "--out", str(out)]
    full = subprocess.run(
        [
            *("bash", "-c", f'ulimit -f {SMALL_KB}; exec "$@"', "bash"),
            *(sys.executable, "-m", "vae", *train, *FLAGS),
        ],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1", "LATENT_LENS_CACHE": str(tmp_path / "c")},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert full.returncode == 2, full.stderr
    assert "Traceback" not in full.stderr
    assert full.stderr.splitlines()[-1].startswith("error: ")
    assert "Make room" in full.stderr.splitlines()[-1]
    run = RunDirectory(out)
    assert run.state() == "failed"
    assert "disk is full" in failure(run).advice
    assert not [p for p in out.iterdir() if p.name.endswith(".tmp")]
    assert main([*train, "--resume"]) == 0
    assert run.state() == "finished"
