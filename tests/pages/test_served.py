"""Files of large maps: a browser has what is meant for it, whole or in part, and nothing else."""

import asyncio

import pytest

from pages.common import media
from pages.common.served import Served, path_of, routes, served
from tests import loops
from vae.latent.large_atlas import FACTS, home

RUN, MAP = "0123456789abcdef" * 2, "1000-0123456789abcdef"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_LENS_CACHE", str(tmp_path))
    made = home(RUN) / MAP
    made.mkdir(parents=True)
    for name in ("umap.f32", "text.u8", "label-0.u16", "keys.u64", "mean.f32"):
        (made / name).write_bytes(bytes(range(100)))
    (made / FACTS).write_text("{}")
    return made


def asked(path, headers=()):
    """(status, headers, body) that the server's own route gives."""
    (route,) = routes()
    sent = []

    async def receive():
        await asyncio.sleep(60)  # a browser that stays

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "root_path": "",
        "headers": [(k.encode(), v.encode()) for k, v in headers],
        "query_string": b"",
    }
    _, found = route.matches(scope)
    loops.run(route.app(scope | found, receive, send))
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], dict(sent[0]["headers"]), body


def test_a_file_comes_from_the_disk_and_a_range_of_it_alone(folder):
    where = served(folder, "text.u8")
    assert len(where) == 100
    status, headers, body = asked(where.url)
    assert (status, body) == (200, bytes(range(100)))
    assert b"immutable" in headers[b"cache-control"]
    status, headers, body = asked(where.url, [("range", "bytes=10-19")])
    assert (status, body) == (206, bytes(range(10, 20)))


@pytest.mark.parametrize(
    ("learned", "version", "file"),
    [
        (RUN, MAP, "keys.u64"),
        (RUN, MAP, "mean.f32"),
        (RUN, MAP, FACTS),
        (RUN, MAP, "pca.f32"),
        (RUN, "..", "umap.f32"),
        ("..", MAP, "umap.f32"),
        (RUN, MAP, "../umap.f32"),
        (RUN.upper(), MAP, "umap.f32"),
    ],
)
def test_nothing_else_is_sent(folder, learned, version, file):
    assert path_of(learned, version, file) is None


def test_a_map_that_is_not_whole_is_not_sent(folder):
    (folder / FACTS).unlink()
    assert asked(served(folder, "umap.f32").url)[0] == 404


def test_what_is_served_needs_no_copy():
    assert (
        media.address(Served("/large-map/a/b/umap.f32", 8), "points") == "/large-map/a/b/umap.f32"
    )
