"""Runs that no shipped run stands for: a plain language model, and one without a map."""

import os
import time
from functools import cache
from types import SimpleNamespace

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import local_script_runner

from tests import fakes
from vae.runs.catalogue import remember


@pytest.fixture(autouse=True, scope="session")
def _packages_read_once():
    """Every AppTest looks for components in all installed packages, a tenth of a second long."""
    with pytest.MonkeyPatch.context() as patch:
        scan = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture(autouse=True, scope="session")
def _runs_awaited_calmly():
    """An AppTest asks a thousand times a second whether the page has run, in the page's own way."""
    with pytest.MonkeyPatch.context() as patch:
        calm = SimpleNamespace(time=time.time, sleep=lambda _: time.sleep(0.01))
        patch.setattr(local_script_runner, "time", calm)
        yield


@pytest.fixture(scope="session")
def _said(tmp_path_factory):
    """What shipped models say at the places of their maps: the same in every test and process."""
    place = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent
    (place / "said").mkdir(exist_ok=True)
    return place / "said"


@pytest.fixture(autouse=True)
def _cache(tmp_path, monkeypatch, _said):
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "said").symlink_to(_said)
    # What Streamlit keeps between sessions stays: it is known by the path of a run and its files.
    monkeypatch.setenv("LATENT_LENS_CACHE", str(tmp_path / "cache"))
    # Nor is a class found that is held in this checkout.
    monkeypatch.setenv("LATENT_LENS_CLASS_DB", str(tmp_path / "class.sqlite"))


@pytest.fixture
def language_model(tmp_path):
    """The name of a run with no latent dimension."""
    remember(fakes.store_run(tmp_path / "language-model", fakes.tiny(latent_dim=0)).path)
    return "language-model"


@pytest.fixture
def unmapped(tmp_path):
    """The name of a run whose map has not been made."""
    remember(fakes.store_run(tmp_path / "unmapped").path)
    return "unmapped"


@pytest.fixture
def not_gathered(tmp_path):
    """The name of a run whose sentences must be gathered on this machine first."""
    run = fakes.store_run(tmp_path / "not-gathered")
    stored = run.read_json("config.json")
    stored["corpus"]["source"] = {"kind": "docstrings"}
    run.write_json("config.json", stored)
    remember(run.path)
    return "not-gathered"
