"""A run with every file that travels, archives, and how one is refused."""

import io
import zipfile

import numpy as np
import pytest

from tests.fakes import corpus, store_run
from vae.errors import UserError
from vae.latent.names import give_name
from vae.sharing import open_archive

STEP = {"event": "step", "step": 20, "seconds": 0.5, "distortion": 9.5, "rate": 0.2, "beta": 1.0}
SNAPSHOT = {"event": "snapshot", "step": 0, "reconstructions": ["a b"], "samples": ["b a"]}


def a_run(path):
    """A run with every file that travels."""
    run = store_run(path, atlas=40)
    run.write_json("status.json", {"state": "finished", "step": 20, "total_steps": 20, "pid": 1})
    run.append_metric(STEP)
    run.append_metric(SNAPSHOT)
    run.write_json("steering.json", {"changes": [{"step": 5, "changes": {"beta": 0.5}}]})
    run.write_arrays("snapshots/00000000.npz", {"mean": np.zeros((3, 4), np.float16)})
    watched = {"sentences": list(corpus().sentences[:3]), "labels": {"tense": ["a", "b", "c"]}}
    run.write_json("snapshots/sentences.json", watched)
    give_name(run, 1, "when it happens", 4)
    return run


def packed(content, name="sent.latentlens.zip", how=zipfile.ZIP_DEFLATED):
    """An archive of files by name, or of (entry, content) pairs."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as made:
        for entry, data in content.items() if isinstance(content, dict) else content:
            made.writestr(entry, data)
    out.name = name
    return out


def refused(file, runs, match):
    """The words of the refusal; nothing of the archive stays."""
    with pytest.raises(UserError, match=match) as error:
        open_archive(file)
    assert not runs.exists() or list(runs.iterdir()) == []
    assert str(runs) not in str(error.value)
    return str(error.value)
