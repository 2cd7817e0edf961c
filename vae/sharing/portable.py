"""What is said of a run, without the paths of the machine it was written on."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from typing import Any

from vae.runs.store import FORMAT_VERSION


def without_paths(facts: Mapping[str, Any]) -> dict[str, Any]:
    """config.json without the paths of the machine it was written on."""
    corpus = dict(facts["corpus"])
    corpus["source"] = {k: v for k, v in dict(corpus["source"]).items() if k != "path"}
    command = _without_folders(str(facts.get("command", "")))
    return {"format_version": FORMAT_VERSION, **facts, "corpus": corpus, "command": command}


def _without_folders(command: str) -> str:
    try:
        words = shlex.split(command)
    except ValueError:
        return ""
    return shlex.join(re.split(r"[/\\]", w)[-1] if re.match(r"[/~]|\w:", w) else w for w in words)
