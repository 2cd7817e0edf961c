"""What is in the files of a run from elsewhere: nothing hostile, nothing of another run."""

import io
import json
import struct
import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from safetensors.torch import save

from tests.fakes import tiny, tokenizer
from tests.sharing.support import STEP, packed, refused
from vae.sharing import open_archive


def changed(files, name, change):
    """An archive in which one JSON file is changed."""
    value = json.loads(files[name])
    change(value)
    return packed({**files, name: json.dumps(value)})


def arrays(**values):
    out = io.BytesIO()
    np.savez_compressed(out, allow_pickle=True, **values)
    return out.getvalue()


# -- config.json -----------------------------------------------------------------------------------

CONFIGS = {
    "no settings": lambda c: c.pop("config"),
    "no corpus": lambda c: c.pop("corpus"),
    "no source": lambda c: c["corpus"].pop("source"),
    "a source that is a path": lambda c: c["corpus"].update(source="/etc/passwd"),
    "no examples": lambda c: c["corpus"].pop("examples"),
    "examples that are none": lambda c: c["corpus"].update(examples=[1, 2]),
    "examples without end": lambda c: c["corpus"].update(examples=["a"] * 10_000),
    "a name that is none": lambda c: c["corpus"].update(name=["a"]),
    "a book for a name": lambda c: c["corpus"].update(name="a" * 100_000),
    "counts that are none": lambda c: c["corpus"].update(n_sentences="many"),
    "splits that are none": lambda c: c["corpus"].update(splits={"train": "all"}),
    "sentences below zero": lambda c: c["corpus"]["source"].update(n=-5),
    "a seed that is none": lambda c: c["corpus"]["source"].update(seed="x"),
    "factors without number": lambda c: c["corpus"]["source"].pop("n"),
    "an unknown setting": lambda c: c["config"]["train"].update(evil=1),
    "a setting that cannot be": lambda c: c["config"]["model"].update(latent_dim=10**9),
    "a deep value": lambda c: c.update(versions=json.loads("[" * 50 + "]" * 50)),
    "another format": lambda c: c.update(format_version=9),
}


@pytest.mark.parametrize("change", CONFIGS.values(), ids=CONFIGS)
def test_a_config_that_cannot_be_is_refused(files, runs, change):
    assert "sent.latentlens.zip/config.json" in refused(
        changed(files, "config.json", change), runs, "config"
    )


def test_what_this_version_does_not_know_of_a_config_is_left_behind(files):
    def add(config):
        config["evil"] = config["corpus"]["evil"] = config["corpus"]["source"]["evil"] = "x"

    assert (
        "evil"
        not in (open_archive(changed(files, "config.json", add)).path / "config.json").read_text()
    )


# -- the model -------------------------------------------------------------------------------------


def test_weights_of_another_model_are_refused(files, runs):
    other = save(tiny("lstm").state_dict())
    words = refused(packed({**files, "weights.safetensors": other}), runs, "does not fit config")
    assert "decoder" in words


def test_a_config_that_asks_for_all_memory_is_refused_before_it_is_taken(files, runs):
    def grow(config):
        config["config"]["model"].update(encoder_hidden=8192, decoder_hidden=8192, encoder_layers=8)

    refused(changed(files, "config.json", grow), runs, "does not fit config")


def test_weights_that_are_no_numbers_are_refused(files, runs):
    state = tiny(spread=2.0).state_dict()
    state["output_bias"] = state["output_bias"] * float("nan")
    refused(packed({**files, "weights.safetensors": save(state)}), runs, "not numbers")
    whole = {k: v.double() for k, v in tiny(spread=2.0).state_dict().items()}
    refused(packed({**files, "weights.safetensors": save(whole)}), runs, "does not fit config")


@pytest.mark.parametrize(
    "data", [b"", b"\x80\x04\x95evil.", b"PK\x03\x04", struct.pack("<Q", 2**60) + b"{}" * 50]
)
def test_a_pickle_or_anything_else_in_the_place_of_weights_is_refused(files, runs, data):
    refused(packed({**files, "weights.safetensors": data}), runs, r"weights\.safetensors")


TOKENIZERS = {
    "another pattern": lambda t: t["pre_tokenizer"]["pattern"].update(Regex="(a+)+$"),
    "another normaliser": lambda t: t.update(normalizer=None),
    "padding": lambda t: t.update(padding={"strategy": {"Fixed": 10**9}}),
    "no model": lambda t: t.pop("model"),
    "another model": lambda t: t["model"].update(type="Unigram"),
    "numbers with gaps": lambda t: t["model"]["vocab"].update(the=10**6),
    "a vocabulary that is none": lambda t: t["model"].update(vocab=[1]),
    "words without numbers": lambda t: t["model"]["vocab"].update(the="x"),
    "a word more": lambda t: t["model"]["vocab"].update({"more": len(tokenizer())}),
    "another kind": lambda t: t["model"].update(type="BPE", merges=[]),
}


@pytest.mark.parametrize("change", TOKENIZERS.values(), ids=TOKENIZERS)
def test_a_tokenizer_that_is_not_ours_is_refused(files, runs, change):
    refused(changed(files, "tokenizer.json", change), runs, r"tokenizer\.json")


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"5", b"[" * 100_000, b"\xff\xfe"])
def test_a_damaged_tokenizer_is_refused(files, runs, data):
    refused(packed({**files, "tokenizer.json": data}), runs, r"tokenizer\.json")


# -- arrays and tables -----------------------------------------------------------------------------


def with_array(files, name, data):
    return packed({**files, name: data})


def test_nothing_is_unpickled(files, runs):
    trap = arrays(mean=np.array([{"a": 1}], dtype=object))
    for name in ("latents.npz", "projection.npz", "snapshots/00000000.npz"):
        refused(with_array(files, name, trap), runs, name.replace(".", r"\."))


def test_arrays_of_another_run_are_refused(files, runs):
    mean = np.zeros((3, 9), np.float16)
    latents = arrays(keys=np.zeros(3, np.uint64), mean=mean, logvar=mean)
    refused(with_array(files, "latents.npz", latents), runs, r"latents\.npz does not fit")
    refused(with_array(files, "latents.npz", arrays(a=mean)), runs, r"latents\.npz does not fit")
    refused(with_array(files, "projection.npz", arrays(umap=mean)), runs, r"projection\.npz")
    snapshot = "snapshots/00000000.npz"
    refused(with_array(files, snapshot, arrays(mean=mean)), runs, "does not fit the model")
    refused(with_array(files, snapshot, arrays(other=mean)), runs, "does not fit the model")


def test_a_bomb_inside_an_array_file_is_refused(files, runs, monkeypatch):
    monkeypatch.setattr("vae.sharing.arrays._MOST_BYTES", 100_000)
    bomb = arrays(mean=np.zeros((100_000, 4), np.float16))
    refused(with_array(files, "snapshots/00000000.npz", bomb), runs, "unpack to more")


def test_an_array_that_is_smaller_than_it_says_is_refused(files, runs):
    header = io.BytesIO()
    shape = {"descr": "<f8", "fortran_order": False, "shape": (10**12,)}
    np.lib.format.write_array_header_1_0(header, shape)
    liar = packed({"mean.npy": header.getvalue() + bytes(64)}).getvalue()
    refused(with_array(files, "snapshots/00000000.npz", liar), runs, "no array of numbers")


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06" + bytes(18), b"\x93NUMPY", bytes(999)])
def test_a_damaged_array_file_is_refused(files, runs, data):
    refused(with_array(files, "snapshots/00000000.npz", data), runs, r"00000000\.npz")


def table(**columns):
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, compression="zstd", store_schema=False)
    return out.getvalue()


def many_times(text, n):
    """A column of 5 GB or so that is never made here."""
    return pa.DictionaryArray.from_arrays(pa.array([0] * n, pa.int32()), pa.array([text]))


TABLES = {
    "no sentences": table(other=["a"]),
    "numbers": table(sentence=[1.5]),
    "binary": table(sentence=[b"a"]),
    "nested": table(sentence=["a"], label=[["a"]]),
    "too many": table(sentence=["a"] * 20_000),
    "one long text many times": table(sentence=many_times("a" * 10**6, 5_000)),
    "no table": b"PAR1" + bytes(99) + b"PAR1",
    "nothing": b"",
}


@pytest.mark.parametrize("data", TABLES.values(), ids=TABLES)
def test_a_table_that_is_none_of_sentences_is_refused(files, runs, data):
    assert len(data) < 10**6
    refused(packed({**files, "sentences.parquet": data}), runs, r"sentences\.parquet is damaged")


def test_texts_that_repeat_from_group_to_group_are_counted_together(files, runs, monkeypatch):
    monkeypatch.setattr("vae.sharing.arrays._MOST_TEXT_BYTES", 100_000)
    out = io.BytesIO()
    repeated = pa.table({"sentence": many_times("a" * 1_000, 120)})
    pq.write_table(repeated, out, row_group_size=30, compression="zstd", store_schema=False)
    files = {**files, "sentences.parquet": out.getvalue()}
    refused(packed(files), runs, "unpack to more than any run holds")


# -- what was recorded -----------------------------------------------------------------------------

EVENTS = [
    {**STEP, "beta": "x"},
    {**STEP, "beta": {"a": 1}},
    {**STEP, "beta": [[1]]},
    {**STEP, "step": 10**400},
    {"event": "validation", "step": 1, "elbo": -3, "rate_per_dimension": ["a"]},
    {"event": "snapshot", "step": 1, "reconstructions": [1], "samples": []},
    {"event": "snapshot", "step": 1, "reconstructions": {}, "samples": []},
    {"event": ["step"], "step": 1},
    {"event": "end", "step": 1, "reason": "a" * 100_000},
]


@pytest.mark.parametrize("event", EVENTS, ids=str)
def test_an_event_that_cannot_be_drawn_is_refused(files, runs, event):
    refused(packed({**files, "metrics.jsonl": json.dumps(event)}), runs, r"metrics\.jsonl")


def test_lines_that_are_no_events_are_left_out_as_ever(files):
    lines = b"\xff\n[]\n" + b"[" * 50_000 + b"\n" + files["metrics.jsonl"]
    assert open_archive(packed({**files, "metrics.jsonl": lines})).read_metrics()[0] == STEP


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("evaluation.json", {"rate": "high"}),
        ("evaluation.json", {"rate": {"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}}}),
        ("evaluation.json", {}),
        ("steering.json", {}),
        ("steering.json", {"changes": [{"step": 1, "changes": {"seed": 4}}]}),
        ("steering.json", {"changes": [{"step": -1, "changes": {"beta": 4}}]}),
        ("steering.json", {"changes": [{"step": 1, "changes": {"beta": -4}}]}),
        ("steering.json", {"changes": [5]}),
        ("snapshots/sentences.json", {"sentences": ["a"], "labels": {"x": []}}),
        ("snapshots/sentences.json", {"sentences": [1]}),
        ("snapshots/sentences.json", {"sentences": ["a"], "labels": 5}),
        ("status.json", {"format_version": 7}),
        ("names.json", {"of": "", "names": {"0": "x" * 61}}),
        ("names.json", {"of": "", "names": {"0": {"a": "b"}}}),
    ],
)
def test_a_record_that_cannot_be_read_later_is_refused(files, runs, name, content):
    data = json.dumps({"format_version": 1, **content})
    refused(packed({**files, name: data}), runs, name.replace(".", r"\."))


@pytest.mark.parametrize("name", ["config.json", "evaluation.json", "steering.json", "status.json"])
@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"[" * 100_000, b"\xff"])
def test_json_that_is_none_is_refused(files, runs, name, data):
    refused(packed({**files, name: data}), runs, name.replace(".", r"\."))


def test_a_checkpoint_that_is_none_is_refused(files, runs):
    refused(packed({**files, "checkpoint.safetensors": b"x"}), runs, r"checkpoint\.safetensors")


def test_a_fake_zip_inside_is_not_followed(files, runs):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as made:
        made.writestr("../../evil.npy", b"x")
    refused(with_array(files, "snapshots/00000000.npz", inner.getvalue()), runs, r"00000000\.npz")
