"""What every figure shares."""

import pytest

from vae import colours
from vae.figures import frame


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_all_that_is_written_has_the_colour_of_the_pages_text(theme):
    fig = frame.figure(300)
    bar = {"title": {"text": "nats"}}
    fig.add_heatmap(z=[[0, 1]], colorbar=bar)
    fig.add_scattergl(x=[0, 1], y=[0, 1], marker={"color": [0, 1], "colorbar": bar})
    fig.add_bar(x=[0], y=[1], marker={"color": colours.RATE})
    frame.ink(fig, theme)
    ink = colours.INK[theme]
    heat, points, plain = fig.data
    for found in (heat.colorbar, points.marker.colorbar):
        assert found.title.font.color == found.tickfont.color == ink
        assert found.title.text == "nats"
    assert not plain.marker.colorbar.to_plotly_json()
    assert fig.layout.xaxis.tickfont.color == fig.layout.legend.font.color == ink
