"""What a class says: joined by a code, without names, each entry on the disk when it is recorded.

store = ClassStore()
code = store.create()
pupil = store.join(code)
store.record(pupil, lesson="rate", step=2, kind="prediction", value="rise", confidence=2)
store.answers(code, "rate", 2, "prediction")
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, cast, get_args

from sqlalchemy import Connection, Select, delete, func, insert, select, update

from vae.classroom.database import Database
from vae.classroom.entry import USUAL, Classroom, Entry, Kind, Limits, Stage, check
from vae.classroom.place import default_address
from vae.classroom.tables import classes, entries, pupils
from vae.errors import UserError

# Neither of a pair that looks alike on a wall: 0 and O, 1 and I and L, 2 and Z, 5 and S, 8 and B.
_ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"
_CODE_LENGTH = 6


class ClassStore:
    """Classes, their pupils and what these said; safe in many threads and processes.

    Every method raises `UserError` where the store cannot be reached or written.

    Args:
        address: as `Database.at`; by default what ``LATENT_LENS_CLASS_DB`` names, else a file
            beside the runs directory.
        clock: seconds since 1970.
    """

    def __init__(
        self,
        address: str | None = None,
        limits: Limits = USUAL,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = Database.at(address or default_address())
        self._limits = limits
        self._clock = clock
        self._prepared = False

    @property
    def place(self) -> str:
        """The file or the address, without a password."""
        return self._database.place

    def close(self) -> None:
        """Let go of the connections."""
        self._database.engine.dispose()

    # -- classes ----------------------------------------------------------------------------------

    def create(self) -> str:
        """Open a class, and give its code.

        Raises:
            UserError: the store has as many classes as it may have.
        """
        self._prepare()
        with self._database.writing() as connection:
            n = connection.scalar(select(func.count()).select_from(classes)) or 0
            if n >= self._limits.classes:
                raise UserError(
                    "The store has {n:,} classes, as many as it may have. Delete one first.", n=n
                )
            taken = set(connection.scalars(select(classes.c.code)))
            while (code := _new_code()) in taken:
                pass
            connection.execute(
                insert(classes).values(code=code, created=self._clock(), stage="before")
            )
        return code

    def classes(self) -> list[Classroom]:
        """All classes, the newest first."""
        if not self._readable():
            return []
        n_pupils = (
            select(func.count()).where(pupils.c.class_code == classes.c.code).scalar_subquery()
        )
        n_entries = (
            select(func.count())
            .select_from(entries.join(pupils))
            .where(pupils.c.class_code == classes.c.code)
            .scalar_subquery()
        )
        query = select(classes.c.code, classes.c.created, classes.c.stage, n_pupils, n_entries)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(classes.c.created.desc())).all()
        return [Classroom(*row) for row in rows]

    def open_classes(self) -> list[str]:
        """The codes of the classes that are not over; a store that is not there has none."""
        if not self._readable():
            return []
        query = select(classes.c.code).where(classes.c.stage != "ended")
        with self._database.reading() as connection:
            return list(connection.scalars(query.order_by(classes.c.created.desc())))

    def stage(self, code: str) -> Stage:
        """What a class is at.

        Raises:
            UserError: there is no class of this code.
        """
        if self._readable():
            query = select(classes.c.stage).where(classes.c.code == tidy_code(code))
            with self._database.reading() as connection:
                if stage := connection.scalar(query):
                    return cast(Stage, stage)
        raise _no_class(code)

    def set_stage(self, code: str, stage: Stage) -> None:
        """Let a class go on.

        Raises:
            UserError: there is no class of this code.
        """
        if stage not in get_args(Stage):
            raise ValueError(stage)
        self._prepare()
        with self._database.writing() as connection:
            query = update(classes).where(classes.c.code == tidy_code(code)).values(stage=stage)
            if not connection.execute(query).rowcount:
                raise _no_class(code)

    def delete(self, code: str) -> None:
        """Delete a class with its pupils and all that they said; one that is gone is no fault."""
        if not self._readable():
            return
        with self._database.writing() as connection:
            connection.execute(delete(classes).where(classes.c.code == tidy_code(code)))
        if self._database.path is not None:
            # The log of the file still has it: it is written back and cut to nothing.
            with self._database.engine.connect() as plain:
                cursor = plain.connection.cursor()
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.close()

    # -- pupils -----------------------------------------------------------------------------------

    def join(self, code: str) -> str:
        """Join a class, and give the id of the new pupil: random, and known to nobody else.

        Raises:
            UserError: there is no class of this code, it is over, or it is full.
        """
        self._prepare()
        code = tidy_code(code)
        with self._database.writing() as connection:
            query = select(classes.c.stage).where(classes.c.code == code).with_for_update()
            stage = connection.scalar(query)
            if stage is None:
                raise _no_class(code)
            if stage == "ended":
                raise UserError("The class {code} is over. Ask your teacher.", code=code)
            count = select(func.count()).where(pupils.c.class_code == code)
            if (n := connection.scalar(count) or 0) >= self._limits.pupils:
                raise UserError("The class {code} has {n:,} pupils and is full.", code=code, n=n)
            pupil = secrets.token_hex(16)
            connection.execute(
                insert(pupils).values(id=pupil, class_code=code, joined=self._clock())
            )
        return pupil

    def class_of(self, pupil: str) -> str | None:
        """The code of a pupil's class; None where there is no such pupil (any more)."""
        if not self._readable():
            return None
        with self._database.reading() as connection:
            return connection.scalar(select(pupils.c.class_code).where(pupils.c.id == pupil))

    # -- what they say ----------------------------------------------------------------------------

    def record(
        self,
        pupil: str,
        *,
        lesson: str,
        step: str | int,
        kind: Kind,
        value: str | None,
        confidence: int | None = None,
    ) -> None:
        """Keep what a pupil says at a step; when this returns, it is on the disk.

        Args:
            value: a choice, or words of the pupil's own; None is "I do not know".
            confidence: as `Entry`.

        Raises:
            UserError: the value is too long or the pupil too quick, the class is over or deleted.
        """
        said = Entry(pupil, self._clock(), lesson, str(step), kind, value, confidence)
        check(said, self._limits)
        self._prepare()
        with self._database.writing() as connection:
            self._check_pupil(connection, pupil)
            connection.execute(insert(entries).values(asdict(said)))

    def answers(self, code: str, lesson: str, step: str | int, kind: Kind) -> list[Entry]:
        """What each pupil of a class said last at a step, in the order in which they joined."""
        found = [e for e in self.entries(code, lesson, kind) if e.step == str(step)]
        return list({entry.pupil: entry for entry in found}.values())

    def entries(
        self, code: str, lesson: str | None = None, kind: Kind | None = None
    ) -> list[Entry]:
        """All that a class said, pupil by pupil in the order in which they joined."""
        if not self._readable():
            return []
        query = (
            _entry()
            .join(pupils)
            .where(pupils.c.class_code == tidy_code(code))
            .order_by(pupils.c.joined, pupils.c.id, entries.c.id)
        )
        if lesson is not None:
            query = query.where(entries.c.lesson == lesson)
        if kind is not None:
            query = query.where(entries.c.kind == kind)
        with self._database.reading() as connection:
            return [Entry(**row) for row in connection.execute(query).mappings()]

    def entries_of(self, pupil: str) -> list[Entry]:
        """All that a pupil said, in order."""
        if not self._readable():
            return []
        query = _entry().where(entries.c.pupil == pupil).order_by(entries.c.id)
        with self._database.reading() as connection:
            return [Entry(**row) for row in connection.execute(query).mappings()]

    # -- checks -----------------------------------------------------------------------------------

    def _check_pupil(self, connection: Connection, pupil: str) -> None:
        # Held until the entry is written, so that two of one pupil's are counted one by one.
        query = select(classes.c.stage).join(pupils).where(pupils.c.id == pupil)
        stage = connection.scalar(query.with_for_update(of=pupils))
        if stage is None:
            raise UserError("Your class is not there any more: your teacher has deleted it.")
        if stage == "ended":
            raise UserError("Your class is over; nothing is recorded any more.")
        mine = entries.c.pupil == pupil
        n = connection.scalar(select(func.count()).where(mine)) or 0
        if n >= self._limits.entries:
            raise UserError("You have given {n:,} answers, as many as are kept of one pupil.", n=n)
        recent = select(func.count()).where(mine, entries.c.written > self._clock() - 60)
        if (connection.scalar(recent) or 0) >= self._limits.a_minute:
            raise UserError(
                "That were {most:,} answers in one minute. Wait a moment, then answer again.",
                most=self._limits.a_minute,
            )

    def _prepare(self) -> None:
        if not self._prepared:
            self._database.prepare()
            self._prepared = True

    def _readable(self) -> bool:
        if not self._database.is_there():
            return False
        self._prepare()
        return True


def tidy_code(code: str) -> str:
    """A code as it is kept, however it was typed: `ab-c 34f` is `ABC34F`."""
    return "".join(c for c in code.upper() if c.isalnum())[:12]


def _new_code() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))


def _no_class(code: str) -> UserError:
    return UserError(
        "There is no class with the code '{code}'. Look at the code again, or ask your teacher.",
        code=tidy_code(code),
    )


def _entry() -> Select[Any]:
    return select(*(c for c in entries.c if c.name != "id"))
