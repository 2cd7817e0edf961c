"""Where the cache is, and writes that are never seen half done."""

from pathlib import Path

import pytest

from vae.cache import cache_dir, replacing, write_bytes


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
