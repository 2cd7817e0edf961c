"""What a class says is kept: all of it, of each pupil, on a file as on a server."""

import csv
import io
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vae.classroom import place
from vae.classroom.entry import Limits, to_csv
from vae.classroom.store import ClassStore
from vae.errors import UserError

ROOT = Path(__file__).resolve().parents[2]
STEP = {"lesson": "rate", "step": 2, "kind": "prediction"}

WRITER = """
import sys, time
from vae.classroom.store import ClassStore
from vae.classroom.entry import Limits
store = ClassStore(sys.argv[1], Limits(entries=10**6, a_minute=10**6))
pupil = store.join(sys.argv[2])
n = 0
while True:
    store.record(pupil, lesson="l", step=n, kind="answer", value=str(n))
    print(pupil, n, flush=True)
    n += 1
    time.sleep(0.005)
"""


def test_a_pupil_joins_by_the_code_and_is_a_random_id(store):
    code = store.create()
    pupils = {store.join(f" {code[:3].lower()}-{code[3:].lower()} ") for _ in range(3)}
    assert len(pupils) == 3
    assert all(re.fullmatch("[0-9a-f]{32}", pupil) for pupil in pupils)
    assert {store.class_of(pupil) for pupil in pupils} == {code}
    assert store.class_of("0" * 32) is None
    (room,) = store.classes()
    assert (room.code, room.stage, room.pupils, room.entries) == (code, "before", 3, 0)


def test_codes_differ_and_have_no_signs_that_look_alike(store):
    codes = [store.create() for _ in range(20)]
    assert len(set(codes)) == 20
    assert not set("".join(codes)) & set("0O1IL2Z5S8B")


def test_an_unknown_code_is_told_so(store):
    with pytest.raises(UserError, match="There is no class with the code 'NOPE'"):
        store.join("nope")
    with pytest.raises(UserError, match="There is no class"):
        store.stage("nope")
    with pytest.raises(UserError, match="There is no class"):
        store.set_stage("nope", "after")


def test_what_a_pupil_says_is_given_back_the_last_counts_and_all_is_kept(store):
    code = store.create()
    one, other = store.join(code), store.join(code)
    store.record(one, **STEP, value="rise", confidence=3)
    store.record(other, **STEP, value=None)
    store.record(one, **STEP, value="fall", confidence=1)
    store.record(one, lesson="rate", step=2, kind="observation", value="it fell 中文 😀")
    store.record(one, lesson="rate", step=3, kind="prediction", value="rise")
    said = store.answers(code, "rate", 2, "prediction")
    assert [(e.pupil, e.value, e.confidence) for e in said] == [
        (one, "fall", 1),
        (other, None, None),
    ]
    assert len(store.entries(code)) == 5
    assert [e.value for e in store.entries_of(one)] == ["rise", "fall", "it fell 中文 😀", "rise"]
    assert [e.value for e in store.entries_of(other)] == [None]


def test_classes_do_not_hear_each_other(store):
    here, there = store.create(), store.create()
    store.record(store.join(here), **STEP, value="rise")
    store.record(store.join(there), **STEP, value="fall")
    assert [e.value for e in store.answers(here, "rate", 2, "prediction")] == ["rise"]
    assert [e.value for e in store.answers(there, "rate", 2, "prediction")] == ["fall"]


def test_a_class_is_deleted_with_all_that_was_said_and_no_other(store):
    code, other = store.create(), store.create()
    pupil, kept = store.join(code), store.join(other)
    store.record(pupil, **STEP, value="of the class that goes")
    store.record(kept, **STEP, value="of the class that stays")
    store.delete(code)
    store.delete(code)
    assert [room.code for room in store.classes()] == [other]
    assert store.entries(code) == []
    assert store.class_of(pupil) is None
    assert len(store.entries(other)) == 1
    with pytest.raises(UserError, match="teacher has deleted it"):
        store.record(pupil, **STEP, value="too late")


def test_what_was_deleted_is_in_no_file_any_more(tmp_path):
    store = ClassStore(str(tmp_path / "class.sqlite"))
    code = store.create()
    store.record(store.join(code), **STEP, value="a secret of one pupil")
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"a secret of one pupil" in held
    store.delete(code)
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"a secret of one pupil" not in held
    assert code.encode() not in held


def test_a_class_that_is_over_takes_neither_pupils_nor_answers(store):
    code = store.create()
    pupil = store.join(code)
    assert store.open_classes() == [code]
    for stage in ("lessons", "after", "ended"):
        store.set_stage(code, stage)
        assert store.stage(code) == stage
    assert store.open_classes() == []
    with pytest.raises(UserError, match="is over"):
        store.join(code)
    with pytest.raises(UserError, match="is over"):
        store.record(pupil, **STEP, value="rise")


def test_sizes_are_bounded(address):
    now = [1_000.0]
    few = Limits(classes=1, pupils=2, entries=4, length=5, a_minute=3)
    store = ClassStore(address, few, clock=lambda: now[0])
    code = store.create()
    with pytest.raises(UserError, match="as many as it may have"):
        store.create()
    pupil, _other = store.join(code), store.join(code)
    with pytest.raises(UserError, match="is full"):
        store.join(code)
    with pytest.raises(UserError, match="has 6 signs"):
        store.record(pupil, **STEP, value="123456")
    for _ in range(3):
        store.record(pupil, **STEP, value="12345")
    with pytest.raises(UserError, match="in one minute"):
        store.record(pupil, **STEP, value="12345")
    now[0] += 61
    store.record(pupil, **STEP, value="12345")
    now[0] += 61
    with pytest.raises(UserError, match="as many as are kept"):
        store.record(pupil, **STEP, value="12345")
    assert len(store.entries(code)) == 4
    store.close()


def test_the_table_has_a_row_for_each_entry_and_no_id(store):
    code = store.create()
    one, other = store.join(code), store.join(code)
    store.record(one, **STEP, value="=1+1", confidence=2)
    store.record(other, **STEP, value=None)
    store.record(one, lesson="rate", step=3, kind="observation", value='said "so",\nthen')
    text = to_csv(store.entries(code))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert one not in text
    assert other not in text
    assert [(r["pupil"], r["value"], r["unknown"], r["confidence"]) for r in rows] == [
        ("1", "'=1+1", "0", "2"),
        ("1", 'said "so",\nthen', "0", ""),
        ("2", "", "1", ""),
    ]
    assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", r["time"]) for r in rows)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(st.text(max_size=200), min_size=1, max_size=5))
def test_any_text_is_given_back_as_it_was_or_refused_in_words(store, said):
    code = store.create()
    pupil = store.join(code)
    kept = []
    for text in said:
        if "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
            with pytest.raises(UserError, match="cannot be kept"):
                store.record(pupil, **STEP, value=text)
        else:
            store.record(pupil, **STEP, value=text)
            kept.append(text)
    assert [e.value for e in store.entries(code)] == kept


def test_thirty_write_at_the_same_time_and_nothing_is_lost_or_mixed(store):
    code = store.create()

    def one_pupil(_):
        pupil = store.join(code)
        for step in range(8):
            store.record(pupil, lesson="l", step=step, kind="answer", value=f"{pupil}:{step}")
        return pupil

    with ThreadPoolExecutor(30) as threads:
        pupils = list(threads.map(one_pupil, range(30)))
    found = store.entries(code)
    assert sorted(e.value for e in found) == sorted(f"{p}:{s}" for p in pupils for s in range(8))
    assert all(e.value == f"{e.pupil}:{e.step}" for e in found)
    assert store.classes()[0].entries == 240


def test_a_server_killed_in_the_middle_loses_no_recorded_answer(address):
    store = ClassStore(address)
    code = store.create()
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, address, code],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for _ in range(2)
    ]
    said = [[writer.stdout.readline() for _ in range(25)] for writer in writers]
    for writer, lines in zip(writers, said, strict=True):
        writer.send_signal(signal.SIGKILL)
        lines += writer.stdout.readlines()
        writer.stdout.close()
        assert writer.wait() == -signal.SIGKILL
    store.close()
    again = ClassStore(address)
    found = {(e.pupil, e.value) for e in again.entries(code)}
    recorded = {tuple(line.split()) for lines in said for line in lines if line.endswith("\n")}
    assert len(recorded) >= 50
    assert recorded <= found
    # At most one of each writer was on the disk and not yet told.
    assert len(found) <= len(recorded) + 2
    again.record(again.join(code), **STEP, value="after it")
    again.close()


def test_many_servers_may_start_on_an_empty_store_at_once(address):
    stores = [ClassStore(address) for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        codes = set(threads.map(ClassStore.create, stores))
    assert {room.code for room in stores[0].classes()} == codes
    for store in stores:
        store.close()


def test_looking_at_a_store_that_is_not_there_makes_none(tmp_path):
    store = ClassStore(str(tmp_path / "no" / "class.sqlite"))
    assert store.classes() == []
    assert store.open_classes() == []
    assert store.class_of("0" * 32) is None
    store.delete("ABCDEF")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_store_is_told_by_its_place(tmp_path):
    path = tmp_path / "class.sqlite"
    path.write_text("this is no database, but long enough to be looked at as one" * 40)
    with pytest.raises(UserError, match=r"class\.sqlite cannot be used"):
        ClassStore(str(path)).classes()
    assert path.read_text().startswith("this is no database")


def test_a_store_of_a_newer_format_is_left_alone(address):
    store = ClassStore(address)
    store.create()
    with store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE latent_lens_format SET version = 99")
    store.close()
    with pytest.raises(UserError, match="is of format 99"):
        ClassStore(address).classes()


def test_the_usual_place_is_beside_the_runs(tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_LENS_RUNS", str(tmp_path / "runs"))
    monkeypatch.delenv(place.VARIABLE, raising=False)
    assert ClassStore().place == str(tmp_path / "class.sqlite")
    monkeypatch.setenv(place.VARIABLE, str(tmp_path / "other.db"))
    assert ClassStore().place == str(tmp_path / "other.db")


@pytest.mark.parametrize("wrong", ["mysql://u:secret@h/d", "postgresql://u:secret@h", "sqlite://"])
def test_an_address_of_another_kind_is_refused_without_repeating_it(wrong):
    with pytest.raises(UserError, match="neither a file nor an address") as refused:
        ClassStore(wrong)
    assert "secret" not in str(refused.value)


def test_a_password_is_never_shown():
    pytest.importorskip("psycopg")
    store = ClassStore("postgresql://u:secret@127.0.0.1:1/d")
    assert "secret" not in store.place
    with pytest.raises(UserError, match="cannot be used") as refused:
        store.create()
    assert "secret" not in str(refused.value)


def test_without_its_driver_postgresql_names_the_command(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(UserError, match="pip install 'psycopg"):
        ClassStore("postgresql://u@h/d")
