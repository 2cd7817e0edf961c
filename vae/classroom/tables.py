"""The tables of a class's store, alike in SQLite and PostgreSQL."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
)

FORMAT = 1
"""Raised where a table changes in a way that an older app cannot read."""

metadata = MetaData()

formats = Table(
    "latent_lens_format",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
)

classes = Table(
    "latent_lens_classes",
    metadata,
    Column("code", String(12), primary_key=True),
    Column("created", Float, nullable=False),
    Column("stage", String(12), nullable=False),
)

pupils = Table(
    "latent_lens_pupils",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("class_code", ForeignKey(classes.c.code, ondelete="CASCADE"), nullable=False),
    Column("joined", Float, nullable=False),
    Index("latent_lens_pupils_of_class", "class_code"),
)

# Appended to only: what a pupil said first stays beside what was said later.
entries = Table(
    "latent_lens_entries",
    metadata,
    # SQLite numbers rows only where the key is an INTEGER.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("pupil", ForeignKey(pupils.c.id, ondelete="CASCADE"), nullable=False),
    Column("written", Float, nullable=False),
    Column("lesson", String(80), nullable=False),
    Column("step", String(80), nullable=False),
    Column("kind", String(12), nullable=False),
    # Nothing is "I do not know".
    Column("value", String(2_000), nullable=True),
    Column("confidence", Integer, nullable=True),
    Index("latent_lens_entries_of_step", "lesson", "step", "kind"),
    Index("latent_lens_entries_of_pupil", "pupil", "written"),
)
