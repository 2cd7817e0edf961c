"""A store on each kind of database: a file, and PostgreSQL where a server is found."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from vae.classroom.store import ClassStore

ADDRESS = "LATENT_LENS_TEST_POSTGRES"
"""Names a database for tests; its tables of classes are dropped."""


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The address of a PostgreSQL database: the one named, else of a server started for the tests.

    Debian's package `postgresql` puts its programs where no PATH leads.
    """
    pytest.importorskip("psycopg", reason="the driver of PostgreSQL is not installed")
    if given := os.environ.get(ADDRESS):
        yield given
        return
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    initdb = str(found[-1]) if found else shutil.which("initdb")
    if initdb is None:
        pytest.skip(f"no PostgreSQL server is found; name one in {ADDRESS}")
    # Not among pytest's folders, which are this user's alone; short, as a socket's name is bounded.
    with tempfile.TemporaryDirectory(prefix="latent-lens-postgres-") as folder:
        yield from _started(Path(initdb).parent, Path(folder))


def _started(programs, folder):
    as_user = []
    if os.geteuid() == 0:  # as whom the server refuses to run
        if shutil.which("runuser") is None:
            pytest.skip("PostgreSQL does not run as root, and there is no runuser")
        shutil.chown(folder, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    data = folder / "data"

    def run(program, *arguments):
        command = [*as_user, str(programs / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")

    run("initdb", "-D", str(data), "-A", "trust", "-U", "pupil", "--no-sync")
    options = f"-c listen_addresses='' -c unix_socket_directories={folder}"
    run("pg_ctl", "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield f"postgresql://pupil@/postgres?host={folder}"
    finally:
        run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path):
    """Of an empty store."""
    if request.param == "sqlite":
        return str(tmp_path / "class.sqlite")
    address = request.getfixturevalue("server")
    _empty(address)
    return address


def _empty(address):
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        tables = ("entries", "pupils", "classes", "format")
        for name in tables:
            connection.execute(f"DROP TABLE IF EXISTS latent_lens_{name} CASCADE")


@pytest.fixture
def store(address):
    opened = ClassStore(address)
    yield opened
    opened.close()
