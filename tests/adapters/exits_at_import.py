"""An adapter whose module ends the process that imports it."""

import sys

sys.exit("this machine has no GPU")
