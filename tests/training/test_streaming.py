"""Training out of shards: every sentence once an epoch, in bounded memory, the same again."""

import itertools
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch

from tests.fakes import corpus, seeded, tokenizer
from vae import corpora
from vae.batching import count_batches, group_by_length
from vae.cli import main
from vae.config import DataConfig, ModelConfig, RunConfig, TrainConfig
from vae.errors import UserError
from vae.explorer import Explorer
from vae.runs.store import RunDirectory
from vae.studies.summary import figures_of
from vae.training import setup
from vae.training.session import Session
from vae.training.streaming import StreamedBatches, count_lengths

ROOT = Path(__file__).resolve().parents[2]
CONFIG = RunConfig(
    DataConfig(min_count=1, window=1_000),
    ModelConfig(embedding_dim=8, encoder_hidden=8, decoder_hidden=12, latent_dim=3, dropout=0.1),
    TrainConfig(
        epochs=2,
        tokens_per_batch=192,
        warmup_steps=2,
        validate_every=40,
        snapshots=0,
        encoder_updates=2,
        precision="fp32",
        threads=1,
    ),
)


@pytest.fixture(autouse=True)
def surroundings(tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_LENS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("LATENT_LENS_RUNS", str(tmp_path / "runs"))


@pytest.fixture
def folder(tmp_path):
    """500 sentences and their moods in four shards of several row groups."""
    path = tmp_path / "shards"
    path.mkdir()
    for i in range(4):
        sentences = corpus().sentences[i * 125 : (i + 1) * 125]
        moods = [("good", "bad")[len(s) % 2] for s in sentences]
        table = pa.table({"text": sentences, "mood": moods})
        pq.write_table(table, path / f"{i}.parquet", row_group_size=40)
    return path


def batches(folder: Path, window: int, budget: int = 100) -> StreamedBatches:
    shards = corpora.load(folder).shards
    lengths = count_lengths(shards, tokenizer())
    return StreamedBatches(shards, tokenizer(), lengths, budget, window)


def training_ids(folder: Path) -> list[list[int]]:
    return tokenizer().encode_batch(corpora.load(folder).select("train").sentences)


@pytest.mark.parametrize("window", [1, 37, 200, 100_000])
def test_an_epoch_has_every_sentence_once_in_as_many_batches_as_in_memory(folder, window):
    stream = batches(folder, window)
    found = list(stream.epoch(0, 0))
    ids = training_ids(folder)
    assert Counter(tuple(row) for b in found for row in b.tolist()) == Counter(map(tuple, ids))
    assert len(found) == stream.per_epoch == count_batches(group_by_length(ids), 100)
    assert all(len(b) <= max(1, 100 // b.shape[1]) for b in found)
    assert all(b.dtype == torch.long for b in found)
    assert len(stream) == len(ids)


def test_batches_are_a_function_of_seed_and_epoch_and_can_begin_anywhere(folder):
    first, second = batches(folder, 150), batches(folder, 150)
    whole = [b.tolist() for b in first.epoch(1, 2)]
    assert [b.tolist() for b in second.epoch(1, 2)] == whole
    for start in (1, 7, len(whole) - 1, len(whole)):
        assert [b.tolist() for b in second.epoch(1, 2, start)] == whole[start:]
    assert [b.tolist() for b in first.epoch(1, 3)] != whole
    assert [b.tolist() for b in first.epoch(2, 2)] != whole


def test_sentences_are_shuffled_within_the_window_and_shards_among_each_other(folder):
    sentences = [tuple(i) for i in training_ids(folder)]
    place = {s: i for i, s in enumerate(sentences)}

    def order(window: int) -> list[int]:
        return [place[tuple(r)] for b in batches(folder, window).epoch(0, 1) for r in b.tolist()]

    def disorder(places: list[int]) -> float:
        return sum(abs(a - b) for a, b in itertools.pairwise(places)) / len(places)

    # Neighbours of a shuffled epoch are as far apart as a third of it; a window keeps them near.
    assert disorder(order(100_000)) > 0.25 * len(sentences)
    assert disorder(order(40)) < 0.75 * disorder(order(100_000))


def test_draws_come_from_the_window_under_way(folder):
    stream = batches(folder, 60)
    epoch = stream.epoch(0, 0)
    next(epoch)
    window = {tuple(r) for ids in stream._now.values() for r in ids.tolist()}
    draws = [stream.draw(seeded(i)) for i in range(20)]
    assert {tuple(r) for b in draws for r in b.tolist()} <= window
    again = batches(folder, 60)
    next(again.epoch(0, 0))
    assert all(torch.equal(again.draw(seeded(i)), b) for i, b in enumerate(draws))


def test_shards_that_change_are_not_trained_on(folder):
    stream = batches(folder, 100)
    epoch = stream.epoch(0, 0)
    next(epoch)
    table = pa.table({"text": corpus().sentences[:10], "mood": ["good"] * 10})
    for i in range(4):
        (folder / f"{i}.parquet").unlink()
        pq.write_table(table, folder / f"{i}.parquet")
    with pytest.raises(UserError, match="has changed"):
        list(epoch)


# -- runs ------------------------------------------------------------------------------------------


def stop_after(session: Session, step: int) -> None:
    """Leave a session after an update, as a signal would have it."""
    for event in session.trainer.run():
        if event is None and session.trainer.progress.step == step:
            break
    session.checkpoint()


def test_a_run_that_was_left_anywhere_ends_with_the_same_weights(folder, tmp_path):
    whole = setup.start(tmp_path / "whole", corpora.load(folder), CONFIG)
    per_epoch = whole.trainer.train.per_epoch
    assert whole.train() == "finished"
    left = setup.start(tmp_path / "left", corpora.load(folder), CONFIG)
    for step in (5, per_epoch, per_epoch + 17):
        stop_after(left, step)
        left = setup.resume(tmp_path / "left", corpora.load(folder))
        assert left.trainer.progress.step == step
        assert left.trainer.progress.aggressive
    assert left.train() == "finished"
    for name, value in whole.trainer.model.state_dict().items():
        assert torch.equal(value, left.trainer.model.state_dict()[name]), name


def test_a_run_is_not_resumed_on_other_shards(folder, tmp_path):
    stop_after(setup.start(tmp_path / "run", corpora.load(folder), CONFIG), 3)
    sentences = ["One is another.", *corpus().sentences[1:125]]
    moods = [("good", "bad")[len(s) % 2] for s in sentences]
    pq.write_table(pa.table({"text": sentences, "mood": moods}), folder / "0.parquet")
    with pytest.raises(UserError, match="corpus is not the one"):
        setup.resume(tmp_path / "run", corpora.load(folder))


def test_the_commands_train_measure_and_map_a_run_of_shards(folder, tmp_path, capsys, monkeypatch):
    kept = {"train": 120, "validation": 30, "test": 20}
    monkeypatch.setattr("vae.corpora.sharded.MOST_KEPT", kept)
    out = tmp_path / "runs" / "streamed"
    flags = ["--epochs", "1", "--latent-dim", "3", "--embedding-dim", "8", "--encoder-hidden", "8"]
    flags += ["--decoder-hidden", "12", "--precision", "fp32", "--snapshots", "2"]
    assert main(["train", str(folder), "--out", str(out), "--window", "1000", *flags]) == 0
    assert "500 sentences" in (said := capsys.readouterr().err)
    assert "sample of 170" in said
    run = RunDirectory(out)
    facts = run.read_json("config.json")["corpus"]
    assert facts["n_sentences"] == 500
    assert sum(facts["splits"].values()) == 500
    assert facts["sample"] == kept
    assert sum(facts["lengths"].values()) == facts["splits"]["train"]
    assert facts["labels"] == ["mood"]
    evaluation = figures_of(run)
    assert (evaluation["n_sentences"], evaluation["sampled_from"]) == (20, facts["splits"]["test"])
    assert "mood" in evaluation["probes"]
    assert len(Explorer.load(out).atlas) == 170
    (out / "evaluation.json").unlink()
    assert main(["evaluate", str(out), "--iw-samples", "2"]) == 0
    assert run.read_json("evaluation.json")["corpus_digest"] == facts["digest"]


# Run in a process of its own. The first corpus fills a window and the sample, and is trained on
# three times, until the allocators hold what they need; the second has ten times as many sentences.
MEMORY = """
import json, re, sys
from pathlib import Path
from vae import corpora
from vae.config import DataConfig, ModelConfig, RunConfig, TrainConfig
from vae.corpora import sharded
from vae.training import setup

def train(folder, out):
    config = RunConfig(
        DataConfig(min_count=1, window=3_000),
        ModelConfig(embedding_dim=8, encoder_hidden=8, decoder_hidden=12, latent_dim=3),
        TrainConfig(epochs=1, tokens_per_batch=4096, precision="fp32", threads=1, snapshots=2),
    )
    session = setup.start(Path(out), corpora.load(folder), config)
    assert session.train() == "finished"
    # Not getrusage: it counts what the process that started this one held.
    peak = re.search("VmHWM: *([0-9]+)", Path("/proc/self/status").read_text().replace("\\t", " "))
    return {"peak": 1024 * int(peak[1]), "steps": session.trainer.progress.step}

sharded.MOST_KEPT = {"train": 2_000, "validation": 400, "test": 400}
few, many, out = sys.argv[1:]
for name in ("first", "again"):
    train(few, f"{out}/{name}")
print(json.dumps([train(few, f"{out}/few"), train(many, f"{out}/many")]))
"""


# What allocators keep for each thread is not what is measured.
ONE_HEAP = {"MALLOC_ARENA_MAX": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}


def long_sentences(folder: Path, shards: int, rows: int) -> int:
    """Sentences of ten very long words, all different, which compress well; their bytes in all."""
    folder.mkdir()
    words = [f"{chr(97 + i % 26)}{chr(97 + i // 26)}" * 60 for i in range(400)]
    count = 0
    for shard in range(shards):
        numbers = range(shard * rows, (shard + 1) * rows)
        texts = [" ".join(words[(n * p + n // 400) % 400] for p in range(1, 10)) for n in numbers]
        texts = [f"{t} {words[n % 400]}" for n, t in zip(numbers, texts, strict=True)]
        count += sum(map(len, texts))
        pq.write_table(
            pa.table({"text": texts}),
            folder / f"{shard}.parquet",
            row_group_size=5_000,
            compression="zstd",
        )
    return count


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the peak of a process")
def test_a_corpus_is_trained_on_in_a_fraction_of_the_memory_that_it_would_fill(tmp_path):
    long_sentences(tmp_path / "few", 2, 2_000)
    # So much that the few megabytes by which a heap varies are far below a part of it.
    decoded = long_sentences(tmp_path / "many", 8, 5_000)
    assert decoded > 47e6
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, *(str(tmp_path / name) for name in ("few", "many", ""))],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1", **ONE_HEAP},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    few, many = json.loads(done.stdout)
    assert many["steps"] == pytest.approx(10 * few["steps"], rel=0.1)
    assert many["peak"] - few["peak"] < decoded / 4
