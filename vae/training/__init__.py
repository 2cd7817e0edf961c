"""Training and evaluation of a run."""
