"""A run in a line of a table: how it stands and what it measured, be it whole or damaged."""

from __future__ import annotations

import calendar
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from vae.errors import UserError
from vae.i18n import Message
from vae.runs.catalogue import is_shipped
from vae.runs.request import REQUEST, read_request
from vae.runs.store import LIVE, STATES, RunDirectory

UNKNOWN = "unknown"
"""The state of a run whose status.json cannot be read."""

# The end of the year 9999, the last that a calendar knows.
_LAST_DAY = 253402300799.0


@dataclass(frozen=True)
class Summary:
    """What a list of runs says of one; None where it is not known.

    Attributes:
        name: in the catalogue.
        state: one of `store.STATES`, or "unknown".
        shipped: whether it comes with the app.
        corpus: what it learns from.
        begun: when it was made, in seconds since 1970.
        step, total_steps: updates made and to be made.
        minutes: spent training so far.
        rate, mutual_information, nll: nats a sentence of the test split; nll is the bound with
            `iw_samples` draws, and mutual_information has a ceiling.
        principal_units, active_units, latent_dim: directions in use, and dimensions.
        n_sentences: that it was measured on.
        verdict: on the model (`vae.diagnostics.fitness.Verdict`); "" where it was not measured.
        problem: what of it cannot be read, as an error says it.
        cause: the kind of what ended it where it failed (`vae.errors.Cause`).
    """

    name: str
    state: str
    shipped: bool
    corpus: str = ""
    begun: float | None = None
    step: int | None = None
    total_steps: int | None = None
    minutes: float | None = None
    rate: float | None = None
    mutual_information: float | None = None
    mutual_information_ceiling: float | None = None
    principal_units: int | None = None
    active_units: int | None = None
    latent_dim: int | None = None
    nll: float | None = None
    iw_samples: int | None = None
    n_sentences: int | None = None
    verdict: str = ""
    problem: Message | None = None
    cause: str = ""

    @property
    def live(self) -> bool:
        """Whether a process works on it."""
        return self.state in LIVE


def state_of(run: RunDirectory) -> str:
    """As `RunDirectory.state`; "unknown" where status.json is damaged.

    A run without one, as an older version wrote them, is finished where it has weights.
    """
    if not run.has("status.json"):
        return "finished" if run.has("weights.safetensors") else UNKNOWN
    try:
        state = run.state()
    except UserError:
        return UNKNOWN
    return state if state in STATES else UNKNOWN


def summarise(
    name: str, run: RunDirectory, figures: Callable[[RunDirectory], Mapping[str, Any] | None]
) -> Summary:
    """A run in any condition, by the name that the catalogue gives it.

    Args:
        figures: what was measured of it, by name (`vae.studies.summary.figures_of`).
    """
    problems: list[Message] = []

    def read(file: str) -> Mapping[str, Any]:
        try:
            return run.read_json(file) if run.has(file) else {}
        except UserError as error:
            problems.append(error.message)
            return {}

    config, status = map(read, ("config.json", "status.json"))
    try:
        measured = figures(run) or {}
    except UserError as error:
        problems.append(error.message)
        measured = {}
    seconds = _number(status.get("seconds"))
    latent = _object(_object(config.get("config")).get("model")).get("latent_dim")
    return Summary(
        name=name,
        state=state_of(run),
        shipped=is_shipped(run.path),
        corpus=_corpus(run, config),
        begun=_begun(run, config),
        step=_whole(status.get("step")),
        total_steps=_whole(status.get("total_steps")),
        minutes=None if seconds is None else seconds / 60,
        rate=_number(measured.get("rate")),
        mutual_information=_number(measured.get("mutual_information")),
        mutual_information_ceiling=_number(measured.get("mutual_information_ceiling")),
        principal_units=_whole(measured.get("principal_units")),
        active_units=_whole(measured.get("active_units")),
        latent_dim=_whole(latent),
        nll=_number(measured.get("nll_iw")),
        iw_samples=_whole(measured.get("iw_samples")),
        n_sentences=_whole(measured.get("n_sentences")),
        verdict=str(measured.get("verdict") or ""),
        problem=problems[0] if problems else None,
        cause=str(status.get("cause") or ""),
    )


def latent_dim_of(run: RunDirectory) -> int:
    """Dimensions of a run's latent space, as its config.json says.

    Raises:
        UserError: it does not say.
    """
    config = _object(run.read_json("config.json").get("config"))
    latent = _whole(_object(config.get("model")).get("latent_dim"))
    if latent is None or latent < 0:
        raise UserError(
            "{file} does not say how many dimensions the run has: it is damaged. Copy the run "
            "again, or train it anew.",
            file=run.path / "config.json",
        )
    return latent


def free_bits_of(run: RunDirectory) -> float:
    """Nats of free bits that each dimension has at the end of a run's training.

    0 where that is not known, and where the dead directions are cut off, which lifts the floor.
    """
    try:
        config = _object(run.read_json("config.json").get("config"))
    except UserError:
        return 0.0
    train = _object(config.get("train"))
    if _number(train.get("cut_below")):
        return 0.0
    return max(0.0, _number(train.get("free_bits")) or 0.0)


def _corpus(run: RunDirectory, config: Mapping[str, Any]) -> str:
    if name := _object(config.get("corpus")).get("name"):
        return str(name)
    if run.has(REQUEST):
        try:
            _, corpus, *_ = read_request(run).arguments
            return corpus.replace("\\", "/").rpartition("/")[2]
        except (UserError, ValueError):
            return ""
    return ""


def _begun(run: RunDirectory, config: Mapping[str, Any]) -> float | None:
    try:
        created = time.strptime(str(config.get("created")), "%Y-%m-%dT%H:%M:%SZ")
        return float(calendar.timegm(created))
    except (ValueError, OverflowError):
        pass
    try:
        submitted = read_request(run).submitted
    except UserError:
        return None
    return submitted if 0 < submitted < _LAST_DAY else None


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
