"""A page of one site with the decoder's script in it, under the policy that a site may set."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

import torch
from playwright.sync_api import Page, Route
from torch import Tensor

from vae.browser import client_source, decoder_source

SITE = "https://lens.example/"
FAST = "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; worker-src blob:"
# Without 'wasm-unsafe-eval' no WebAssembly runs, and nothing may be evaluated anyhow.
PLAIN = "script-src 'self' 'unsafe-inline'; worker-src blob:"


class DecoderPage:
    """The decoder of a packed run, in a page.

    Args:
        policy: what the page may run.
    """

    def __init__(self, page: Page, blob: bytes, policy: str = FAST) -> None:
        self.page = page
        files = {
            "decoder.js": (decoder_source().encode(), "text/javascript"),
            "client.js": (client_source().encode(), "text/javascript"),
            "weights": (blob, "application/octet-stream"),
        }

        def answer(route: Route) -> None:
            name = route.request.url.removeprefix(SITE)
            body, kind = files.get(name, (b"<!doctype html><title>decoder</title>", "text/html"))
            headers = {"Content-Type": kind, "Content-Security-Policy": policy}
            route.fulfill(body=body, headers=headers)

        page.route(f"{SITE}**", answer)
        page.goto(SITE)
        page.evaluate(
            """async () => {
                const { Decoder } = await import("/decoder.js");
                window.weights = await (await fetch("/weights")).arrayBuffer();
                window.decoder = Decoder.read(window.weights);
                window.numbers = (text) => {
                    const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
                    return new Float32Array(bytes.buffer);
                };
            }"""
        )

    @property
    def fast(self) -> bool:
        """Whether WebAssembly multiplies."""
        return bool(self.page.evaluate("decoder.fast"))

    def greedy(self, z: Tensor) -> list[dict[str, Any]]:
        """`Decoder.greedy` of latents (B, Z)."""
        return self.asked("decoder.greedy(numbers(given.z))", z=numbers(z))

    def sample(self, z: Tensor, **options: float) -> list[dict[str, Any]]:
        """`Decoder.sample` of latents (B, Z)."""
        return self.asked(
            "decoder.sample(numbers(given.z), given.options)", z=numbers(z), options=options
        )

    def score(self, z: Tensor, tokens: Sequence[Sequence[int]]) -> list[list[float]]:
        """`Decoder.score` of latents (B, Z) and B sentences without their end."""
        return self.asked(
            "decoder.score(numbers(given.z), given.tokens)", z=numbers(z), tokens=list(tokens)
        )

    def texts(self, tokens: Sequence[Sequence[int]]) -> list[str]:
        """Sentences as they are written."""
        return self.asked("given.tokens.map((ids) => decoder.words.text(ids))", tokens=tokens)

    def asked(self, script: str, **given: Any) -> Any:
        """What an expression of `given` is; as JSON, which Playwright passes on faster."""
        found = self.page.evaluate(f"async (given) => JSON.stringify(await ({script}))", given)
        return json.loads(found)


def numbers(z: Tensor) -> str:
    """Latents as a page reads them."""
    return base64.b64encode(z.to(torch.float32).numpy().astype("<f4").tobytes()).decode()
