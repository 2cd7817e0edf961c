"""What every test shares: one thread, a cache of its own, the same examples each time."""

import os
import tempfile

# Two processes share two cores, and each starts others: a thread each, before torch makes more.
# The process that only hands out the tests never loads it.
os.environ["OMP_NUM_THREADS"] = "1"

import pytest
from hypothesis import settings

settings.register_profile("latent-lens", deadline=None, max_examples=50, derandomize=True)
settings.load_profile("latent-lens")
os.environ["LANGUAGE"] = "en"  # tests ask for English words wherever they run


@pytest.fixture(autouse=True, scope="session")
def _cache_of_its_own():
    """No test reads or writes the user's cache; one that sets its own still may."""
    with tempfile.TemporaryDirectory(prefix="latent-lens-tests-") as directory:
        before = os.environ.get("LATENT_LENS_CACHE")
        os.environ["LATENT_LENS_CACHE"] = directory
        yield
        if before is None:
            del os.environ["LATENT_LENS_CACHE"]
        else:
            os.environ["LATENT_LENS_CACHE"] = before
