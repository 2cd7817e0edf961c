"""Where the cache is, and writes that are never seen half done."""

import os
import stat
import tempfile
from pathlib import Path

import pytest

from vae.cache import cache_dir, can_be_made, replacing, write_bytes
from vae.errors import UserError


@pytest.fixture
def bare(monkeypatch):
    for name in ("LATENT_LENS_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_the_own_variable_wins_over_xdg(bare, tmp_path):
    bare.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_dir() == tmp_path / "xdg" / "latent-lens"
    bare.setenv("LATENT_LENS_CACHE", str(tmp_path / "own"))
    assert cache_dir() == tmp_path / "own"


@pytest.mark.parametrize(
    ("platform", "place"),
    [
        ("linux", ".cache/latent-lens"),
        ("darwin", "Library/Caches/latent-lens"),
        ("win32", "AppData/Local/latent-lens/Cache"),
    ],
)
def test_each_system_has_its_usual_place(bare, platform, place):
    bare.setattr("sys.platform", platform)
    assert cache_dir() == Path.home() / place


@pytest.fixture
def no_home(bare, tmp_path):
    """A home that nobody can make, not even root; temporary files of one's own."""
    (tmp_path / "temporary").mkdir()
    bare.setenv("HOME", "/dev/null/nowhere")
    bare.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    return bare


def test_without_a_home_the_cache_is_among_the_temporary_files_of_this_user_alone(no_home):
    place = cache_dir()
    assert place == Path(tempfile.gettempdir()) / f"latent-lens-{os.getuid()}"
    write_bytes(cache_dir() / "a" / "b", b"one")
    assert cache_dir() == place  # the second time as the first
    assert stat.S_IMODE(place.stat().st_mode) == 0o700


def test_a_user_without_a_name_has_no_home_either(no_home):
    no_home.setattr("pathlib.Path.expanduser", lambda path: (_ for _ in ()).throw(RuntimeError))
    assert cache_dir().parent == Path(tempfile.gettempdir())


def test_a_folder_that_somebody_laid_there_is_not_used_and_the_variable_is_named(no_home, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    place = Path(tempfile.gettempdir()) / f"latent-lens-{os.getuid()}"
    place.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UserError, match="Set LATENT_LENS_CACHE"):
        cache_dir()


def test_a_place_below_a_file_cannot_be_made(tmp_path):
    (tmp_path / "file").touch()
    assert can_be_made(tmp_path / "a" / "b")
    assert not can_be_made(tmp_path / "file")
    assert not can_be_made(tmp_path / "file" / "a")


def test_a_write_makes_its_directory_and_leaves_nothing_behind(tmp_path):
    path = tmp_path / "a" / "b"
    write_bytes(path, b"one")
    write_bytes(path, b"two")
    assert path.read_bytes() == b"two"
    assert list(path.parent.iterdir()) == [path]


def test_a_write_that_fails_leaves_the_old_file(tmp_path):
    path = tmp_path / "kept"
    path.write_bytes(b"old")

    def fail() -> None:
        with replacing(path) as temporary:
            temporary.write_bytes(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
