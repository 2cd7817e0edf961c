"""Words in Latin letters that stand in what speaks Chinese, and those that may."""

from __future__ import annotations

import re

from vae.config import CONFIG_PARTS

_NAMES = """
    English Latent Lens factors factors-collapsed factors-zh docstrings Ctrl end
    Miller Bosc Vincent Linzen
    VAE ELBO KL NLL IW PPL MI AU UMAP PCA DCI MIG SAP MMD ICA FastICA GRU LSTM Adam AdamW lerp slerp
    log ln exp max min dim nan ms MB kB GB CPU GPU PTB beta mu sigma logvar unk bf16 fp32 softmax
    Lopez Paz Lopez-Paz Oquab Nguyen Wainwright Jordan Kong Hesterberg Owen Zhou
    Wilson Student Hoffman Johnson Burda Higgins Alemi Bowman Fu Kingma Li He Zhu Zhao Shen Razavi
    Kim Mnih Chen Eastwood Williams Ridgeway Kumar Poole Ross Hyvärinen Oja Okabe Ito Nuñez Hewitt
    Liang Sundararajan Spearman DELLA InfoVAE BN-VAE DAAE Venna Kaski Cohen Efron Grosse Locatello
    Hotelling Loshchilov Pascanu Vaswani MMD-VAE Hugging Face torch
    RNN CNN PNG SVG QR Embedding Atlas Projector TensorBoard WebGL ZIP Shift Enter everyday Ray
    tanh NaN TF-IDF
    Python PyTorch PyPI Parquet LANG HTML CSV TSV JSON JSONL UTF-8 txt csv tsv jsonl parquet zip npz
"""
NAMES = frozenset(_NAMES.split())
"""What is written alike in every language: names of people, models, methods, files, signs."""

SETTINGS = frozenset(
    word
    for part, config in CONFIG_PARTS.items()
    for name in (part, *config.__dataclass_fields__)
    for word in (name, name.replace("_", "-"))
) | frozenset(
    choice
    for config in CONFIG_PARTS.values()
    for field in config.__dataclass_fields__.values()
    for choice in field.metadata.get("choices", ())
)
"""Settings, their flags, and the values that they choose from."""

WORD = re.compile(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'’]*(?:-[A-Za-zÀ-ÿ0-9]+)*\d*")
_CODE = re.compile(
    r"`[^`]*`|“[^”]*”|https?:\S+|--[\w-]+|\w+_\w+|[\w-]+\.(?:py|csv|json|html|npz|safetensors)\b"
)


def words(text: str) -> list[str]:
    """The words in Latin letters of a text, without code."""
    return WORD.findall(_CODE.sub("", text))


def strange(text: str, known: frozenset[str] = frozenset()) -> list[str]:
    """Those that are no name, setting or single letter, nor known in lower case."""
    return [
        word
        for word in words(text)
        if len(word) > 1 and word not in NAMES | SETTINGS and word.lower() not in known
    ]
