"""The run directory: the only thing between training and everything else.

config.json, tokenizer.json, weights.safetensors, metrics.jsonl, status.json, evaluation.json,
latents.npz, projection.npz, snapshots/; while a run can still go on, checkpoint.safetensors. Every
write is a temporary file and an atomic replace, or one appended line, so a reader never sees half a
file. Of a run that the app started also request.json, train.log and corpus/; of one that was
adjusted, control.json and steering.json.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open

from vae.cache import replacing, write_bytes
from vae.errors import UserError
from vae.i18n import Message, message
from vae.runs.process import ProcessRecord, sweep

if TYPE_CHECKING:
    from torch import Tensor

FORMAT_VERSION = 1
# Between "it is started" and the number of its process.
_SPAWNING = 10.0

LIVE = ("running", "paused", "stopping")
"""States in which a process works on a run."""

STATES = ("queued", *LIVE, "finished", "stopped", "failed", "lost")
"""Every state of a run; the last is nowhere written, but found."""

Arrays = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class RunDirectory:
    """Reads and writes one run; holds nothing but its path.

    Every reader raises `UserError` when a file is missing, cut short, foreign, or of another
    format version, and says what to do.
    """

    path: Path

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.name

    def exists(self) -> bool:
        """Whether there is a run here."""
        return (self.path / "config.json").is_file()

    def has(self, file: str) -> bool:
        """Whether the run has a file of this name."""
        return (self.path / file).is_file()

    def adapter(self) -> str:
        """MODULE:FACTORY of the model of another make that stands behind the run; else empty."""
        try:
            return str(self.read_json("config.json").get("adapter", ""))
        except UserError:
            return ""

    def has_model(self) -> bool:
        """Whether there is something to explore: weights of ours, or a model of another make."""
        return self.has("weights.safetensors") or bool(self.adapter())

    def version(self, file: str) -> str:
        """A string that changes whenever the file does; empty while there is none."""
        with contextlib.suppress(FileNotFoundError):
            stat = (self.path / file).stat()
            return f"{stat.st_mtime_ns}-{stat.st_size}"
        return ""

    def read_json(self, file: str) -> dict[str, Any]:
        """config.json, status.json or evaluation.json."""
        path = self.path / file
        try:
            value = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise self.missing(file) from None
        except (OSError, ValueError, RecursionError) as error:
            raise self._damaged(file, error) from error
        if not isinstance(value, dict):
            raise self._damaged(file, message("it is not a file of a run"))
        if value.get("format_version") != FORMAT_VERSION:
            raise UserError(
                "{path} has format {found}; this version of Latent Lens reads format {wanted}. "
                "Train the run again, or open it with the version that made it.",
                path=path,
                found=value.get("format_version", message("none")),
                wanted=FORMAT_VERSION,
            )
        return value

    def write_json(self, file: str, value: Mapping[str, Any]) -> None:
        """Replace a JSON file whole, marked with the format version."""
        text = json.dumps({"format_version": FORMAT_VERSION, **value}, indent=1, ensure_ascii=False)
        write_bytes(self.path / file, text.encode("utf-8"))

    def write_text(self, file: str, text: str) -> None:
        """Replace a text file whole."""
        write_bytes(self.path / file, text.encode("utf-8"))

    def read_tensors(self, file: str) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """(tensors, metadata) of weights.safetensors or checkpoint.safetensors."""
        path = self.path / file
        try:
            with safe_open(path, framework="pt") as handle:
                metadata = json.loads((handle.metadata() or {}).get("latent_lens", "{}"))
                return {key: handle.get_tensor(key) for key in handle.keys()}, metadata  # noqa: SIM118
        except FileNotFoundError:
            raise self.missing(file) from None
        except (SafetensorError, OSError, ValueError, RecursionError) as error:
            raise self._damaged(file, error) from error

    def write_tensors(
        self, file: str, tensors: Mapping[str, Tensor], metadata: Mapping[str, Any] | None = None
    ) -> None:
        """Replace a safetensors file whole; the metadata travels in the same file."""
        from safetensors.torch import save  # loads torch: who follows a run has no tensors

        contiguous = {k: v.detach().contiguous() for k, v in tensors.items()}
        write_bytes(
            self.path / file, save(contiguous, {"latent_lens": json.dumps(dict(metadata or {}))})
        )

    def read_arrays(self, file: str) -> Arrays:
        """latents.npz or projection.npz; nothing in them is ever unpickled."""
        path = self.path / file
        try:
            with zipfile.ZipFile(path) as archive:
                names = [n.removesuffix(".npy") for n in archive.namelist() if n.endswith(".npy")]
            if not names:
                raise ValueError("it holds no array")
            with np.load(path, allow_pickle=False) as handle:
                return {name: handle[name] for name in names}
        except FileNotFoundError:
            raise self.missing(file) from None
        except Exception as error:  # a damaged archive fails in a dozen ways
            raise self._damaged(file, error) from error

    def write_arrays(self, file: str, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Replace an npz file whole."""
        with replacing(self.path / file) as temporary, temporary.open("wb") as handle:
            np.savez_compressed(handle, allow_pickle=False, **dict(arrays))

    def append_metric(self, event: Mapping[str, Any]) -> None:
        """Append one event to metrics.jsonl, ending a torn last line first."""
        path = self.path / "metrics.jsonl"
        line = json.dumps(event, ensure_ascii=False) + "\n"
        with path.open("ab+") as handle:
            if handle.seek(0, os.SEEK_END):
                handle.seek(-1, os.SEEK_END)
                if handle.read(1) != b"\n":
                    line = "\n" + line
            handle.write(line.encode("utf-8"))

    def read_metrics(self) -> list[dict[str, Any]]:
        """All events in order; what a resume went back on is left out.

        A line cut short by a crash is skipped: the resume that followed replays its update.
        """
        path = self.path / "metrics.jsonl"
        if not path.is_file():
            return []
        events: list[dict[str, Any]] = []
        # Not splitlines: inside a JSON string a line separator of Unicode is a sign like any other.
        for line in path.read_text(encoding="utf-8", errors="replace").split("\n"):
            try:
                event = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if not isinstance(event, dict) or "event" not in event:
                continue
            if not isinstance(event.get("step", 0), int):
                continue
            if event["event"] == "resume":
                back = event.get("step", 0)
                events = [e for e in events if e.get("step", 0) <= back and e["event"] != "end"]
            events.append(event)
        return events

    def state(self) -> str:
        """How the run stands, in one of the words of `STATES`.

        "lost": it says that it works, but its process is gone or silent. "failed" is also a process
        that ended before its first sign of life. A run that waits is never lost.

        Raises:
            UserError: status.json is missing or damaged.
        """
        status = self.read_json("status.json")
        state = str(status.get("state"))
        if state not in LIVE:
            return state
        if is_starting(status):
            return state if _may_start(status) else "failed"
        process = ProcessRecord.of_json(status)
        return state if process is not None and process.alive else "lost"

    def busy(self) -> bool:
        """Whether a process works on the run, be it silent; two must never write to one run.

        A process that was started for this run, and asks before its first sign of life, is not
        told of itself.
        """
        if not self.has("status.json"):
            return False
        status = self.read_json("status.json")
        process = ProcessRecord.of_json(status)
        if status.get("state") not in LIVE or process is None or not process.running:
            return False
        return not (is_starting(status) and process.pid == os.getpid())

    def missing(self, file: str) -> UserError:
        """What is said of a run that lacks a file: what to do about it."""
        return UserError(
            "{path} has no {file}: {remedy}", path=self.path, file=file, remedy=self._remedy(file)
        ).because("damage")

    def _damaged(self, file: str, why: object) -> UserError:
        return UserError(
            "{path} is damaged ({why}): {remedy}",
            path=self.path / file,
            why=why,
            remedy=self._remedy(file),
        ).because("damage")

    def _remedy(self, file: str) -> Message:
        if file == "evaluation.json":
            return message(
                "run `{command}` to make it.", command=f"python -m vae evaluate {self.path}"
            )
        if file == "checkpoint.safetensors":
            return message("a finished run cannot be resumed; train a new one.")
        if file in ("latents.npz", "projection.npz", "sentences.parquet", "weights.safetensors"):
            return message("training has not come that far, or the copy is incomplete.")
        return message("it is not a run directory, or the copy is incomplete.")


def is_starting(status: Mapping[str, Any]) -> bool:
    """Whether a status is the one that `vae.runs.queue` wrote when it started a process.

    Loading a large corpus takes minutes in which the process gives no sign of life yet.
    """
    return status.get("phase") == "starting" and "heartbeat" not in status


def _may_start(status: Mapping[str, Any]) -> bool:
    if "pid" in status:
        process = ProcessRecord.of_json(status)
        return process is not None and process.running
    try:
        return abs(time.time() - float(status["since"])) < _SPAWNING
    except (KeyError, TypeError, ValueError, OverflowError):
        return False


def sweep_temporary(run: RunDirectory) -> None:
    """Remove what writes left behind whose processes were killed meanwhile."""
    sweep(run.path)
    sweep(run.path / "snapshots")
