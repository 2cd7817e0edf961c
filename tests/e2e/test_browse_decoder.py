"""Every run that ships says the same in the browser as on the server, wherever one points."""

import pytest
from playwright.sync_api import Page

from tests.browser.agreement import agreement, places, rounded
from tests.browser.pages import DecoderPage
from vae.browser import TOLERANCE, pack
from vae.explorer import Explorer
from vae.runs.catalogue import shipped_runs

LATENTS = 2_000
# Sums of fp32 in another order, which add up along a sentence.
ROUNDING = 1e-4


@pytest.mark.parametrize("run", sorted(shipped_runs()))
def test_a_run_says_in_the_browser_what_pytorch_says(page: Page, run: str):
    explorer = Explorer.load(run)
    model = explorer.backend.model
    z = places(explorer, LATENTS)
    said = DecoderPage(page, pack(explorer)).greedy(z)
    assert len(said) == LATENTS
    apart = rounded(model)
    learned, far = slice(0, LATENTS * 3 // 4), slice(LATENTS * 3 // 4, LATENTS)
    for part, rounding in ((learned, ROUNDING), (far, 10 * ROUNDING)):
        same = agreement(apart, z[part], said[part])
        print(f"{run}, with its weights rounded: {same}")
        assert same.worst_gap < rounding
        assert same.worst_nats < rounding
    halved = agreement(model, z[learned], said[learned])
    print(f"{run}: {halved}")
    assert halved.worst_gap < TOLERANCE
    assert halved.worst_nats < TOLERANCE
    # There rounding adds up along sentences that do not end.
    halved = agreement(model, z[far], said[far])
    print(f"{run}, far out: {halved}")
    assert halved.same > 0.9
