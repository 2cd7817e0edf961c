"""A run as one file: whole when it travels, and nothing but a run when it arrives."""

import io
import json
import os
import shutil
import stat
import struct
import zipfile

import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import store_run, tiny
from tests.sharing.support import a_run, packed, refused
from vae import sharing
from vae.cache import replacing
from vae.config import ModelConfig
from vae.errors import UserError
from vae.explorer import Explorer
from vae.models import make_model
from vae.runs import queue
from vae.runs.catalogue import SHIPPED, own_runs
from vae.runs.store import RunDirectory
from vae.sharing import archive, archive_name, export, open_archive

# -- there and back --------------------------------------------------------------------------------


def test_a_run_that_travelled_is_the_same_model(tmp_path):
    run = a_run(tmp_path / "there" / "My reviews")
    file = io.BytesIO()
    export(run, file)
    opened = open_archive(file)
    assert opened.name == "My reviews"
    assert list(own_runs()) == ["My reviews"]
    before, after = Explorer.load(run), Explorer.load(opened)
    z = before.sample_prior(5, torch.Generator().manual_seed(0))
    assert before.decode(z) == after.decode(z)
    assert len(after.atlas) == 40
    assert after.facts()["corpus"] == before.facts()["corpus"]
    assert opened.read_metrics() == run.read_metrics()
    for name in ("steering.json", "snapshots/sentences.json", "names.json"):
        assert opened.read_json(name) == run.read_json(name)
    assert opened.read_arrays("snapshots/00000000.npz")["mean"].shape == (3, 4)
    assert archive_name(run) == "My reviews.latentlens.zip"


@pytest.mark.parametrize(
    "name", ["factors", "factors-zh", "docstrings", "factors-collapsed", "everyday"]
)
def test_every_run_that_ships_can_be_sent_and_opened(name, runs):
    file = io.BytesIO()
    export(RunDirectory(SHIPPED / name), file)
    opened = open_archive(file)
    assert opened.name == f"{name}-2"  # what ships keeps its name
    assert opened.state() == "finished"


def test_a_run_that_was_evaluated_and_never_studied_can_be_sent_and_opened(tmp_path, runs):
    fresh = RunDirectory(tmp_path / "fresh")
    shutil.copytree(SHIPPED / "factors", fresh.path, ignore=shutil.ignore_patterns("studies"))
    file = io.BytesIO()
    export(fresh, file)
    assert open_archive(file).state() == "finished"


@pytest.mark.parametrize("architecture", ["recurrent", "transformer"])
@pytest.mark.parametrize("mean_scale", [0.0, 0.5])
def test_every_kind_of_model_can_be_opened(architecture, mean_scale, tmp_path):
    like = tiny().config
    model = make_model(
        ModelConfig(
            vocabulary_size=like.vocabulary_size,
            max_length=20,
            architecture=architecture,
            embedding_dim=8,
            encoder_hidden=5,
            decoder_hidden=7,
            heads=2,
            latent_dim=4,
            mean_scale=mean_scale,
        )
    )
    file = io.BytesIO()
    export(store_run(tmp_path / "there", model), file)
    assert Explorer.load(open_archive(file)).latent_dim == 4


def test_what_is_private_does_not_travel(tmp_path):
    run = a_run(tmp_path / "mine")
    facts = run.read_json("config.json")
    facts["corpus"]["source"] = {"kind": "file", "name": "a.txt", "path": "/home/ann/a.txt"}
    facts["command"] = "python -m vae train /home/ann/a.txt --out '/home/ann/my runs/mine'"
    run.write_json("config.json", facts)
    (run.path / "corpus").mkdir()
    for name in ("corpus/a.txt", "train.log", "request.json", "control.json", "notes.json"):
        (run.path / name).write_text("/home/ann")
    run.write_tensors("checkpoint.safetensors", {"a": torch.zeros(1)})
    file = io.BytesIO()
    export(run, file)
    with zipfile.ZipFile(file) as made:
        names = made.namelist()
        assert all(archive.is_known(name) for name in names)
        assert not any(b"/home/ann" in made.read(name) for name in names)
        assert "checkpoint.safetensors" not in names
        assert b"train a.txt --out mine" in made.read("config.json")


def test_a_checkpoint_travels_where_it_is_asked_for(tmp_path):
    run = a_run(tmp_path / "mine")
    run.write_tensors("checkpoint.safetensors", {"a": torch.zeros(1)}, {"step": 3})
    file = io.BytesIO()
    export(run, file, checkpoint=True)
    opened = open_archive(file)
    assert opened.state() == "stopped"
    assert opened.read_tensors("checkpoint.safetensors")[1] == {"step": 3}


def test_sentences_of_a_file_travel_with_its_map(tmp_path):
    run = a_run(tmp_path / "mine")
    columns = {"sentence": ["a b", "b a"], "label:tense": ["x", "y"]}
    with replacing(run.path / "sentences.parquet") as temporary:
        pd.DataFrame(columns).to_parquet(temporary)
    file = io.BytesIO()
    export(run, file)
    assert pd.read_parquet(open_archive(file).path / "sentences.parquet").to_dict("list") == columns


def test_a_run_without_weights_is_not_exported(tmp_path):
    run = a_run(tmp_path / "mine")
    (run.path / "weights.safetensors").unlink()
    with pytest.raises(UserError, match=r"no weights\.safetensors yet"):
        export(run, io.BytesIO())


def test_a_run_that_is_too_large_is_not_exported(tmp_path, monkeypatch):
    monkeypatch.setattr(sharing, "MOST_BYTES", 1000)
    with pytest.raises(UserError, match="Copy its directory"):
        export(a_run(tmp_path / "mine"), io.BytesIO())


# -- what becomes of it here -----------------------------------------------------------------------


@pytest.mark.parametrize("state", ["running", "paused", "queued", "lost", "explode", 5])
def test_an_opened_run_is_never_one_that_works(files, state):
    living = {"format_version": 1, "state": state, "pid": os.getpid(), "heartbeat": 9e9, "step": 7}
    run = open_archive(packed({**files, "status.json": json.dumps(living)}))
    assert run.state() == "finished"
    assert run.read_json("status.json")["step"] == 7
    assert "pid" not in run.read_json("status.json")


def test_no_path_of_another_machine_is_opened_here(files, runs):
    config = json.loads(files["config.json"])
    config["corpus"]["source"] = {"kind": "file", "name": "a.txt", "path": "/etc/passwd", "n": 3}
    run = open_archive(packed({**files, "config.json": json.dumps(config)}))
    assert "/etc" not in (run.path / "config.json").read_text()
    run.write_json("status.json", {"state": "stopped"})
    with pytest.raises(UserError, match="not on this machine"):
        queue.resume(run)


def test_each_opened_run_has_a_name_of_its_own(files):
    assert [open_archive(packed(files)).name for _ in range(3)] == ["good", "good-2", "good-3"]


@pytest.mark.parametrize("name", ["../../evil", "/etc", "..", "", "a\0b", "factors", "x" * 900])
def test_no_name_leads_out_of_the_folder_of_runs(files, runs, name):
    config = {**json.loads(files["config.json"]), "name": name}
    run = open_archive(packed({**files, "config.json": json.dumps(config)}))
    assert run.path.parent == runs
    assert run.read_json("config.json")["name"] == run.name != "factors"


def test_a_run_is_opened_where_it_is_wanted(files, tmp_path):
    run = open_archive(packed(files), tmp_path / "elsewhere")
    assert run.path == tmp_path / "elsewhere" / "good"
    assert list(own_runs()) == ["good"]


def test_what_a_killed_process_left_is_swept(files, runs):
    left = runs / f".opened.{2**22 + 1}-0123abcd.tmp"
    left.mkdir(parents=True)
    (left / "weights.safetensors").touch()
    open_archive(packed(files))
    assert not left.exists()


# -- hostile archives ------------------------------------------------------------------------------

STRANGE = [
    "../evil.json",
    "../../runs/evil/config.json",
    "/etc/cron.d/evil",
    "snapshots/../../evil.json",
    "snapshots/inner/00000000.npz",
    "snapshots/1.npz",
    "snapshots/٠٠٠٠٠٠٠٠.npz",
    "other/config.json",
    "..\\evil.json",
    "C:\\evil.json",
    "config.json\n",
    "CONFIG.JSON",
    "corpus/a.txt",
    "train.log",
    "request.json",
    "control.json",
    "model.pkl",
    "weights.pt",
    "x" * 5000,
    "other/",
]


@pytest.mark.parametrize("name", STRANGE, ids=lambda n: n[:20])
def test_a_file_that_no_run_has_is_refused_by_name(files, runs, tmp_path, name):
    words = refused(packed({**files, name: b"x"}), runs, "no file of a run")
    assert len(words) < 400
    assert not list(tmp_path.rglob("evil*"))


def test_a_name_that_ends_early_is_refused(files, runs):
    data = packed({**files, "status.jsonXevil": b"{}"}).getvalue()
    file = io.BytesIO(data.replace(b"status.jsonXevil", b"status.json\0evil"))
    refused(file, runs, "no file of a run|twice")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFDIR])
def test_a_link_is_refused(files, runs, kind):
    entry = zipfile.ZipInfo("evaluation.json")
    entry.create_system = 3
    entry.external_attr = (kind | 0o777) << 16
    refused(packed([*files.items(), (entry, b"/etc/passwd")]), runs, "evaluation.json.*link")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_is_there_twice_is_refused(files, runs):
    refused(packed([*files.items(), ("config.json", b"{}")]), runs, "'config.json' twice")


def test_too_many_files_are_refused(files, runs):
    many = {f"snapshots/{i:08d}.npz": b"" for i in range(400)}
    refused(packed({**files, **many}), runs, "more files than a run has")


@pytest.mark.parametrize("file", archive.REQUIRED)
def test_an_archive_without_what_a_run_needs_is_refused(files, runs, file):
    less = {k: v for k, v in files.items() if k != file}
    refused(packed(less), runs, f"has no {file}")


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_is_packed_in_another_way_is_refused(files, runs, how):
    refused(packed(files, how=how), runs, "packed in a way that is not read")


def test_an_encrypted_file_is_refused(files, runs):
    data = bytearray(packed(files).getvalue())
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1
    refused(io.BytesIO(bytes(data)), runs, "encrypted")


def test_a_bomb_is_refused_by_what_it_says(files, runs):
    bomb = {**files, "evaluation.json": b" " * (5 * 1024**2)}
    refused(packed(bomb), runs, "'evaluation.json'.*larger than that of any run")


def test_a_bomb_is_refused_by_its_sum(files, runs, monkeypatch):
    monkeypatch.setattr(archive, "MOST_BYTES", 10_000)
    refused(packed(files), runs, "larger than any run, unpacked")


def test_a_bomb_that_lies_of_its_size_is_refused(files, runs):
    content = b" " * (3 * 1024**2)
    data = bytearray(packed({**files, "evaluation.json": content}).getvalue())
    size = struct.pack("<L", len(content))
    while (at := data.find(size)) >= 0:
        data[at : at + 4] = struct.pack("<L", 10)
    refused(io.BytesIO(bytes(data)), runs, "damaged|larger than it says")


def test_an_index_that_would_fill_the_memory_is_refused_unread(files, runs):
    data = bytearray(packed(files).getvalue())
    at = data.rfind(b"PK\x05\x06")
    data[at + 12 : at + 16] = struct.pack("<L", 2**31)
    refused(io.BytesIO(bytes(data)), runs, "lists more files")
    locator = b"PK\x06\x07" + bytes(16)
    refused(io.BytesIO(bytes(packed(files).getvalue()[:-22] + locator + data[at:])), runs, "lists")


def test_a_disk_without_room_is_said(files, runs, monkeypatch):
    usage = type("Usage", (), {"free": 10})
    monkeypatch.setattr(archive.shutil, "disk_usage", lambda path: usage)
    refused(packed(files), runs, "no room")


def test_a_disk_that_fills_up_is_said(files, runs, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive, "_copy", full)
    with pytest.raises(UserError, match=r"No space left on device.*Make room"):
        open_archive(packed(files))
    assert list(runs.iterdir()) == []


@pytest.mark.parametrize("data", [b"", b"hello", bytes(5000), b"PK\x05\x06", b"\x89PNG" * 99])
def test_what_is_no_zip_is_refused(runs, data):
    file = io.BytesIO(data)
    file.name = "/tmp/holiday.png"
    assert "'holiday.png'" in refused(file, runs, "no zip file")


@given(st.data())
def test_no_damage_makes_more_than_a_sentence(files, tmp_path_factory, data):
    whole = bytearray(packed(files).getvalue())
    end = len(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        # The index at the end is where damage has most to say.
        low = data.draw(st.sampled_from([0, end - 1500]))
        whole[data.draw(st.integers(low, end - 1))] ^= data.draw(st.integers(1, 255))
    cut = data.draw(st.sampled_from([end, end, end - 30, end // 2]))
    runs = tmp_path_factory.mktemp("damage")
    try:
        open_archive(io.BytesIO(bytes(whole[:cut])), runs)
    except UserError:
        assert list(runs.iterdir()) == []
