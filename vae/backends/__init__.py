"""The models behind runs: weights of ours, or a model of another make through its adapter."""

from vae.backends.adapted import AdaptedModel
from vae.backends.backend import Anatomy, Backend
from vae.backends.own import OwnModel
from vae.runs.store import RunDirectory

__all__ = ["AdaptedModel", "Anatomy", "Backend", "OwnModel", "load"]


def load(run: RunDirectory) -> Backend:
    """The model of a run.

    Raises:
        UserError: a file of it is missing or damaged, or the model is of another make and may not
            be loaded (`vae.models.adapters`).
    """
    return (
        AdaptedModel.load(run) if "adapter" in run.read_json("config.json") else OwnModel.load(run)
    )
