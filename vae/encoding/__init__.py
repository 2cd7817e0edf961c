"""Posteriors of many sentences as Parquet, a row a sentence: as one file, or a file a shard."""

from vae.encoding.folder import Encoding, encode_folder
from vae.encoding.table import posterior_columns

__all__ = ["Encoding", "encode_folder", "posterior_columns"]
