"""A directory of Parquet shards as a corpus: read piece by piece, divided as any corpus is."""

from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.fakes import corpus
from vae import corpora
from vae.corpora import files, sharded
from vae.corpora.corpus import SPLITS
from vae.corpora.sharded import read_shards
from vae.errors import UserError

UNUSABLE = ["", None, "...", "word " * 61]


def write(folder: Path, name: str, columns: dict, rows_per_group: int = 100) -> Path:
    folder.mkdir(exist_ok=True)
    pq.write_table(pa.table(columns), folder / name, row_group_size=rows_per_group)
    return folder / name


def rows(n: int = 450) -> dict[str, list]:
    sentences = [f"{s[:-1]} {i % 7}." for i, s in enumerate((corpus().sentences * 2)[:n])]
    return {
        "mood": [("good", "bad")[i % 2] for i in range(n)],
        "text": sentences,
        "number": list(range(n)),
        "share": [i / 3 for i in range(n)],
    }


def cut(columns: dict[str, list], begin: int, end: int) -> dict[str, list]:
    return {name: values[begin:end] for name, values in columns.items()}


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_LENS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def folder(tmp_path):
    """450 usable rows and four that are not, in three shards."""
    columns = rows()
    for name, begin, end in (("a", 0, 200), ("b", 200, 400), ("c", 400, 450)):
        part = cut(columns, begin, end)
        if name == "b":
            part = {
                "mood": [*part["mood"], *["good"] * 4],
                "text": [*part["text"], *UNUSABLE],
                "number": [*part["number"], *range(4)],
                "share": [*part["share"], *[0.5] * 4],
            }
        write(tmp_path / "shards", f"{name}.parquet", part)
    (tmp_path / "shards" / "README.md").write_text("Not a shard.")
    return tmp_path / "shards"


@pytest.fixture
def same_file(tmp_path):
    """The same rows as one file, which is held in memory."""
    path = tmp_path / "one.parquet"
    columns = rows()
    columns = {k: v + {"text": UNUSABLE}.get(k, v[:4]) for k, v in columns.items()}
    pq.write_table(pa.table(columns), path)
    return files.read_file(path)


def test_a_small_directory_is_cleaned_counted_and_divided_as_one_file_is(folder, same_file):
    found = corpora.load(folder)
    assert Counter(found.sentences) == Counter(same_file.sentences)
    assert found.dropped == same_file.dropped
    assert found.sizes == same_file.sizes
    for name in SPLITS:
        assert Counter(found.select(name).sentences) == Counter(same_file.select(name).sentences)
    assert list(found.labels) == ["mood", "share"]
    assert found.types == {"mood": "category", "share": "number"}
    assert found.source["kind"] == "shards"
    assert found.source["text_column"] == "text"
    assert sum(found.dropped.values()) == 4


def test_labels_stay_with_their_sentences(folder):
    found = corpora.load(folder, labels=["number", "mood"])
    columns = rows()
    known = list(zip(columns["text"], columns["mood"], strict=True))
    for sentence, mood, number in zip(
        found.sentences, found.labels["mood"], found.labels["number"], strict=True
    ):
        assert known[int(number)] == (sentence, mood)


def test_a_column_of_lists_is_a_label_for_each_value_however_it_is_stored(tmp_path, monkeypatch):
    columns = rows(120)
    tags = [[None, [], ["joy"], ["joy", "fear", "joy"]][i % 4] for i in range(120)]
    folder = tmp_path / "listed"
    for begin, kind in ((0, pa.list_(pa.string())), (60, pa.large_list(pa.large_string()))):
        part = {k: v[begin : begin + 60] for k, v in {**columns, "tags": tags}.items()}
        part["tags"] = pa.array(part["tags"], kind)
        write(folder, f"{begin}.parquet", part)
    found = corpora.load(folder)
    assert list(found.labels) == ["mood", "share", "tags: joy", "tags: fear"]
    assert found.types["tags: joy"] == found.types["tags: fear"] == "yes-no"
    known = dict(zip(columns["text"], tags, strict=True))
    for sentence, joy, fear in zip(
        found.sentences, found.labels["tags: joy"], found.labels["tags: fear"], strict=True
    ):
        held = known[sentence]
        assert joy == ("" if held is None else "yes" if "joy" in held else "no")
        assert fear == ("" if held is None else "yes" if "fear" in held else "no")
    # What is kept says the same, when it is guessed again, named, or asked for by a run.
    monkeypatch.setattr(sharded, "_keep", None)
    for again in (
        corpora.load(folder),
        corpora.load(folder, text="text", labels=["mood", "share", "tags"]),
        corpora.rebuild(found.source),
    ):
        assert again.labels == found.labels
        assert again.digest == found.digest


def test_training_sentences_are_those_of_the_split_in_order_or_shuffled(folder, same_file):
    shards = corpora.load(folder).shards
    inorder = list(shards.training())
    assert inorder == list(same_file.select("train").sentences)
    shuffled = list(shards.training(np.random.default_rng(3)))
    assert shuffled != inorder
    assert sorted(shuffled) == sorted(inorder)
    assert shuffled == list(shards.training(np.random.default_rng(3)))
    assert shuffled != list(shards.training(np.random.default_rng(4)))


def test_a_sample_is_a_fair_draw_of_the_rows_and_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(sharded, "MOST_KEPT", {"train": 400, "validation": 50, "test": 50})
    n = 8_000
    texts = [f"Sentence {i} of many that are here." for i in range(n)]
    for i in range(4):
        write(tmp_path / "many", f"{i}.parquet", {"text": texts[i::4]}, 300)
    found = read_shards(tmp_path / "many", max_words=60)
    kept = {name: len(found.indices(name)) for name in SPLITS}
    assert kept == {"train": 400, "validation": 50, "test": 50}
    assert sum(found.sizes.values()) == n
    assert found.sizes["train"] == pytest.approx(0.8 * n, rel=0.03)
    # Each quarter of the rows gives its share, within four standard errors.
    where = Counter(int(s.split()[1]) % 4 for s in found.select("train").sentences)
    assert all(abs(where[i] - 100) < 4 * 8.7 for i in range(4))
    order = [int(s.split()[1]) for s in found.sentences]
    assert len(set(order)) == len(order) == 500


def test_a_sample_of_very_long_sentences_is_smaller(tmp_path, monkeypatch):
    monkeypatch.setattr(sharded, "MOST_KEPT", {"train": 100, "validation": 20, "test": 20})
    texts = [f"Sentence {i} {'of many words ' * 10} {'x' * 2_000}" for i in range(600)]
    write(tmp_path / "long", "a.parquet", {"text": texts})
    found = read_shards(tmp_path / "long", max_words=60)
    characters = sum(map(len, found.select("train").sentences))
    assert 30_000 < characters <= 40_000


def test_what_was_read_once_is_not_read_again(folder, monkeypatch):
    first = corpora.load(folder)
    monkeypatch.setattr(sharded, "_keep", None)
    for again in (
        corpora.load(folder),
        corpora.load(folder, text="text", labels=["mood", "share"]),
        corpora.rebuild(first.source),
    ):
        assert again.sentences == first.sentences
        assert again.labels == first.labels
        assert again.digest == first.digest
        assert again.sizes == first.sizes
        assert again.examples == first.examples


def test_a_damaged_cache_is_made_again(folder, cache):
    first = corpora.load(folder)
    for file in (cache / "shards").iterdir():
        file.write_bytes(b"half")
    assert corpora.load(folder).sentences == first.sentences


def test_any_change_of_a_shard_changes_the_digest(folder):
    digest = corpora.load(folder).digest
    assert corpora.load(folder, labels=[]).digest != digest
    part = pq.read_table(folder / "c.parquet").to_pydict()
    part["text"][7] = "Z" + part["text"][7][1:]
    write(folder, "c.parquet", part)
    assert corpora.load(folder).digest != digest


def test_a_shard_that_changes_while_it_is_read_is_noticed(folder):
    shards = corpora.load(folder).shards
    write(folder, "b.parquet", rows(100))
    with pytest.raises(UserError, match=r"'b\.parquet' has changed"):
        list(shards.training())
    (folder / "b.parquet").unlink()
    with pytest.raises(UserError, match=r"'b\.parquet' is not a parquet file that can be read"):
        list(shards.training())


def test_text_is_text_however_it_is_stored(tmp_path):
    columns = rows(120)
    folder = tmp_path / "kinds"
    write(folder, "a.parquet", cut(columns, 0, 40))
    for name, begin, kind in (
        ("b", 40, pa.large_string()),
        ("c", 80, pa.dictionary(pa.int32(), pa.string())),
    ):
        part = cut(columns, begin, begin + 40)
        part["text"] = pa.array(part["text"]).cast(kind)
        write(folder, f"{name}.parquet", part)
    assert list(corpora.load(folder).sentences) == columns["text"]


def test_progress_ends_at_the_last_row_and_may_cancel(folder):
    seen = []
    corpora.load(folder, progress=lambda done, total, what: seen.append((done, total, what)))
    assert seen[0][0] == 0
    assert seen[-1][:2] == (454, 454)

    def cancel(done: int, total: int, what: str) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        corpora.load(folder, labels=[], progress=cancel)


def lacking(folder: Path) -> None:
    write(folder, "d.parquet", {"sentence": ["A sentence."], "mood": ["good"]})


def mixed(folder: Path) -> None:
    write(folder, "d.parquet", {"text": [1, 2], "mood": ["good", "bad"]})


def mixed_label(folder: Path) -> None:
    write(folder, "d.parquet", {"text": ["A sentence."], "mood": [0.5]})


def no_parquet(folder: Path) -> None:
    write(folder, "d.parquet", {"text": ["A sentence."]}).write_bytes(b"PAR1 is all there is")


def cut_short(folder: Path) -> None:
    file = folder / "b.parquet"
    file.write_bytes(file.read_bytes()[:-40])


def damaged(folder: Path) -> None:
    file = folder / "b.parquet"
    data = bytearray(file.read_bytes())
    data[200:2_000] = b"\xff" * 1_800
    file.write_bytes(bytes(data))


def emptied(folder: Path) -> None:
    for file in folder.glob("*.parquet"):
        file.unlink()


def only_one_sentence(folder: Path) -> None:
    emptied(folder)
    write(folder, "a.parquet", {"text": ["The same sentence."] * 500})


def undividable(folder: Path) -> None:
    emptied(folder)
    train = [s for s in (f"Sentence {i}." for i in range(200)) if corpus_part(s) == 0]
    write(folder, "a.parquet", {"text": train})


def corpus_part(sentence: str) -> int:
    from vae.corpora.corpus import sentence_key, splits_of

    return int(splits_of(np.array([sentence_key(sentence)], np.uint64))[0])


@pytest.mark.parametrize(
    ("spoil", "options", "message"),
    [
        (emptied, {}, "without a .parquet file"),
        (lacking, {}, r"'d\.parquet' has no column 'text'.*'sentence', 'mood'"),
        (mixed, {}, r"Column 'text' of 'd\.parquet' holds numbers"),
        (
            mixed_label,
            {"labels": ["mood"]},
            r"'mood' holds fractions in 'd\.parquet' and text in 'a",
        ),
        (no_parquet, {}, r"'d\.parquet' is not a parquet file"),
        (cut_short, {}, r"'b\.parquet' is not a parquet file"),
        (damaged, {}, r"'b\.parquet' is damaged after row"),
        (only_one_sentence, {}, "1 different usable sentences, and 50"),
        (undividable, {}, "has no validation sentence"),
        (None, {"text": "words"}, r"'a\.parquet' has no column 'words'"),
        (None, {"labels": ["colour"]}, r"'a\.parquet' has no column 'colour'"),
        (None, {"labels": ["text"], "text": "text"}, "cannot be a label too"),
        (None, {"text": "number"}, "holds numbers, and sentences are text"),
        (None, {"n": 100}, "directory of shards"),
        (None, {"split": "mood"}, "directory of shards"),
    ],
)
def test_what_is_wrong_with_a_directory_is_said_with_the_file(folder, spoil, options, message):
    if spoil:
        spoil(folder)
    with pytest.raises(UserError, match=message):
        corpora.load(folder, **options)
