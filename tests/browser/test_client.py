"""The decoder in a worker: the page goes on, and the newest question goes before older ones."""

from pathlib import Path

import pytest
import torch
from playwright.sync_api import Page

from tests.browser.pages import FAST, PLAIN, DecoderPage, numbers
from tests.fakes import seeded, store_run, tiny
from vae.browser import pack
from vae.explorer import Explorer

Z = torch.randn(60, 4, generator=seeded(2))


@pytest.fixture(params=[FAST, PLAIN], ids=["WebAssembly", "plain"])
def decoder(request: pytest.FixtureRequest, page: Page, tmp_path: Path) -> DecoderPage:
    """A page with a client beside its decoder."""
    blob = pack(Explorer.load(store_run(tmp_path / "run", tiny(spread=3.0))))
    found = DecoderPage(page, blob, request.param)
    page.evaluate(
        """async () => {
            const { DecoderClient } = await import("/client.js");
            window.DecoderClient = DecoderClient;
            window.source = await (await fetch("/decoder.js")).text();
            window.client = new DecoderClient(source, weights);
        }"""
    )
    return found


def test_it_answers_as_the_decoder_does(decoder: DecoderPage):
    assert decoder.asked("client.ready") == {"latentDim": 4, "fast": decoder.fast}
    assert decoder.asked("client.greedy(numbers(given.z))", z=numbers(Z)) == decoder.greedy(Z)
    drawn = decoder.asked("client.sample(numbers(given.z), {seed: 3})", z=numbers(Z))
    assert drawn == decoder.sample(Z, seed=3)
    tokens = [one["tokens"] for one in decoder.greedy(Z)]
    scored = decoder.asked(
        "client.score(numbers(given.z), given.tokens)", z=numbers(Z), tokens=tokens
    )
    assert scored == decoder.score(Z, tokens)


def test_of_many_places_asked_at_once_the_first_and_the_last_are_answered(decoder: DecoderPage):
    found = decoder.asked(
        """(async () => {
            const z = numbers(given.z);
            const asked = Array.from({ length: 60 }, (_, i) =>
                client.latest(z.slice(4 * i, 4 * i + 4)));
            return Promise.all(asked);
        })()""",
        z=numbers(Z),
    )
    assert found[1:-1] == [None] * 58
    assert [found[0], found[-1]] == [decoder.greedy(Z)[0], decoder.greedy(Z)[-1]]


def test_a_place_can_be_drawn_as_well(decoder: DecoderPage):
    found = decoder.asked(
        "client.latest(numbers(given.z), {temperature: 0.7, seed: 5, row: 9})", z=numbers(Z[:1])
    )
    assert [found] == decoder.sample(Z[:1], temperature=0.7, seed=5, row=9)


def test_what_cannot_be_decoded_is_rejected_and_the_next_is_answered(decoder: DecoderPage):
    refused = "client.latest(new Float32Array(3)).catch((error) => error.message)"
    assert "latents of 4 numbers" in decoder.asked(refused)
    (found,) = decoder.asked(
        "client.latest(numbers(given.z)).then((one) => [one])", z=numbers(Z[:1])
    )
    assert found == decoder.greedy(Z[:1])[0]


def test_weights_that_are_none_are_refused(decoder: DecoderPage):
    script = "new DecoderClient(source, new ArrayBuffer(64)).ready.catch((error) => error.message)"
    assert decoder.asked(script)


def test_what_is_asked_of_a_client_that_was_put_away_is_rejected(decoder: DecoderPage):
    script = """(async () => {
        const asked = [client.greedy(numbers(given.z)), client.latest(numbers(given.z))];
        client.dispose();
        asked.push(client.latest(numbers(given.z)));
        return (await Promise.allSettled(asked)).map((one) => one.status);
    })()"""
    assert decoder.asked(script, z=numbers(Z[:1])) == ["rejected"] * 3


def test_the_page_runs_on_while_the_worker_decodes(decoder: DecoderPage):
    frames, rows = decoder.asked(
        """(async () => {
            const z = numbers(given.z);
            const many = new Float32Array(200 * z.length);
            for (let i = 0; i < 200; i++) many.set(z, i * z.length);
            let frames = 0;
            let going = true;
            const count = () => { frames++; if (going) setTimeout(count); };
            count();
            const rows = (await client.greedy(many)).length;
            going = false;
            return [frames, rows];
        })()""",
        z=numbers(Z),
    )
    assert rows == 12000
    assert frames > 20
