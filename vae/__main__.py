"""`python -m vae`."""

import os
import sys

from vae.cli import main

if __name__ == "__main__":
    # OpenMP reads it once, when torch is loaded. Threads that wait for each other by spinning take
    # from others, and from themselves, the cores that they wait for: beside two busy processes on
    # two cores a training all but stands still. Asleep they cost others nothing.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    try:
        status = main()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    if "WORLD_SIZE" in os.environ:
        from vae.training.distributed import exit_with

        exit_with(status)
    sys.exit(status)
