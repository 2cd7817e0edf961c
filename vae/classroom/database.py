"""Where a class's store is: one SQLite file, or the database of an address."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, insert, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from vae.classroom import tables
from vae.classroom.place import VARIABLE
from vae.errors import UserError

INSTALL = "pip install 'psycopg[binary]==3.3.9'"
_DRIVER = "postgresql+psycopg"
_WAIT = 20.0
_REACH = 5
"""Seconds for a server of databases to answer: every page asks whether a class is held."""
# A number of our own that PostgreSQL locks by: two servers that start make the tables in turn.
_LOCK = 0x1A7E_17


@dataclass(frozen=True)
class Database:
    """An engine and what is said of its place; `path` is None where it is not a file.

    `turn` is held by who writes. A file has one writer at a time, and SQLite lets those who wait
    sleep and try again: the threads of a server stand in line instead.
    """

    engine: Engine
    place: str
    path: Path | None
    turn: AbstractContextManager[object]

    @classmethod
    def at(cls, address: str) -> Database:
        """The database of an address: a path, or `postgresql://user:password@host/name`.

        Nothing is opened or made yet.

        Raises:
            UserError: the address is of neither kind, or the driver of PostgreSQL is missing.
        """
        url = _url(address)
        if url.drivername != "sqlite":
            return cls(
                _of_server(url), url.render_as_string(hide_password=True), None, nullcontext()
            )
        path = Path(str(url.database)).expanduser().absolute()
        engine = create_engine(URL.create("sqlite", database=str(path)), connect_args=_PATIENT)
        event.listen(engine, "connect", _set_up_file)
        event.listen(engine, "begin", _begin_on_file)
        return cls(engine, str(path), path, Lock())

    def is_there(self) -> bool:
        """Whether anything may be in it: a file that was never written is not made to look."""
        return self.path is None or self.path.exists()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the store throughout, and keeps no writer waiting.

        Raises:
            UserError: as `writing`.
        """
        with self._told(), self.engine.connect() as plain:
            yield plain.execution_options(reading=True)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction: it is on the disk when the block has ended, or nothing of it is.

        Raises:
            UserError: the store cannot be reached or written, or is of a newer format.
        """
        with self._told(), self.turn, self.engine.begin() as connection:
            yield connection

    def prepare(self) -> None:
        """Make the tables where they are missing.

        Raises:
            UserError: as `writing`.
        """
        if self.path is not None:
            with self._told():
                self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.writing() as connection:
            if self.path is None:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            tables.metadata.create_all(connection)
            version = connection.scalar(select(tables.formats.c.version))
            if version is None:
                connection.execute(insert(tables.formats).values(version=tables.FORMAT))
            elif version != tables.FORMAT:
                raise UserError(
                    "The store of classes at {place} is of format {found}; this app reads {known}. "
                    "Use the version of Latent Lens that wrote it, or name another place in "
                    "{variable}.",
                    place=self.place,
                    found=version,
                    known=tables.FORMAT,
                    variable=VARIABLE,
                )

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError) as error:
            cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
            raise UserError(
                "The store of classes at {place} cannot be used ({reason}). See that it can be "
                "reached and written, or name another place in {variable}.",
                place=self.place,
                reason=" ".join(str(cause).split())[:200],
                variable=VARIABLE,
            ) from error


_PATIENT = {"timeout": _WAIT}


def _url(address: str) -> URL:
    if "://" not in address:
        return URL.create("sqlite", database=address)
    with contextlib.suppress(ArgumentError, ValueError):
        url = make_url(address)
        if url.drivername == "sqlite" and url.database not in (None, "", ":memory:"):
            return url
        if url.drivername in ("postgresql", "postgres", _DRIVER) and url.database:
            return url.set(drivername=_DRIVER)
    # The address is not repeated: it may hold a password.
    raise UserError(
        "{variable} is neither a file nor an address of PostgreSQL. Write a path, or {example}.",
        variable=VARIABLE,
        example="postgresql://user:password@host/database",
    )


def _of_server(url: URL) -> Engine:
    try:
        import_module("psycopg")
    except ImportError as error:
        raise UserError(
            "{variable} names a PostgreSQL database, whose driver is not installed here. Install "
            "it by `{command}`, or name a file.",
            variable=VARIABLE,
            command=INSTALL,
        ) from error
    # A connection that the server has dropped meanwhile is made anew.
    return create_engine(
        url, pool_pre_ping=True, pool_timeout=_WAIT, connect_args={"connect_timeout": _REACH}
    )


def _set_up_file(connection: Any, _record: object) -> None:
    # Transactions are begun by `_begin_on_file`, not by Python's module.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",  # readers and the writer do not wait for each other
        "synchronous=FULL",  # what is recorded outlives the machine, not only the process
        "foreign_keys=ON",
        "secure_delete=ON",  # what is deleted is overwritten in the file
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_on_file(connection: Connection) -> None:
    # A writer takes its turn at once: a reader that became one would find it taken, and fail.
    reading = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
