"""A full disk, by way of a limit on the size of a file: the run says so and loses nothing."""

import pytest

from tests.fakes import corpus
from vae.cli import main
from vae.runs.failure import failure
from vae.runs.store import RunDirectory

resource = pytest.importorskip("resource", reason="limits are those of POSIX")
FLAGS = (
    *("--epochs", "6", "--tokens-per-batch", "256", "--min-count", "1", "--precision", "fp32"),
    *("--embedding-dim", "32", "--encoder-hidden", "32", "--decoder-hidden", "64"),
    *("--latent-dim", "4", "--checkpoint-seconds", "0.1", "--validate-every", "20"),
)
# In kilobytes: config, tokenizer and events fit, weights do not.
SMALL_KB = 60


def test_a_run_on_a_full_disk_fails_with_a_remedy_and_goes_on_when_there_is_room(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("LATENT_LENS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("vae.latent.projection.NEIGHBOURS", 10_000)  # no UMAP, which is slow
    file, out = tmp_path / "own.txt", tmp_path / "run"
    file.write_text("\n".join(corpus().sentences[:150]), encoding="utf-8")

    train = ["train", str(file), "--out", str(out)]
    kept = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024 * SMALL_KB, kept[1]))
    try:
        status = main([*train, *FLAGS])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, kept)
    said = capsys.readouterr().err
    assert status == 2, said
    assert "Traceback" not in said
    assert said.splitlines()[-1].startswith("error: ")
    assert "Make room" in said.splitlines()[-1]
    run = RunDirectory(out)
    assert run.state() == "failed"
    assert "disk is full" in failure(run).advice
    assert not [p for p in out.iterdir() if p.name.endswith(".tmp")]
    assert main([*train, "--resume"]) == 0
    assert run.state() == "finished"
