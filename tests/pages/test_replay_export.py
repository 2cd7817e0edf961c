"""A replay as a page of its own: whole, small, and safe whatever a run has said."""

import hashlib
import json
import re
from base64 import b64encode

import numpy as np
import pytest

from pages.train._training.replay.export import MOST_BYTES, file_name, page
from tests.pages.test_curves import EVENTS
from tests.pages.test_replay import snapshot, timeline
from vae.latent.timeline import Timeline
from vae.runs.history import history

HOSTILE = "</script><script>alert(1)</script><!-- & \u2028 \ud800 <img src=x onerror=alert(1)>"


def facts(name: str = "mine", example: str = "The cat sat.") -> dict:
    return {
        "name": name,
        "created": "2026-11-22T16:44:05Z",
        "command": "python -m vae train factors",
        "parameters": 1_171_520,
        "corpus": {"name": "factors", "splits": {"train": 900, "test": 100}, "examples": [example]},
        "config": {"model": {"latent_dim": 2, "cell": "lstm"}, "train": {"beta": 0.7}},
        "versions": {"torch": "2.13.0"},
    }


def made(name: str = "mine", said: str = "The cat sat.", kept: Timeline | None = None) -> str:
    events = [*EVENTS, snapshot(0, [said], interpolation=[said, said])]
    return page(kept or timeline(), history(events), facts(name, said))


def data(text: str) -> dict:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)
    return json.loads(found.group(1))


def test_the_page_asks_nothing_of_a_network():
    text = made()
    assert not re.search(r"""(?:src|href)\s*=|url\(|@import|https?://|fetch\(|import\(""", text)


def test_the_policy_lets_run_what_is_in_the_page_and_nothing_else():
    text = made()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text).group(1)
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    for kind, tag in (("script-src", "script"), ("style-src", "style")):
        body = re.search(rf"<{tag}>(.*?)</{tag}>", text, re.S).group(1)
        digest = b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert f"{kind} 'sha256-{digest}'" in policy


def test_markup_carries_no_style_and_no_handler_that_the_policy_would_refuse():
    markup = re.sub(r"<(script|style)\b.*?</\1>", "", made(), flags=re.S)
    assert not re.search(r"\s(style|on\w+)=", markup)


def test_hostile_text_stays_text():
    text = made(name=HOSTILE, said=HOSTILE)
    assert text.count("<script") == 2
    assert text.count("</script>") == 2
    assert "<img" not in text
    whole = HOSTILE.replace("\ud800", "?")
    assert data(text)["name"] == whole
    assert data(text)["story"]["originals"] == [whole]
    text.encode("utf-8")


def test_the_page_says_which_run_it_is_and_how_it_was_made():
    told = data(made())
    said = dict(told["facts"])
    assert told["name"] == "mine"
    assert "validation ELBO −40.0" in told["headline"]
    assert said["corpus"] == "factors (900 train, 100 test)"
    assert "lstm" in said["model"]
    assert "beta 0.7" in said["training"]
    assert "torch 2.13.0" in said["versions"]
    assert re.search(r"Made on \w+ \d+, 20\d\d", told["made"])


def test_replay_and_curves_share_their_steps():
    told = data(made())
    groups = {told["story"]["group"], *(c["group"] for c in told["curves"])}
    assert len(groups) == 1
    assert len(told["curves"]) == len(told["questions"]) == 4


def test_a_large_run_stays_below_five_megabytes_and_keeps_its_end():
    rng = np.random.default_rng(0)
    frames = rng.normal(size=(100, 1_000, 2))
    large = timeline(frames, topic=tuple(f"topic {i % 9}" for i in range(1_000)))
    events = [snapshot(100 * i, ["wörter " * 40] * 60) for i in range(100)]
    text = page(large, history(events), facts())
    assert len(text.encode()) < MOST_BYTES
    assert data(text)["story"]["steps"][-1] == 9_900


def test_a_run_that_is_not_validated_yet_has_a_page():
    told = data(page(timeline(), history([]), facts()))
    assert "not validated yet" in told["headline"]


@pytest.mark.parametrize(
    ("name", "file"),
    [("mine", "mine-replay.html"), ("../a b", "..-a-b-replay.html"), ("", "run-replay.html")],
)
def test_the_file_has_a_name_that_every_system_takes(name, file):
    assert file_name(facts(name)) == file
