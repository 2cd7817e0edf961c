"""Runs that no shipped run stands for: a plain language model, and one without a map."""

from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner

from tests import fakes
from vae.runs.catalogue import remember


@pytest.fixture(autouse=True, scope="session")
def _packages_read_once():
    """Every AppTest looks for components in all installed packages, a tenth of a second long."""
    with pytest.MonkeyPatch.context() as patch:
        scan = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture(autouse=True)
def _cache(tmp_path, monkeypatch):
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
