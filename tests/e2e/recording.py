"""A run directory that grows as a test wants it to: what the app shows live, without a training."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from unittest import mock

from tests.e2e.browsing import Server
from tests.snapshots import keep_snapshot, keep_snapshots
from vae.cache import CACHE_VARIABLE
from vae.runs.catalogue import SHIPPED, remember
from vae.runs.process import ProcessRecord
from vae.runs.store import RunDirectory


class Recording:
    """A copy of the shipped run factors under another name, told again event by event."""

    def __init__(self, folder: Path, server: Server, name: str) -> None:
        self.run = RunDirectory(folder / name)
        self.run.path.mkdir()
        source = RunDirectory(SHIPPED / "factors")
        stored = {**source.read_json("config.json"), "name": name}
        self.run.write_json("config.json", stored)
        shutil.copy(source.path / "tokenizer.json", self.run.path)
        self.events = source.read_metrics()
        self.told = 0
        with mock.patch.dict(os.environ, {CACHE_VARIABLE: str(server.log.parent / "cache")}):
            remember(self.run.path)

    @property
    def step(self) -> int:
        """Updates made so far."""
        return max((int(e.get("step", 0)) for e in self.events[: self.told]), default=0)

    @property
    def looked(self) -> list[str]:
        """The snapshots told so far, as the replay names them."""
        told = self.events[: self.told]
        return [f"step {e['step']:,}" for e in told if e["event"] == "snapshot"]

    def tell(self, n: int) -> int:
        """Append the next n events and give the step they lead to."""
        lines = []
        for event in self.events[self.told : self.told + n]:
            if event["event"] == "snapshot":
                event = {**event, "interpolation": event["reconstructions"][:3]}
            lines.append(json.dumps(event) + "\n")
        with (self.run.path / "metrics.jsonl").open("a", encoding="utf-8") as handle:
            handle.write("".join(lines))
        self.told += n
        return self.step

    def keep_points(self) -> list[int]:
        """Write the points of all snapshots told so far; their steps."""
        told = self.events[: self.told]
        steps = [int(e["step"]) for e in told if e["event"] == "snapshot"]
        keep_snapshots(self.run, steps, n=200)
        return steps

    def keep_point(self) -> None:
        """Write the points of the newest snapshot."""
        keep_snapshot(self.run, self.step, spread=1.0, n=200)

    def status(self, state: str) -> None:
        """Say where it stands; the process is that of the test."""
        total = max(int(e.get("step", 0)) for e in self.events)
        now = {"step": self.step, "total_steps": total, "seconds": 60.0, "message": ""}
        self.run.write_json(
            "status.json", {"state": state, **now, **ProcessRecord.mine().to_json()}
        )
