"""What goes between a process and an adapter's: the same on the other side, or nothing."""

import io

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vae.models import Posterior, adapter_wire

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text() | st.floats(-1e9, 1e9),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def sent(value: object) -> object:
    pipe = io.BytesIO()
    adapter_wire.write(pipe, value)
    pipe.seek(0)
    return adapter_wire.read(pipe)


@given(plain)
def test_plain_values_are_the_same(value):
    assert sent(value) == value


def test_tensors_arrays_and_posteriors_are_the_same_and_generators_go_on():
    mean = torch.randn(3, 2)
    found = sent([mean, mean.double(), Posterior(mean, mean[:0]), np.arange(4), np.array(["a"])])
    assert torch.equal(found[0], mean)
    assert found[1].dtype == torch.double
    assert torch.equal(found[2].mean, mean)
    assert found[2].logvar.shape == (0, 2)
    assert found[3].tolist() == [0, 1, 2, 3]
    assert found[4].tolist() == ["a"]
    generator = torch.Generator().manual_seed(5)
    torch.rand(3, generator=generator)
    other = sent(generator)
    assert torch.equal(torch.rand(4, generator=other), torch.rand(4, generator=generator))


def test_one_message_follows_another_and_the_end_is_an_end():
    pipe = io.BytesIO()
    for value in (1, "two", torch.zeros(2)):
        adapter_wire.write(pipe, value)
    pipe.seek(0)
    assert adapter_wire.read(pipe) == 1
    assert adapter_wire.read(pipe) == "two"
    assert adapter_wire.read(pipe).tolist() == [0, 0]
    with pytest.raises(EOFError):
        adapter_wire.read(pipe)


def test_what_is_none_of_these_is_not_sent():
    with pytest.raises(TypeError, match="object cannot be sent"):
        sent(object())
