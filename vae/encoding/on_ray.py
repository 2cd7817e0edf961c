"""The pieces of a folder on Ray Data: on the cores of this machine, or on a cluster of them.

Ray is an extra that nothing else requires. Where RAY_ADDRESS names a cluster, its machines see the
folders of run, shards and posteriors under the same paths as this one.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vae.encoding.folder import Encoding, Engine, Piece
from vae.errors import UserError
from vae.i18n import Message

if TYPE_CHECKING:
    from vae.corpora.shards import Shards

INSTALL = "pip install 'ray[data]==2.60.0'"
_ADDRESS = "RAY_ADDRESS"


def on_ray(workers: int) -> Engine:
    """An engine of so many worker processes; a piece whose worker dies is encoded by another.

    Raises:
        UserError: Ray is not installed, or there is to be no worker.
    """
    if workers < 1:
        raise UserError(
            "There are to be {workers:,} workers; it takes one or more.", workers=workers
        )
    try:
        import_module("ray.data")
    except ImportError as error:
        raise UserError(
            "Ray is not installed here. Install it by `{command}`, or encode without it.",
            command=INSTALL,
        ) from error

    def engine(encoding: Encoding, pieces: Sequence[Piece]) -> Iterator[Piece]:
        return _encoded(encoding, pieces, workers)

    return engine


def _encoded(encoding: Encoding, pieces: Sequence[Piece], workers: int) -> Iterator[Piece]:
    ray: Any = import_module("ray")
    started = not ray.is_initialized()
    if started:
        _start(ray, workers)
    try:
        given = (str(encoding.explorer.run.path.resolve()), encoding.shards, encoding.out.resolve())
        waiting = ray.data.from_items([asdict(p) for p in pieces], override_num_blocks=len(pieces))
        made = waiting.map(
            _Worker, fn_constructor_args=given, compute=ray.data.ActorPoolStrategy(size=workers)
        )
        for row in made.iter_rows():
            if row["refused"]:
                raise UserError(Message.of_json(json.loads(row["refused"])))
            yield Piece(row["shard"], row["first"], row["last"])
    finally:
        if started:
            ray.shutdown()


def _start(ray: Any, workers: int) -> None:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    ray.init(
        **({} if os.environ.get(_ADDRESS) else {"num_cpus": workers, "include_dashboard": False}),
        log_to_driver=False,
        logging_level=logging.ERROR,
        runtime_env={
            "py_modules": [str(Path(__file__).parents[1])],
            "env_vars": {"OMP_NUM_THREADS": "1"},
        },
    )
    logging.getLogger("ray.data").setLevel(logging.ERROR)


class _Worker:
    """A process that has loaded the run."""

    def __init__(self, run: str, shards: Shards, out: Path) -> None:
        import torch

        from vae.explorer import Explorer
        from vae.runs.store import RunDirectory

        torch.set_num_threads(1)
        self.encoding = Encoding(Explorer.load(RunDirectory(Path(run))), shards, out)

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        piece, refused = Piece(**{name: int(row[name]) for name in ("shard", "first", "last")}), ""
        try:
            self.encoding.encode(piece)
        except UserError as error:
            refused = json.dumps(error.message.to_json())
        return {**asdict(piece), "refused": refused}
