"""Every run that ships says the same in the browser as on the server, wherever one points."""

import pytest
from playwright.sync_api import Page

from tests.browser.agreement import agreement, places, rounded
from tests.browser.pages import DecoderPage
from vae.browser import TOLERANCE, pack
from vae.explorer import Explorer
from vae.runs.catalogue import shipped_runs

LATENTS = 2_000
# Sums of fp32 in another order.
ROUNDING = 1e-4


@pytest.mark.parametrize("run", sorted(shipped_runs()))
def test_a_run_says_in_the_browser_what_pytorch_says(page: Page, run: str):
    explorer = Explorer.load(run)
    model = explorer.backend.model
    z = places(explorer, LATENTS)
    said = DecoderPage(page, pack(explorer)).greedy(z)
    assert len(said) == LATENTS
    halved, same = agreement(model, z, said), agreement(rounded(model), z, said)
    print(f"{run}: {halved}; with its weights rounded: {same}")
    assert halved.worst_gap < TOLERANCE
    assert halved.worst_nats < TOLERANCE
    assert same.worst_gap < ROUNDING
    assert same.worst_nats < ROUNDING
