"""The page to take along: one file, escaped, in two languages, of a bounded size."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load, save

from tests import fakes
from vae.cli import main
from vae.errors import UserError
from vae.explorer import Explorer
from vae.sharing import page
from vae.sharing.page import content, shrink, words

N = 60
HOSTILE = "</script><script>alert(1)</script><!-- <b>&amp;\u2028 \ud800"


class Reader(HTMLParser):
    """Elements of a page with their attributes, and what each script holds."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.scripts, self.texts, self._open = [], [], [], None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._open = self.elements[-1]

    def handle_data(self, data):
        if self._open and self._open[0] == "script":
            self.scripts.append((self._open[1], data))
        elif self._open and data.strip():
            self.texts.append((*self._open, data))

    def handle_endtag(self, tag):
        self._open = None

    def script(self, name):
        return next(text for attributes, text in self.scripts if attributes.get("id") == name)

    def held(self, name):
        return shrink.unsqueezed(base64.b64decode(self.script(name)))

    @property
    def content(self):
        return json.loads(self.script("content"))


@pytest.fixture(scope="module")
def explorer(tmp_path_factory):
    return Explorer.load(fakes.store_run(tmp_path_factory.mktemp("runs") / "mine", atlas=N))


@pytest.fixture(scope="module")
def made(explorer):
    return page.make(explorer, seed=5)


def with_atlas(explorer, **changes):
    changed = Explorer(explorer.run, explorer.backend)
    changed._atlas = replace(explorer.atlas, **changes)
    return changed


def test_it_is_one_file_that_fetches_nothing_and_runs_nothing_but_itself(made):
    read = Reader(made)
    assert not [a for _, a in read.elements if {"src", "href", "action", "style"} & set(a)]
    assert not [a for _, a in read.elements if any(name.startswith("on") for name in a)]
    policy = next(a["content"] for _, a in read.elements if "http-equiv" in a)
    assert policy.startswith("default-src 'none';")
    assert "unsafe-inline" not in policy
    assert "connect-src" not in policy
    assert re.findall(r"\w+-src [^;]*(?:https?:|\*)", policy) == []
    run = [text for attributes, text in read.scripts if "type" not in attributes]
    assert len(run) == 2
    for text in [*run, read.texts and next(t for tag, _, t in read.texts if tag == "style")]:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


def test_the_same_run_and_seed_give_the_same_bytes(explorer, made):
    assert page.make(explorer, seed=5) == made
    assert Reader(made).content["seed"] == 5


def test_what_a_corpus_says_stays_text(explorer):
    atlas = explorer.atlas
    sentences = (HOSTILE, *atlas.sentences[1:])
    labels = {**atlas.labels, HOSTILE: (HOSTILE, *["a"] * (N - 1))}
    hostile = with_atlas(explorer, sentences=sentences, labels=labels)
    text = page.make(hostile)
    assert "alert(1)<" not in text
    assert text.count("<script") == page.make(explorer).count("<script")
    read = Reader(text)
    assert read.content["sentences"][0] == HOSTILE.replace("\ud800", "?")
    assert HOSTILE.replace("\ud800", "?") in read.content["labels"]
    text.encode("utf-8")


def test_a_hostile_name_of_a_run_stays_text(tmp_path):
    run = fakes.store_run(tmp_path / "<img src=x onerror=alert(1)>", atlas=30)
    read = Reader(page.make(Explorer.load(run)))
    assert not [tag for tag, _ in read.elements if tag == "img"]


def test_every_word_is_there_in_both_languages(made):
    read = Reader(made)
    spoken = read.content["words"]
    assert set(spoken) == {"en", "zh"}
    assert set(spoken["en"]) == set(spoken["zh"]) == set(words.WORDS)
    for key, english in spoken["en"].items():
        chinese = spoken["zh"][key]
        assert re.search("[\u4e00-\u9fff]", chinese), key
        assert sorted(re.findall(r"\{\w+\}", chinese)) == sorted(re.findall(r"\{\w+\}", english))
    said = {"en": [], "zh": []}
    for tag, attributes, text in read.texts:
        if "lang" in attributes and tag not in ("html", "button"):
            said[attributes["lang"]].append(text)
    assert len(said["en"]) == len(said["zh"]) > 40
    for english, chinese in zip(said["en"], said["zh"], strict=True):
        assert re.search("[\u4e00-\u9fff]", chinese), english
        assert not re.search("[\u4e00-\u9fff]", english)


def test_every_word_that_a_script_says_is_known_and_every_known_word_is_said():
    scripts = "\n".join(map(page._read, page._SCRIPTS))
    markup = (page._HERE / "markup.py").read_text()
    asked = set(re.findall(r'say\("([^"]+)"', scripts)) | set(
        re.findall(r'new Error\("([^"]+)"\)', scripts)
    )
    labels = set(re.findall(r'data-label="([a-z ]+)"', markup)) | {"zoom in", "zoom out"}
    asked |= set(re.findall(r'content\.said \? "([^"]+)" : "([^"]+)"', scripts)[0])
    labels |= {"whole map", "sentence a", "sentence b"}
    assert asked - set(words.WORDS) == set()
    assert labels - set(words.WORDS) == set()
    ours = {content.LENGTH, content.RATE}
    for key in set(words.WORDS) - asked - labels - ours:
        assert f'"{key}"' in scripts, key


def test_the_points_that_travel_are_those_of_the_run(explorer, made):
    told = Reader(made).content
    atlas = explorer.atlas
    assert tuple(told["sentences"]) == atlas.sentences
    latents = np.frombuffer(Reader(made).held("latents"), dtype="<f2")
    assert np.array_equal(latents.reshape(N, 4).astype(np.float32), atlas.mean)
    tense = told["labels"]["tense"]
    codes = np.frombuffer(base64.b64decode(tense["of"]), dtype="<u2")
    assert tuple(tense["values"][code] for code in codes) == atlas.labels["tense"]
    for colouring in told["colourings"]:
        of = np.frombuffer(base64.b64decode(colouring["of"]), dtype=np.uint8)
        counts = np.bincount(of, minlength=len(colouring["groups"])).tolist()
        assert counts == [group["count"] for group in colouring["groups"]], colouring["name"]
    assert all(0 <= row < N for row in told["ends"])


def test_a_colouring_that_the_plane_shows_comes_first():
    places = np.concatenate([np.zeros((5, 2)), np.ones((5, 2))])
    split = content.packed(np.repeat([0, 1], 5).astype(np.uint8).tobytes())
    mixed = content.packed(np.array([0, 1] * 5, dtype=np.uint8).tobytes())
    assert content.parted(places, split) == pytest.approx(1)
    assert content.parted(places, mixed) < 0.1


def test_a_value_that_is_missing_or_rare_is_grey(explorer):
    values = ["", *("abcdefghi"[i % 9] for i in range(1, N))]
    numbers = ["", *(str(i) for i in range(1, N))]
    changed = with_atlas(explorer, labels={"letter": tuple(values), "how many": tuple(numbers)})
    told = content.Points.of(changed.atlas, N).told(0)
    groups = {one["name"]: one["groups"] for one in told["colourings"]}
    assert len(groups["letter"]) == 8
    assert groups["letter"][-1]["label"] is None
    assert [group["count"] for group in groups["how many"]][-1] == 1
    labels = [group["label"] for group in groups["how many"][:-1]]
    assert labels == ["1 – 12", "13 – 24", "25 – 35", "36 – 47", "48 – 59"]


def test_a_page_that_would_be_too_large_has_fewer_points_then_is_refused(
    explorer, made, monkeypatch
):
    whole = len(made.encode())
    monkeypatch.setattr(page, "FEWEST_POINTS", 10)
    monkeypatch.setattr(page, "MOST_BYTES", whole - 1_500)
    smaller = page.make(explorer, seed=5)
    assert len(smaller.encode()) <= whole - 1_500
    told = Reader(smaller).content
    assert 10 <= len(told["sentences"]) < N
    assert told["total"] == N
    monkeypatch.setattr(page, "MOST_BYTES", 50_000)
    with pytest.raises(UserError, match=r"would have 0\.\d MB, and may have 0") as error:
        page.make(explorer)
    assert "Train a smaller model" in str(error.value)


def test_weights_that_do_not_fit_are_rounded_then_the_encoder_stays_away(explorer, monkeypatch):
    monkeypatch.setattr(page, "FEWEST_POINTS", N)
    sizes = []
    for roundings in [page._ROUNDINGS[i : i + 1] for i in range(4)]:
        monkeypatch.setattr(page, "_ROUNDINGS", roundings)
        sizes.append(len(page.make(explorer).encode()))
    assert sizes == sorted(sizes, reverse=True)
    monkeypatch.undo()
    monkeypatch.setattr(page, "FEWEST_POINTS", N)
    monkeypatch.setattr(page, "MOST_BYTES", sizes[1])
    text = page.make(explorer)
    assert "weights have 9 significant bits here, not 11" in text
    assert 'id="encoder-weights"' in text
    monkeypatch.setattr(page, "MOST_BYTES", sizes[3])
    assert 'id="encoder-weights"' not in page.make(explorer)


@given(
    values=st.lists(st.floats(-60_000, 60_000, width=16), min_size=1, max_size=50),
    bits=st.sampled_from([2, 3]),
)
def test_a_rounded_weight_is_the_nearest_that_has_fewer_bits(values, bits):
    weights = np.array(values, dtype=np.float16)
    blob = save({"w": weights})
    found = load(shrink.rounded(blob, bits))["w"]
    assert shrink.rounded(blob, 0) == blob
    assert shrink.unsqueezed(shrink.squeezed(blob)) == blob
    normal = np.abs(weights) >= 2.0**-14
    wrong = np.abs(found.astype(float) - weights.astype(float))
    assert (wrong[normal] <= np.abs(weights[normal].astype(float)) * 2.0 ** (bits - 11)).all()
    assert (wrong[~normal] <= 2.0 ** (bits - 25)).all()
    assert not (found.view(np.uint16) & ((1 << bits) - 1)).any()


def test_what_a_browser_cannot_run_is_refused(tmp_path):
    run = fakes.store_run(tmp_path / "plain", fakes.tiny(latent_dim=0))
    with pytest.raises(UserError, match="no page to take along of this run"):
        page.make(Explorer.load(run))


def test_a_run_without_its_text_says_so_and_an_encoder_of_pieces_stays_away(explorer, tmp_path):
    without = with_atlas(explorer, read=explorer.atlas.keys)
    assert "This run ships without its text" in page.make(without)
    assert 'id="encoder-weights"' in page.make(explorer)
    pieces = fakes.tokenizer("bpe")
    run = fakes.store_run(tmp_path / "pieces", fakes.tiny(vocabulary_size=len(pieces)))
    run.write_text("tokenizer.json", pieces.to_json())
    of_pieces = Explorer(run, Explorer.load(run).backend)
    of_pieces._atlas = explorer.atlas
    assert 'id="encoder-weights"' not in page.make(of_pieces)


def test_the_card_says_whose_text_it_is_and_names_no_folder(tmp_path):
    run = fakes.store_run(tmp_path / "carded", atlas=30)
    facts = run.read_json("config.json")
    facts["command"] = "python -m vae train /home/me/secret/text.txt --out runs/carded"
    facts["corpus"]["card"] = {"origin": "A <b>Library</b>", "licence": "CC BY 4.0"}
    run.write_json("config.json", facts)
    text = page.make(Explorer.load(run))
    assert "The text is by A &lt;b&gt;Library&lt;/b&gt;, CC BY 4.0." in text
    assert "python -m vae train text.txt" in text
    assert "/home/me" not in text


def test_a_replay_is_in_it_where_there_are_snapshots(tmp_path):
    run = fakes.store_run(tmp_path / "watched", atlas=30)
    assert Reader(page.make(Explorer.load(run))).content["replay"] is None
    rng = np.random.default_rng(0)
    means = rng.standard_normal((3, 20, 4)).astype(np.float16)
    for step, mean in zip((0, 10, 25), means, strict=True):
        run.write_arrays(f"snapshots/{step:08}.npz", {"mean": mean})
        run.append_metric(
            {"event": "snapshot", "step": step, "reconstructions": [f"said {step}"], "samples": []}
        )
    labels = {"side": ["left", "right"] * 10}
    run.write_json("snapshots/sentences.json", {"sentences": ["a b"] * 20, "labels": labels})
    read = Reader(page.make(Explorer.load(run)))
    told = read.content["replay"]
    assert told["steps"] == [0, 10, 25]
    assert told["said"] == [["said 0"], ["said 10"], ["said 25"]]
    assert told["by"] == "side"
    frames = np.frombuffer(read.held("frames"), dtype="<i2")
    lengths = np.linalg.norm(frames.reshape(3, 20, 2) * told["scale"], axis=-1)
    assert (lengths <= np.linalg.norm(means.astype(float), axis=-1) + 1e-3).all()
    assert 'id="tab-replay"' in page.make(Explorer.load(run))


def test_the_command_writes_it_and_says_what_is_wrong(explorer, tmp_path, capsys):
    run, out = str(explorer.run.path), tmp_path / "page.html"
    assert main(["page", run, "--out", str(out), "--seed", "5"]) == 0
    assert "it needs no network" in capsys.readouterr().err
    assert out.read_text(encoding="utf-8") == page.make(explorer, seed=5)
    assert main(["page", run, "--out", str(tmp_path / "page.txt")]) == 2
    assert "should end in .html" in capsys.readouterr().err
    assert main(["page", run, "--out", str(out), "--seed", str(2**31)]) == 2
    assert "from 0 to 2^31 - 1" in capsys.readouterr().err


def test_a_file_is_named_after_the_run():
    assert page.file_name("my run/é") == "my-run--page.html"
