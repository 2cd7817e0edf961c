"""Which runs there are, and how one is found."""

import json
import os
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import store_run
from vae.errors import UserError
from vae.explorer import Explorer
from vae.runs import catalogue
from vae.runs.catalogue import (
    all_runs,
    check_name,
    find_run,
    follow,
    forget,
    free_name,
    is_shipped,
    new_directory,
    own_runs,
    remember,
    requested_runs,
    runs_dir,
    shipped_runs,
)
from vae.runs.store import RunDirectory


def run_at(path, age: float = 0.0) -> RunDirectory:
    """A run that was made `age` seconds ago."""
    run = RunDirectory(path)
    run.write_json("config.json", {"name": path.name})
    made = os.stat(path / "config.json").st_mtime - age
    os.utime(path / "config.json", (made, made))
    return run


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A working directory and a cache of their own, and three runs that ship."""
    for folder in ("work", "cache", "shipped"):
        (tmp_path / folder).mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("LATENT_LENS_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("LATENT_LENS_RUNS", raising=False)
    monkeypatch.setattr(catalogue, "SHIPPED", tmp_path / "shipped")
    for name in ("docstrings", "factors", "factors-collapsed"):
        run_at(tmp_path / "shipped" / name)
    (tmp_path / "shipped" / "notes").mkdir()
    return tmp_path


def test_the_default_run_comes_first_and_what_is_no_run_is_left_out(home):
    assert list(shipped_runs()) == ["factors", "docstrings", "factors-collapsed"]


def test_runs_in_the_working_directory_are_found(home):
    run_at(home / "work" / "runs" / "mine")
    (home / "work" / "runs" / "empty").mkdir()
    assert list(own_runs()) == ["mine"]
    assert list(all_runs()) == [*shipped_runs(), "mine"]


def test_a_run_elsewhere_is_found_once_it_is_remembered(home):
    far = run_at(home / "elsewhere" / "far")
    assert list(own_runs()) == []
    remember(far.path)
    remember(far.path)
    assert [r.path for r in own_runs().values()] == [far.path]
    assert find_run("far").path == far.path


def test_a_remembered_run_that_is_gone_is_left_out(home):
    far = run_at(home / "elsewhere" / "far")
    remember(far.path)
    (far.path / "config.json").unlink()
    assert own_runs() == {}


def test_a_run_that_is_remembered_and_in_the_working_directory_is_listed_once(home):
    mine = run_at(home / "work" / "runs" / "mine")
    remember(mine.path)
    assert list(own_runs()) == ["mine"]


def test_own_runs_are_listed_newest_first(home):
    for name, age in (("b", 300), ("a", 200), ("c", 100)):
        run_at(home / "work" / "runs" / name, age)
    remember(run_at(home / "elsewhere" / "old", 250).path)
    assert list(own_runs()) == ["c", "a", "old", "b"]


def test_two_runs_of_one_name_are_told_apart(home):
    first, second = run_at(home / "x" / "mine", 10), run_at(home / "y" / "mine", 20)
    like_shipped = run_at(home / "z" / "factors", 30)
    for run in (first, second, like_shipped):
        remember(run.path)
    found = own_runs()
    assert len(found) == 3
    assert not set(found) & set(shipped_runs())
    for name, run in found.items():
        assert find_run(name).path == run.path


def test_a_shipped_run_is_found_by_name_from_anywhere(home):
    assert find_run("factors").path == home / "shipped" / "factors"
    assert find_run("factors").name == "factors"


def test_a_run_is_found_by_its_directory(home):
    mine = run_at(home / "work" / "runs" / "mine")
    for name in ("runs/mine", mine.path, str(mine.path), "./runs/mine/", "mine"):
        assert find_run(name).path == mine.path


def test_a_directory_that_is_no_run_says_so(home):
    with pytest.raises(UserError, match=r"no run: it has no config\.json"):
        find_run(home / "cache")


def test_a_name_that_does_not_exist_is_answered_with_those_that_do(home):
    with pytest.raises(UserError, match=r"There is no run 'facters'.*factors, docstrings"):
        find_run("facters")


@pytest.mark.parametrize(
    "name", ["x" * 5_000, "a\0b", "\udcff", "../" * 50 + "x", "*", "~", "", " "]
)
def test_no_name_makes_the_search_fail(home, name):
    with pytest.raises(UserError):
        find_run(name)


@pytest.mark.parametrize(
    "content", ["", "{", "5", "null", '{"a": 1}', "[1, null, {}]", '["a\\u0000"]']
)
def test_a_damaged_memory_is_no_memory(home, content):
    (home / "cache" / "runs.json").write_text(content)
    assert own_runs() == {}
    mine = run_at(home / "elsewhere" / "mine")
    remember(mine.path)
    assert list(own_runs()) == ["mine"]


def test_only_so_many_runs_are_remembered(home, monkeypatch):
    monkeypatch.setattr(catalogue, "_MOST_REMEMBERED", 3)
    for i in range(6):
        remember(run_at(home / "elsewhere" / str(i)).path)
    kept = json.loads((home / "cache" / "runs.json").read_text())
    assert [os.path.basename(p) for p in kept] == ["5", "4", "3"]


def test_a_found_run_can_be_explored(home):
    remember(store_run(home / "elsewhere" / "tiny").path)
    assert Explorer.load("tiny").latent_dim == 4


# -- where runs are ------------------------------------------------------------------------------


def test_the_place_of_runs_can_be_chosen(home, monkeypatch):
    assert runs_dir() == home / "work" / "runs"
    monkeypatch.setenv("LATENT_LENS_RUNS", str(home / "elsewhere"))
    assert runs_dir() == home / "elsewhere"
    run_at(home / "elsewhere" / "mine")
    assert list(own_runs()) == ["mine"]


def test_hidden_directories_and_files_are_no_runs(home):
    run_at(home / "work" / "runs" / ".mine.1-00000000.tmp")
    (home / "work" / "runs" / "notes.txt").write_text("x")
    assert own_runs() == {}


def test_a_link_to_a_run_keeps_its_meaning_when_another_of_its_name_appears(home):
    first = run_at(home / "x" / "mine", age=100)
    remember(first.path)
    assert find_run("mine").path == first.path
    remember(run_at(home / "y" / "mine").path)
    assert find_run("mine").path == first.path
    assert list(own_runs()) == ["mine (2)", "mine"]  # newest first


def test_a_run_in_a_shipped_place_is_none_of_ones_own(home):
    remember(home / "shipped" / "factors")
    assert own_runs() == {}
    assert is_shipped(home / "shipped" / "factors")
    assert is_shipped(home / "shipped" / "notes" / ".." / "factors")
    assert not is_shipped(home / "work" / "runs" / "factors")


def test_a_run_that_was_asked_for_is_listed_until_it_begins(home):
    for name in ("b", "a"):
        run = RunDirectory(home / "work" / "runs" / name)
        run.write_json("request.json", {"arguments": []})
    os.utime(home / "work" / "runs" / "b" / "request.json", (1_000, 1_000))
    assert list(requested_runs()) == ["b", "a"]
    assert own_runs() == {}
    run_at(home / "work" / "runs" / "b")
    assert list(requested_runs()) == ["a"]
    assert list(own_runs()) == ["b"]


def test_a_run_that_moved_or_went_is_followed(home):
    old, new = run_at(home / "x" / "old"), home / "x" / "new"
    remember(old.path)
    os.rename(old.path, new)
    follow(old.path, new)
    assert list(own_runs()) == ["new"]
    forget(new)
    assert own_runs() == {}


def test_sessions_that_remember_at_once_lose_nothing(home):
    runs = [run_at(home / "x" / str(i)) for i in range(12)]
    threads = [threading.Thread(target=remember, args=(run.path,)) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(own_runs()) == 12


# -- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a", "My run 2", "2 films", "über-café_v1.5", "日本", "x" * 80])
def test_a_name_that_a_run_can_have(name):
    assert check_name(name) == name


@pytest.mark.parametrize("sign", "/\\\0\n:*~$(<\u2028\ud800")
def test_a_sign_that_no_run_can_have_is_refused(sign):
    with pytest.raises(UserError, match="cannot have"):
        check_name(f"a{sign}b")


@pytest.mark.parametrize(
    "name", ["", "x" * 81, "日" * 70, " a", "a ", "a.", ".a", "..", ".", "-a", "_a"]
)
def test_a_name_that_no_run_can_have_is_refused(name):
    with pytest.raises(UserError):
        check_name(name)


def test_a_free_name_is_as_near_to_the_title_as_can_be(home):
    assert free_name("reviews") == "reviews"
    assert free_name("My reviews.csv") == "My reviews.csv"
    assert free_name("../../etc/passwd") == "etc passwd"
    assert free_name("") == free_name("???") == free_name("..") == "run"
    assert free_name("factors") == "factors-2"  # ships
    assert free_name("Factors") == "Factors-2"  # some systems see no difference
    run_at(home / "work" / "runs" / "reviews")
    remember(run_at(home / "x" / "reviews-2").path)
    (home / "work" / "runs" / "reviews-3").mkdir()
    assert free_name("reviews") == "reviews-4"


@given(st.text(max_size=120))
def test_every_title_has_a_free_name(title):
    check_name(free_name(title))


def test_two_sessions_never_get_the_same_directory(home):
    made = []
    threads = [
        threading.Thread(target=lambda: made.append(new_directory("reviews").path))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 8
    assert all(path.is_dir() and path.parent == home / "work" / "runs" for path in made)


def test_of_many_runs_those_of_a_like_name_are_named(home):
    for i in range(30):
        run_at(home / "work" / "runs" / f"other-{i}")
    run_at(home / "work" / "runs" / "reviews-of-books")
    with pytest.raises(UserError, match="reviews-of-books") as error:
        find_run("review-of-book")
    assert str(error.value).count("other-") < 8
