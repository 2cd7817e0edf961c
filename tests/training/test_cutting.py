"""A finished run without its dead directions: the same words, a smaller model, and nothing lost."""

import shutil

import pytest
import torch

from tests import fakes
from vae.cli import main
from vae.diagnostics.information import principal_units
from vae.errors import UserError
from vae.explorer import Explorer
from vae.runs.store import RunDirectory
from vae.studies.summary import figures, figures_of
from vae.training.cutting import cut


@pytest.fixture(autouse=True)
def _no_umap(monkeypatch):
    monkeypatch.setattr("vae.latent.projection.NEIGHBOURS", 10_000)


def dead_beside_live() -> torch.nn.Module:
    """A model whose means fill two of four dimensions, turned over all of them."""
    model = fakes.tiny("lstm", spread=3.0)
    with torch.no_grad():
        model.to_posterior.weight[2:4] = 0.0
        model.to_posterior.bias[2:4] = torch.tensor([0.5, -0.5])
    turn, _ = torch.linalg.qr(torch.randn(4, 4, generator=fakes.seeded(3)))
    return model.turned(turn, torch.zeros(4), torch.full((4,), -1.0))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The run, what was cut from it, and the evaluation; none of the tests changes them."""
    folder = tmp_path_factory.mktemp("cut")
    run = fakes.store_run(folder / "whole", dead_beside_live(), atlas=20)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("vae.latent.projection.NEIGHBOURS", 10_000)
        result = cut(
            run, folder / "part", fakes.corpus(), below=0.01, iw_samples=5, most_sentences=20
        )
    return run, RunDirectory(folder / "part"), result


def test_it_says_what_the_whole_said(made):
    run, part, result = made
    whole, cut_off = Explorer.load(run), Explorer.load(part)
    assert (whole.latent_dim, cut_off.latent_dim) == (4, 2)
    sentences = fakes.corpus().sentences[:30]
    means = whole.encode(sentences).mean
    assert principal_units(means) == 2
    assert cut_off.decode(cut_off.encode(sentences).mean) == whole.decode(means)
    before, after = (ex.encode(sentences) for ex in (whole, cut_off))
    # Nothing is paid any more for what tells nothing.
    assert float(after.kl().mean()) < float(before.kl().mean())
    assert figures(result)["latent_dim"] == figures_of(part)["latent_dim"] == 2
    assert part.read_json("config.json")["cut_from"] == "whole"
    assert not list(part.path.parent.glob(".*"))


def test_what_has_nothing_to_cut_off_or_to_keep_is_refused(tmp_path, made):
    run, part, _ = made
    with pytest.raises(UserError, match="nothing to cut off"):
        cut(part, tmp_path / "again", fakes.corpus(), below=0.01)
    with pytest.raises(UserError, match="nothing to cut off"):
        cut(run, tmp_path / "none", fakes.corpus(), below=1e6)
    with pytest.raises(UserError, match="is there already"):
        cut(run, part.path, fakes.corpus(), below=0.01)
    assert not list(tmp_path.iterdir())


def test_the_command_makes_a_run_beside_the_other(tmp_path, made, capsys, monkeypatch):
    run = RunDirectory(shutil.copytree(made[0].path, tmp_path / "whole"))
    monkeypatch.setattr("vae.corpora.rebuild", lambda source, progress=None: fakes.corpus())
    asked = ["cut", str(run.path), "--out", str(tmp_path / "part")]
    assert main([*asked, "--most", "20", "--iw-samples", "5"]) == 0
    said = capsys.readouterr()
    assert "2 of 4 dimensions are left." in said.out + said.err
    assert Explorer.load(tmp_path / "part").latent_dim == 2
    assert main([*asked[:3], str(tmp_path / "no"), "--below", "0"]) == 2
    assert "--below is 0" in capsys.readouterr().err
