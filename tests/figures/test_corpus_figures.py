"""What a corpus holds, drawn: the lengths of its sentences."""

from vae import figures
from vae.config import DataConfig
from vae.corpora import files
from vae.corpora.survey import survey


def test_the_lengths_are_those_of_the_survey():
    lines = "\n".join(f"a sentence number {i} {'of more ' * (i % 3)}".strip() for i in range(60))
    found = survey(files.read_text(lines), DataConfig())
    figure = figures.sentence_lengths(found)
    drawn = dict(zip(figure.plot.data[0].x, figure.plot.data[0].y, strict=True))
    assert drawn == {4: 20, 6: 20, 8: 20}
    assert figure.question == "Half have at most 6 tokens"
    assert "nine in ten have 4 to 8 tokens" in figure.alt
    assert figure.table().values.tolist() == [[4, 20], [6, 20], [8, 20]]
