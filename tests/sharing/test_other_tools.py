"""The map for other tools: what is written, and that each tool itself opens it.

The tools are large (Embedding Atlas with all it needs is 1.5 GB) and no requirement of ours, so
their tests are skipped where they are not installed.
"""

import io
import json
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from tests import fakes
from vae.cli import main
from vae.errors import UserError
from vae.explorer import Explorer
from vae.latent import neighbours
from vae.sharing import embedding_atlas, map_table, other_tools, tensorboard

N = 60


@pytest.fixture(scope="module")
def explorer(tmp_path_factory):
    return Explorer.load(fakes.store_run(tmp_path_factory.mktemp("runs") / "mapped", atlas=N))


@pytest.fixture(scope="module")
def awkward(explorer):
    """An atlas whose sentences and labels hold what ends a cell or a line, or no value."""
    atlas = explorer.atlas
    sentences = ("a\tb\r\nc\u2028d", "", 'she "said" it', *atlas.sentences[3:])
    labels = {
        "Length": tuple(str(i) for i in range(N)),
        "PCA_x": ("", "x\ty", *["none"] * (N - 2)),
        "day": ("", *(f"2021-{i % 12 + 1:02}-01" for i in range(1, N))),
        "split": atlas.labels["split"],
    }
    return replace(atlas, sentences=sentences, labels=labels)


def test_parquet_holds_every_sentence_with_its_places_and_its_neighbours(explorer, tmp_path):
    atlas = explorer.atlas
    assert embedding_atlas.write(atlas, tmp_path) == ["map.parquet"]
    frame = pd.read_parquet(tmp_path / "map.parquet")
    assert tuple(frame["sentence"]) == atlas.sentences
    assert tuple(frame["tense"]) == atlas.labels["tense"]
    assert np.array_equal(frame[["projection_x", "projection_y"]], atlas.projection.umap)
    assert np.array_equal(frame[["pca_x", "pca_y"]], atlas.projection.pca)
    assert frame["rate"].to_numpy() == pytest.approx(atlas.rates, abs=1e-3)
    distance = np.linalg.norm(atlas.mean[:, None] - atlas.mean[None], axis=-1)
    for row, near in enumerate(frame["neighbors"]):
        assert len(near["ids"]) == len(near["distances"]) == 15
        assert distance[row, near["ids"]] == pytest.approx(near["distances"], abs=1e-5)
        assert near["distances"] == pytest.approx(np.sort(distance[row])[:15], abs=1e-5)


def test_a_map_in_parts_is_the_same_map(explorer, tmp_path, monkeypatch):
    embedding_atlas.write(explorer.atlas, tmp_path / "whole")
    tensorboard.write(explorer.atlas, tmp_path / "whole")
    monkeypatch.setattr(map_table, "AT_ONCE", 20)
    monkeypatch.setattr(neighbours, "_AT_ONCE", 10)
    embedding_atlas.write(explorer.atlas, tmp_path / "parts")
    tensorboard.write(explorer.atlas, tmp_path / "parts")
    assert pq.ParquetFile(tmp_path / "parts" / "map.parquet").num_row_groups == 3
    whole, parts = (pd.read_parquet(tmp_path / name / "map.parquet") for name in ("whole", "parts"))
    assert whole.drop(columns="neighbors").equals(parts.drop(columns="neighbors"))
    assert [list(near["ids"]) for near in whole["neighbors"]] == [
        list(near["ids"]) for near in parts["neighbors"]
    ]
    for file in ("vectors.tsv", "metadata.tsv"):
        assert (tmp_path / "parts" / file).read_bytes() == (tmp_path / "whole" / file).read_bytes()


def test_many_points_are_searched_by_descent_and_nearly_all_neighbours_found(monkeypatch):
    points = np.random.default_rng(0).standard_normal((600, 4)).astype(np.float32)
    exact = np.concatenate([rows for rows, _ in neighbours.neighbour_lists(points, 15)])
    monkeypatch.setattr(neighbours, "MOST_COMPARED", 100)
    found = np.concatenate([rows for rows, _ in neighbours.neighbour_lists(points, 15)])
    assert found.shape == exact.shape
    shared = [len({*a} & {*b}) for a, b in zip(exact.tolist(), found.tolist(), strict=True)]
    assert np.mean(shared) > 0.95 * 15


def test_vectors_and_metadata_have_a_line_each_for_every_sentence(explorer, tmp_path):
    atlas = explorer.atlas
    tensorboard.write(atlas, tmp_path)
    vectors = np.loadtxt(tmp_path / "vectors.tsv", delimiter="\t")
    assert vectors == pytest.approx(atlas.mean, rel=1e-4)
    head, *rows = (tmp_path / "metadata.tsv").read_text().rstrip("\n").split("\n")
    assert head.split("\t")[:2] == ["sentence", "subject"]
    assert [row.split("\t")[0] for row in rows] == list(atlas.sentences)


def test_what_ends_a_cell_or_a_line_is_a_blank(awkward, tmp_path):
    tensorboard.write(awkward, tmp_path)
    lines = (tmp_path / "metadata.tsv").read_text(encoding="utf-8").splitlines()
    cells = [line.split("\t") for line in lines]
    assert {len(row) for row in cells} == {len(cells[0])}
    assert len(cells) == N + 1
    assert cells[1][:3] == ["a b c d", "0", ""]
    assert cells[2][0] == "(nothing: the model ends at once)"
    assert cells[2][2] == "x y"
    assert not any(line.startswith("\t") or line.endswith("\t") for line in lines)


def test_no_two_columns_are_alike_and_labels_keep_their_types(awkward, tmp_path):
    embedding_atlas.write(awkward, tmp_path)
    frame = pd.read_parquet(tmp_path / "map.parquet")
    names = [name.casefold() for name in frame.columns]
    assert len(set(names)) == len(names)
    assert frame["Length (label)"].tolist() == list(range(N))
    assert pd.isna(frame["PCA_x (label)"][0])
    assert frame["PCA_x (label)"][2] == "none"
    assert pd.isna(frame["day"][0])
    assert frame["day"][1] == "2021-02-01"


@pytest.mark.parametrize("tool", other_tools.TOOLS)
def test_a_run_without_its_text_says_that_the_model_said_it(explorer, tool, tmp_path):
    keys = explorer.atlas.keys
    without = Explorer(explorer.run, explorer.backend)
    without._atlas = replace(explorer.atlas, read=keys)
    packed = zipfile.ZipFile(io.BytesIO(other_tools.zipped(without, tool)))
    text = packed.read("mapped-map/README.txt").decode()
    assert "This run ships without its text: in place of each sentence stands what the" in text
    assert "in 4 dimensions" in text
    file = {"embedding-atlas": "map.parquet", "tensorboard": "metadata.tsv"}[tool]
    data = packed.read(f"mapped-map/{file}")
    columns = (
        pd.read_parquet(io.BytesIO(data)).columns
        if file.endswith(".parquet")
        else data.decode().partition("\n")[0].split("\t")
    )
    assert columns[0] == "decoded"
    assert "sentence" not in columns


def test_a_model_without_a_latent_space_has_no_map_to_give(tmp_path):
    run = fakes.store_run(tmp_path / "plain", fakes.tiny(latent_dim=0))
    with pytest.raises(UserError, match="plain language model"):
        other_tools.export(Explorer.load(run), "tensorboard", tmp_path / "out")


def test_the_command_writes_the_folder_and_says_how_it_is_opened(explorer, tmp_path, capsys):
    out = tmp_path / "a folder"
    run = str(explorer.run.path)
    assert main(["export", run, "--for", "embedding-atlas", "--out", str(out)]) == 0
    said = capsys.readouterr().err
    assert f"embedding-atlas '{out}/map.parquet' --text sentence" in said
    assert {file.name for file in out.iterdir()} == {"map.parquet", "README.txt"}
    (tmp_path / "in the way").write_text("")
    assert main(["export", run, "--for", "tensorboard", "--out", str(tmp_path / "in the way")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_embedding_atlas_opens_it(explorer, awkward, tmp_path):
    """Its command line reads the file, builds a graph of the neighbours and packs its own app."""
    program = shutil.which("embedding-atlas", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("embedding-atlas is not installed: pip install embedding-atlas")
    for name, atlas in (("plain", explorer.atlas), ("awkward", awkward)):
        embedding_atlas.write(atlas, tmp_path / name)
        words = other_tools.TOOLS["embedding-atlas"].command(atlas, str(tmp_path / name)).split()
        out = tmp_path / f"{name}-app"
        subprocess.run(
            [program, *words[1:], "--pagerank", "--export-application", str(out)],
            check=True,
            timeout=120,
            env={"PATH": "/usr/bin", "HOME": str(tmp_path), "HF_HUB_OFFLINE": "1"},
        )
        told = json.loads((out / "data" / "metadata.json").read_text())["props"]["data"]
        assert told["projection"] == {"x": "projection_x", "y": "projection_y"}
        assert told["neighbors"] == "neighbors"
        assert told["text"] == "sentence"
        frame = pd.read_parquet(out / "data" / "dataset.parquet")
        assert len(frame) == N
        assert frame["pagerank"].sum() == pytest.approx(1, abs=1e-3)


def test_the_projector_of_tensorboard_opens_it(explorer, awkward, tmp_path):
    """Its plugin finds the run by the configuration and serves vectors and metadata."""
    plugin = pytest.importorskip(
        "tensorboard.plugins.projector.projector_plugin",
        reason="tensorboard is not installed: pip install tensorboard",
    )
    from tensorboard.plugins import base_plugin
    from werkzeug.test import Client
    from werkzeug.wrappers import Request

    for name, atlas in (("plain", explorer.atlas), ("awkward", awkward)):
        tensorboard.write(atlas, tmp_path / name)
        context = base_plugin.TBContext(logdir=str(tmp_path / name))
        pages = plugin.ProjectorPlugin(context).get_plugin_apps()

        def asked(route, query, pages=pages):
            reply = Client(Request.application(lambda _: pages[route])).get(f"{route}?{query}")
            assert reply.status_code == 200, reply.text
            return reply

        (told,) = asked("/info", "run=.").json["embeddings"]
        assert told["tensorName"] == "latents"
        assert told["tensorShape"] == [N, 4]
        vectors = np.frombuffer(asked("/tensor", "run=.&name=latents").data, dtype="<f4")
        assert vectors.reshape(N, 4) == pytest.approx(atlas.mean, rel=1e-4)
        lines = asked("/metadata", "run=.&name=latents").text.rstrip("\n").split("\n")
        assert len(lines) == N + 1
