"""`python -m vae`."""

import os
import sys

from vae.cli import main

if __name__ == "__main__":
    try:
        status = main()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    if "WORLD_SIZE" in os.environ:
        from vae.training.distributed import exit_with

        exit_with(status)
    sys.exit(status)
