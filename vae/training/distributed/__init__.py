"""Training by several processes: how they meet, what each computes, and how they end together."""

from vae.training.distributed.launch import exit_with, torchrun_team
from vae.training.distributed.processes import Dice, Processes, Share, Team

__all__ = ["Dice", "Processes", "Share", "Team", "exit_with", "torchrun_team"]
