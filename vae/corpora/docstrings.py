"""The docstring corpus: real English that is on every user's machine.

The first sentence of every docstring in the standard library and in the packages that
requirements.txt brings along. The source is read, never imported.
"""

from __future__ import annotations

import ast
import contextlib
import gc
import hashlib
import importlib.metadata
import importlib.util
import json
import os
import platform
import sysconfig
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from vae.cache import cache_dir, replacing
from vae.corpora.balance import spread
from vae.corpora.cleaning import CLEANING_VERSION, sentence_or_reason
from vae.corpora.corpus import Corpus, sentence_key
from vae.corpora.registry import BuiltIn
from vae.errors import UserError
from vae.i18n import Message, message, nmessage
from vae.progress import Progress, silent

STANDARD_LIBRARY = "standard library"

# Import name -> distribution. What is not installed is skipped. Where two packages share a
# sentence it is the first one's. pip and setuptools are left out: they come with Python, in a
# version that nobody chose, and carry copies of other packages.
PACKAGES: dict[str, str] = {
    **{name: name for name in ("numpy", "scipy", "pandas")},
    "sklearn": "scikit-learn",
    **{name: name for name in ("torch", "sympy", "networkx", "numba", "llvmlite", "pyarrow")},
    **{name: name for name in ("plotly", "streamlit", "altair", "pydeck")},
    "PIL": "pillow",
    "umap": "umap-learn",
    **{name: name for name in ("pynndescent", "joblib", "threadpoolctl", "mpmath", "narwhals")},
    **{name: name for name in ("tokenizers", "safetensors", "huggingface_hub", "fsspec")},
    **{name: name for name in ("psutil", "tqdm", "jinja2", "markupsafe", "click", "rich")},
    **{name: name for name in ("starlette", "uvicorn", "tornado", "anyio", "websockets", "h11")},
    **{name: name for name in ("requests", "urllib3", "httpx", "httpcore", "idna")},
    **{name: name for name in ("httpx2", "httpcore2", "itsdangerous", "watchdog", "cachetools")},
    "git": "gitpython",
    **{name: name for name in ("tenacity", "blinker", "jsonschema", "referencing", "attrs")},
    "attr": "attrs",
    "yaml": "pyyaml",
    "dateutil": "python-dateutil",
    "markdown_it": "markdown-it-py",
    **{name: name for name in ("pygments", "packaging", "filelock", "cloudpickle", "toml")},
    **{name: name for name in ("sortedcontainers", "typing_extensions", "pathspec", "pluggy")},
    **{name: name for name in ("hypothesis", "playwright", "mypy", "grimp", "truststore")},
    "_pytest": "pytest",
    "importlinter": "import-linter",
}

# Tests describe themselves, vendored copies are other packages, and the rest is generated.
_SKIPPED_DIRECTORIES = {
    *("test", "tests", "testing", "_vendor", "vendor", "vendored", "extern", "externals"),
    *("site-packages", "dist-packages", "__pycache__", "node_modules"),
    *("idlelib", "lib2to3", "turtledemo", "pydoc_data", "ensurepip"),
}

_EXAMPLES = (
    "Return the sum of the values along an axis.",
    "Return the mean of the values along an axis.",
    "Create a new array with the same shape and type.",
    "Raise an error if the input is not valid.",
    "Read the next line from the file and return it as a string.",
    "Check whether the object is a subclass of the given class.",
    "Compute the distance between two points.",
    "A context manager that closes the connection on exit.",
)


@dataclass(frozen=True)
class Package:
    """One source of docstrings: the label it gives, and the directory or file to read."""

    name: str
    root: Path


def installed_packages() -> tuple[Package, ...]:
    """The standard library and what is installed of `PACKAGES`; nothing is imported."""
    found = [Package(STANDARD_LIBRARY, Path(sysconfig.get_path("stdlib")))]
    for name in PACKAGES:
        try:
            spec = importlib.util.find_spec(name)
        except (ImportError, ValueError):  # a module without a spec, a broken finder
            continue
        if spec is None:
            continue
        if spec.submodule_search_locations:
            found.extend(Package(name, Path(root)) for root in spec.submodule_search_locations)
        elif spec.origin and spec.origin.endswith(".py"):
            found.append(Package(name, Path(spec.origin)))
    return tuple(found)


def cache_key() -> str:
    """A digest of the versions of Python, of the packages and of the cleaning."""
    versions: list[tuple[str, str]] = [
        ("cleaning", str(CLEANING_VERSION)),
        ("python", platform.python_version()),
    ]
    for distribution in sorted(set(PACKAGES.values())):
        try:
            versions.append((distribution, importlib.metadata.version(distribution)))
        except importlib.metadata.PackageNotFoundError:
            continue
    return hashlib.blake2b(json.dumps(versions).encode(), digest_size=8).hexdigest()


def harvest(progress: Progress | None = None) -> Corpus:
    """The docstring corpus: from the cache where it is warm, else read in under a minute.

    A cache that cannot be read is made again; one that cannot be written is done without.

    Raises:
        UserError: no Python source could be read at all (a frozen or stripped installation).
        Whatever `progress` raises to cancel.
    """
    key = cache_key()
    corpus = _read_cache(key)
    if corpus is None:
        corpus = harvest_from(installed_packages(), progress, key=key)
        _write_cache(key, corpus)
    return corpus


def cached() -> Corpus | None:
    """The corpus from this user's cache, or None where there is none for these versions."""
    return _read_cache(cache_key())


def harvest_from(
    packages: Sequence[Package], progress: Progress | None = None, *, key: str = ""
) -> Corpus:
    """Harvest the packages given, in one thread, without the cache.

    The sentences stand in the order of `sentence_key`, so that neither the file system nor a
    package more or less changes the order of the rest, and the first n are a fair sample.

    Args:
        packages: where two share a sentence, it is labelled with the first.
        progress: called with files read, files in all, and the package.
        key: recorded in ``source``.

    Raises:
        UserError: no sentence was found.
        Whatever `progress` raises to cancel.
    """
    report = progress or silent
    files = [(package, path) for package in packages for path in _python_files(package.root)]
    dropped: Counter[str] = Counter()
    found: dict[int, tuple[str, str]] = {}
    with warnings.catch_warnings(), _collector_paused():
        warnings.simplefilter("ignore")  # of other people's escape sequences
        for done, (package, path) in enumerate(files):
            if done % 20 == 0:
                report(done, len(files), message("reading {name}", name=package.name))
            for docstring in _docstrings(path, dropped):
                sentence, reason = sentence_or_reason(docstring)
                if sentence is None:
                    dropped[reason] += 1
                elif (key_ := sentence_key(sentence)) in found:
                    dropped["seen before"] += 1
                else:
                    found[key_] = sentence, package.name
    report(len(files), len(files), message("choosing sentences"))
    rows = spread([found[k] for k in sorted(found)], dropped)
    if not rows:
        raise UserError(
            "No docstrings were found: this Python has no source files to read. "
            "Choose the corpus 'factors' or a file instead."
        )
    return _corpus([s for s, _ in rows], [p for _, p in rows], dict(dropped), key)


def _corpus(
    sentences: Sequence[str], packages: Sequence[str], dropped: dict[str, int], key: str
) -> Corpus:
    return Corpus(
        name="docstrings",
        sentences=tuple(sentences),
        labels={"package": tuple(packages)},
        dropped=dropped,
        source={"kind": "docstrings", "key": key},
        examples=_EXAMPLES,
    )


@contextlib.contextmanager
def _collector_paused() -> Iterator[None]:
    """No garbage collection meanwhile: syntax trees have no cycles, and it takes a quarter."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _python_files(root: Path) -> Iterator[Path]:
    """Every ``.py`` file that is not of a test or a vendored copy, in a fixed order."""
    if root.is_file():
        yield root
        return
    for directory, subdirectories, names in os.walk(root):
        subdirectories[:] = sorted(d for d in subdirectories if d not in _SKIPPED_DIRECTORIES)
        for name in sorted(names):
            if name.endswith(".py") and not name.startswith("test_"):
                yield Path(directory, name)


def _docstrings(path: Path, dropped: Counter[str]) -> Iterator[str]:
    """The docstrings of a module, its classes and its functions, outermost first."""
    try:
        source = path.read_bytes()
        if b'"""' not in source and b"'''" not in source:
            return
        tree = ast.parse(source)
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        dropped["unreadable file"] += 1
        return
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = ast.get_docstring(node, clean=False)
            if docstring:
                yield docstring
        elif not isinstance(node, ast.If | ast.Try | ast.With):
            continue
        pending.extend(reversed(node.body))


def _cache_path(key: str) -> Path:
    return cache_dir() / "corpora" / f"docstrings-{key}.parquet"


def _read_cache(key: str) -> Corpus | None:
    try:
        table = pq.read_table(_cache_path(key), page_checksum_verification=True, memory_map=False)
        facts = json.loads(table.schema.metadata[b"latent-lens"])
        sentences, packages = (table[c].to_pylist() for c in ("sentence", "package"))
        if facts["key"] != key or not sentences or None in sentences or None in packages:
            return None
        return _corpus(sentences, packages, facts["dropped"], key)
    except Exception:  # whatever is wrong with the file, the answer is to make it again
        return None


def _write_cache(key: str, corpus: Corpus) -> None:
    facts = json.dumps({"key": key, "dropped": dict(corpus.dropped)}).encode()
    table = pa.table(
        {"sentence": corpus.sentences, "package": corpus.labels["package"]}
    ).replace_schema_metadata({b"latent-lens": facts})
    try:
        with replacing(_cache_path(key)) as temporary:
            pq.write_table(table, temporary, compression="zstd", write_page_checksum=True)
    except OSError:
        pass  # a read-only home: the corpus is there all the same


def _size() -> Message:
    corpus = cached()
    if corpus is None:
        return message("made at first use, under a minute")
    return nmessage("{n:,} sentence", "{n:,} sentences", len(corpus))


def _at_hand(source: Mapping[str, Any], most: int) -> Corpus | None:
    return cached()


BUILT_IN = BuiltIn(
    name="docstrings",
    what=message("first sentences of the docstrings on this computer, labelled with their package"),
    size=_size,
    load=lambda _n, _seed, progress: harvest(progress),
    at_hand=_at_hand,
)
