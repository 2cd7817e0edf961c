"""Posteriors of a folder of shards: whose they are, what is left out, and what goes on where."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.fakes import corpus, store_run, tiny
from vae.cli import main
from vae.corpora.shards import Shards, open_shards
from vae.encoding import Encoding, encode_folder
from vae.encoding.folder import STATED
from vae.errors import UserError
from vae.explorer import Explorer

UNUSABLE = ["", None, "...", "word " * 61]


class StoppedError(Exception):
    """A person's, in the middle."""


@pytest.fixture(scope="module")
def explorer(tmp_path_factory) -> Explorer:
    return Explorer.load(store_run(tmp_path_factory.mktemp("runs") / "tiny"))


def write(folder: Path, parts: int = 3, rows: int = 40, group: int = 15) -> Path:
    """Shards of row groups so small that a shard has several; the second has unusable rows too."""
    folder.mkdir(parents=True)
    sentences = list(corpus().sentences)
    for part in range(parts):
        text = [*sentences[part * rows : (part + 1) * rows], *(UNUSABLE if part == 1 else [])]
        mood = [("good", None, "bad")[i % 3] for i in range(len(text))]
        table = pa.table({"mood": mood, "text": text, "number": range(len(text))})
        pq.write_table(table, folder / f"part-{part}.parquet", row_group_size=group)
    return folder


@pytest.fixture
def shards(tmp_path, monkeypatch) -> Shards:
    monkeypatch.setattr("vae.encoding.folder._ROWS", 30)
    return open_shards(write(tmp_path / "shards"), "text", ["mood"], 60)


@pytest.fixture
def encoding(explorer, shards, tmp_path) -> Encoding:
    return Encoding(explorer, shards, tmp_path / "out")


def test_every_usable_row_has_its_posterior_its_labels_and_its_number(encoding, explorer):
    n, dropped = encode_folder(encoding)
    assert n == 120
    assert dropped == {"empty": 2, "no letter or digit": 1, "words above 60": 1}
    found = pd.read_parquet(encoding.out)
    assert len(found) == 120
    read = pd.concat(pd.read_parquet(shard.path) for shard in encoding.shards.parts)
    read = read[read["text"].isin(corpus().sentences)]
    assert found["row"].tolist() == read["number"].tolist()
    assert found["sentence"].tolist() == read["text"].tolist()
    assert found["mood"].fillna("-").tolist() == read["mood"].fillna("-").tolist()
    posterior = explorer.encode(found["sentence"].tolist())
    means = found[[f"mean_{d}" for d in range(explorer.latent_dim)]].to_numpy()
    np.testing.assert_allclose(means, posterior.mean.numpy(), atol=1e-6)
    np.testing.assert_allclose(found["rate"], posterior.kl().numpy(), atol=1e-5)
    assert not found["unknown_words"].any()


def test_pieces_are_whole_row_groups_and_all_of_them(encoding):
    assert [(p.shard, p.first, p.last) for p in encoding.pieces[:4]] == [
        *((0, 0, 2), (0, 2, 3)),
        *((1, 0, 2), (1, 2, 3)),
    ]
    covered = [(p.shard, g) for p in encoding.pieces for g in range(p.first, p.last)]
    parts = encoding.shards.parts
    assert covered == [(i, g) for i, part in enumerate(parts) for g in range(part.groups)]


def test_who_is_stopped_goes_on_with_what_is_left_and_ends_with_the_same(
    encoding, explorer, shards, tmp_path
):
    def stop(done, total, what):
        if done == 2:
            raise StoppedError

    with pytest.raises(StoppedError):
        encode_folder(encoding, progress=stop)
    before = {f: f.stat().st_mtime_ns for f in encoding.out.glob("*.parquet")}
    assert len(before) == 2
    seen = []
    encode_folder(encoding, progress=lambda done, total, what: seen.append((done, total)))
    assert seen[0] == (2, len(encoding.pieces))
    assert seen[-1] == (len(encoding.pieces),) * 2
    assert all(f.stat().st_mtime_ns == at for f, at in before.items())
    at_once = Encoding(explorer, shards, tmp_path / "at-once")
    encode_folder(at_once)
    pd.testing.assert_frame_equal(pd.read_parquet(encoding.out), pd.read_parquet(at_once.out))


def test_a_piece_without_a_usable_row_has_an_empty_table(explorer, tmp_path, monkeypatch):
    monkeypatch.setattr("vae.encoding.folder._ROWS", 1)
    folder = tmp_path / "shards"
    folder.mkdir()
    pq.write_table(pa.table({"text": ["fine words", "..."]}), folder / "a.parquet", 1)
    encoding = Encoding(explorer, open_shards(folder, "text", [], 60), tmp_path / "out")
    assert len(encoding.pieces) == 2
    assert encode_folder(encoding) == (1, {"no letter or digit": 1})
    assert len(pd.read_parquet(encoding.out)) == 1


@pytest.mark.parametrize("kept", [b"", b"{", b"[]", b"{}", b"\xff", b'{"digest": "another"}'])
def test_a_folder_whose_statement_is_damaged_is_left_alone(encoding, kept):
    encode_folder(encoding)
    (encoding.out / STATED).write_bytes(kept)
    before = sorted(f.name for f in encoding.out.iterdir())
    with pytest.raises(UserError, match="Name another directory"):
        encode_folder(encoding)
    assert sorted(f.name for f in encoding.out.iterdir()) == before


def test_a_folder_of_something_else_is_left_alone(encoding, explorer, tmp_path, shards):
    encode_folder(encoding)
    other = Explorer.load(store_run(tmp_path / "other", tiny(seed=1)))
    with pytest.raises(UserError, match="something else than posteriors of these shards"):
        encode_folder(Encoding(other, shards, encoding.out))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("Dear")
    with pytest.raises(UserError, match="Name another directory"):
        encode_folder(Encoding(explorer, shards, tmp_path / "mine"))
    assert (tmp_path / "mine" / "letter.txt").read_text() == "Dear"


def test_a_damaged_file_is_named(encoding):
    encode_folder(encoding)
    bad = sorted(encoding.out.glob("*.parquet"))[1]
    bad.write_bytes(bad.read_bytes()[:-20])
    with pytest.raises(UserError, match=f"{bad.name} is damaged. Delete it"):
        encode_folder(encoding)
    bad.unlink()
    assert encode_folder(encoding)[0] == 120


def test_a_label_that_has_the_name_of_a_figure_is_refused(explorer, tmp_path):
    folder = tmp_path / "shards"
    folder.mkdir()
    pq.write_table(pa.table({"text": ["fine words"], "rate": [1]}), folder / "a.parquet")
    shards = open_shards(folder, "text", ["rate"], 60)
    with pytest.raises(UserError, match="have a column 'rate', and so has"):
        encode_folder(Encoding(explorer, shards, tmp_path / "out"))
    assert not list((tmp_path / "out").glob("*.parquet"))


def test_where_nothing_can_be_written_a_command_says_so(explorer, tmp_path, capsys):
    folder = write(tmp_path / "shards")
    (tmp_path / "file").write_text("Dear")
    run, out = str(explorer.run.path), str(tmp_path / "file" / "below")
    for read in (folder, folder / "part-0.parquet"):
        assert main(["encode", run, str(read), "--text", "text", "--out", out]) == 2
        assert "below cannot be written (" in capsys.readouterr().err
