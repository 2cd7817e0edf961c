"""Ray Data encodes what one process does, also where a worker is killed in the middle."""

from __future__ import annotations

import os
import signal
import sys

import pandas as pd
import psutil
import pytest

from tests.encoding.test_folder import write
from tests.fakes import store_run
from vae.corpora.shards import open_shards
from vae.encoding import Encoding, encode_folder
from vae.encoding.on_ray import on_ray
from vae.errors import UserError
from vae.explorer import Explorer


def test_without_ray_it_is_said_how_to_have_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray.data", None)
    with pytest.raises(UserError, match="Install it by `pip install"):
        on_ray(2)


def test_it_takes_a_worker():
    with pytest.raises(UserError, match="There are to be 0 workers"):
        on_ray(0)


def workers() -> list[psutil.Process]:
    below = psutil.Process().children(recursive=True)
    return [p for p in below if "MapWorker" in " ".join(p.cmdline())]


def test_a_killed_worker_loses_nothing_and_two_find_what_one_process_finds(tmp_path, monkeypatch):
    pytest.importorskip("ray", reason="Ray, an extra, is not installed")
    # Pieces of one row group are those of a shard so large; workers cut none, they are given them.
    monkeypatch.setattr("vae.encoding.folder._ROWS", 5)
    explorer = Explorer.load(store_run(tmp_path / "tiny"))
    shards = open_shards(write(tmp_path / "shards", 4, 60, 5), "text", ["mood"], 60)
    killed: list[int] = []

    def kill_one(done: int, total: int, what: object) -> None:
        if done and not killed:
            assert done < total
            killed.append(workers()[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    by_two = Encoding(explorer, shards, tmp_path / "two")
    found = encode_folder(by_two, on_ray(2), kill_one)
    assert killed
    assert not psutil.pid_exists(killed[0])
    by_one = Encoding(explorer, shards, tmp_path / "one")
    assert found == encode_folder(by_one)
    pd.testing.assert_frame_equal(
        pd.read_parquet(by_two.out), pd.read_parquet(by_one.out), check_exact=True
    )
