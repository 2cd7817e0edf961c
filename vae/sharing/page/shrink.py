"""Numbers of two bytes in few bytes: for a page that is to be mailed."""

from __future__ import annotations

import zlib

import numpy as np

_SIGN, _LARGEST = 0x8000, 0x7BFF  # of half precision


def squeezed(numbers: bytes) -> bytes:
    """Numbers of two bytes, their first bytes in front of all second ones, deflated.

    Second bytes hold sign and exponent, which are much alike: half of them goes.
    """
    return zlib.compress(numbers[0::2] + numbers[1::2], 9)


def unsqueezed(data: bytes) -> bytes:
    """What was squeezed."""
    planes = np.frombuffer(zlib.decompress(data), dtype=np.uint8)
    return np.stack(np.split(planes, 2), axis=1).tobytes()


def rounded(blob: bytes, bits: int) -> bytes:
    """A safetensors file of half precision, its weights rounded so that their last bits are 0.

    Args:
        bits: how many of the 11 bits that a weight has are given up.
    """
    if not bits:
        return blob
    begin = 8 + int.from_bytes(blob[:8], "little")
    weights = np.frombuffer(blob[begin:], dtype="<u2").astype(np.uint32)
    step = 1 << bits
    size = ((weights & ~np.uint32(_SIGN)) + step // 2) & ~np.uint32(step - 1)
    size = np.minimum(size, _LARGEST & ~(step - 1))
    data: bytes = ((weights & _SIGN) | size).astype("<u2").tobytes()
    return blob[:begin] + data
