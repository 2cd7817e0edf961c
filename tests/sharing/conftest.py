"""The files of a good archive, and a folder of runs for each test."""

import io
import zipfile

import pytest

from tests.sharing.support import a_run
from vae.sharing import export


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The files of a good archive, by name."""
    out = io.BytesIO()
    export(a_run(tmp_path_factory.mktemp("runs") / "good"), out)
    with zipfile.ZipFile(out) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


@pytest.fixture(autouse=True)
def runs(tmp_path, monkeypatch):
    """A folder of runs of its own."""
    monkeypatch.setenv("LATENT_LENS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("LATENT_LENS_RUNS", str(tmp_path / "runs"))
    return tmp_path / "runs"
