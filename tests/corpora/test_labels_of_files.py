"""What a file says of a sentence reaches the corpus unharmed, and what is no label has a reason."""

import json

import numpy as np
import pandas as pd
import pytest

from vae.corpora import rebuild
from vae.corpora.files import preview, read_file
from vae.corpora.reasons import columns_said
from vae.errors import UserError

WORDS = ("none", "None", "NA", "null", "nan", "NaN", "other (please say)")


def rows(n: int = 96) -> list[dict[str, object]]:
    """Sentences with a label that may look like a missing one, and is missing in every eighth."""
    return [
        {"text": f"This is number {i}.", "answer": ("", *WORDS)[i % 8] or None} for i in range(n)
    ]


def as_csv(table: list[dict[str, object]]) -> bytes:
    return pd.DataFrame(table).to_csv(index=False).encode()


def as_jsonl(table: list[dict[str, object]]) -> bytes:
    return "\n".join(map(json.dumps, table)).encode()


def as_parquet(table: list[dict[str, object]]) -> bytes:
    return pd.DataFrame(table).to_parquet()


@pytest.mark.parametrize(
    ("name", "written"), [("a.csv", as_csv), ("a.jsonl", as_jsonl), ("a.parquet", as_parquet)]
)
def test_only_what_is_empty_is_missing(name, written):
    corpus = read_file((name, written(rows())))
    assert corpus.labels["answer"] == ("", *WORDS) * 12


def test_a_missing_number_is_missing_and_a_number_as_it_was_written():
    frame = pd.DataFrame(
        {
            "text": [f"This is number {i}." for i in range(60)],
            "score": np.array([np.nan, 0.1, 0.2, 1.5, 7.25] * 12, dtype=np.float32),
        }
    )
    corpus = read_file(("a.parquet", frame.to_parquet()))
    assert corpus.labels["score"][:5] == ("", "0.1", "0.2", "1.5", "7.25")


@pytest.mark.parametrize(("name", "written"), [("a.jsonl", as_jsonl), ("a.parquet", as_parquet)])
def test_several_labels_in_a_list_are_a_yes_or_no_each(name, written, tmp_path):
    said = [["joy"], ["fear", "joy"], [], None, ["fear", "fear"], ["joy"]]
    table = [{"text": f"This is number {i}.", "mood": said[i % 6]} for i in range(60)]
    path = tmp_path / name
    path.write_bytes(written(table))
    corpus = read_file(path)
    assert corpus.labels == {
        "mood: joy": ("yes", "yes", "no", "", "no", "yes") * 10,
        "mood: fear": ("no", "yes", "no", "", "yes", "no") * 10,
    }
    assert set(corpus.types.values()) == {"yes-no"}
    assert corpus.source["label_columns"] == ["mood"]
    assert rebuild(corpus.source).digest == corpus.digest
    assert read_file(path, labels=["mood"]).labels == corpus.labels
    seen = preview(path)
    assert seen.label_columns == ("mood",)
    assert "mood" not in seen.types


def test_a_value_beside_lists_is_a_list_of_one():
    table = [{"text": f"This is number {i}.", "mood": ["a", ["a", "b"]][i % 2]} for i in range(60)]
    corpus = read_file(("a.jsonl", as_jsonl(table)))
    assert corpus.labels == {"mood: a": ("yes",) * 60, "mood: b": ("no", "yes") * 30}


def test_lists_of_very_many_values_are_no_labels():
    table = [{"text": f"This is number {i}.", "words": [f"w{i}", f"v{i}"]} for i in range(300)]
    data = as_jsonl(table)
    corpus = read_file(("a.jsonl", data))
    assert corpus.labels == {}
    assert corpus.source["not_labels"] == {"words": "values above 500"}
    with pytest.raises(UserError, match="600 different values"):
        read_file(("a.jsonl", data), labels=["words"])


def test_every_column_that_is_no_label_has_its_reason():
    table = [
        {
            "text": f"This is number {i}, and no other one.",
            "row": i,
            "same": "x",
            "none": None,
            "rare": "x" if i == 9 else "y" if i in (12, 99) else None,
            "many": f"name {i}",
            "long": "a label " * 20,
            "record": {"a": 1},
            "mood": "ab"[i % 2],
        }
        for i in range(400)
    ]
    data = as_jsonl(table)
    corpus = read_file(("a.jsonl", data))
    assert list(corpus.labels) == ["mood"]
    found = corpus.source["not_labels"]
    assert found == preview(("a.jsonl", data)).not_labels
    said = str(columns_said(found))
    for words in (
        "row (numbers of the rows)",
        "same (the same in every row)",
        "none (empty in every row)",
        "rare (a value in only 3 of 400 rows)",
        "many (more than 80 different values)",
        "long (longer than 100 characters)",
        "record (records, not values)",
    ):
        assert words in said
    assert len(found) == 7
    # A person may know better.
    assert read_file(("a.jsonl", data), labels=["rare"]).labels["rare"][9] == "x"


def test_whole_numbers_that_all_differ_number_the_rows_only_where_they_lie_close():
    table = [
        {"text": f"This is number {i}.", "id": i, "salary": 30_000 + 37 * i * i} for i in range(100)
    ]
    corpus = read_file(("a.csv", as_csv(table)))
    assert list(corpus.labels) == ["salary"]
    assert corpus.source["not_labels"] == {"id": "row numbers"}
    table[7]["id"] = None
    assert list(read_file(("a.jsonl", as_jsonl(table))).labels) == ["salary"]


def test_a_column_called_as_a_value_in_a_list_of_another_is_not_lost():
    table = [
        {"text": f"This is number {i}.", "mood": ["joy"] if i % 2 else ["fear"], "mood: joy": i % 3}
        for i in range(90)
    ]
    with pytest.raises(UserError, match="Two labels are called 'mood: joy'"):
        read_file(("a.jsonl", as_jsonl(table)))
