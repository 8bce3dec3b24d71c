"""Pictures of attention."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread

from recipes.parts.translation.attention_pictures import draw


def sample(read=3, written=2):
    weights = np.random.default_rng(0).dirichlet(np.ones(read), written)
    return [f"s{k}" for k in range(read)], [f"t{k}" for k in range(written)], weights


@pytest.fixture
def figures(monkeypatch):
    """Figures that are saved."""
    saved = []
    savefig = Figure.savefig

    def save(self, *args, **options):
        saved.append(self)
        savefig(self, *args, **options)

    monkeypatch.setattr(Figure, "savefig", save)
    return saved


@pytest.mark.parametrize("n", [1, 2, 3, 10])
def test_panels(n, tmp_path, figures):
    path = draw(tmp_path / "new" / "attention.png", *zip(*[sample()] * n, strict=True))
    assert imread(path).ndim == 3
    assert [file.name for file in path.parent.iterdir()] == ["attention.png"]
    assert len(figures[0].axes) == n


def test_rows_are_written_tokens_and_padding_is_left_out(tmp_path, figures):
    read, written, weights = sample(4, 2)
    padded = np.zeros((5, 7))
    padded[:2, :4] = weights
    draw(str(tmp_path / "a.png"), [read], [written], padded[None])
    (axes,) = figures[0].axes
    np.testing.assert_array_equal(axes.images[0].get_array(), weights)
    assert [label.get_text() for label in axes.get_xticklabels()] == read
    assert [label.get_text() for label in axes.get_yticklabels()] == written


def test_signs_of_formulae_are_shown(tmp_path):
    draw(tmp_path / "a.png", [["$", "a$b_{", " "]], [["^", "\\x"]], [np.ones((2, 3))])


@pytest.mark.filterwarnings("error")
def test_letters_without_a_glyph_are_boxes_without_a_word(tmp_path):
    draw(tmp_path / "a.png", [["年", "ज"]], [["1"]], [np.ones((1, 2))])


@pytest.mark.parametrize(
    "sources, targets, weights, message",
    [
        ([], [], [], "weights must be of 1 to 10 samples, got 0"),
        ([["a"]] * 11, [["b"]] * 11, [[[1]]] * 11, "1 to 10 samples, got 11. Choose some"),
        ([["a"]], [], [[[1]]], "must have equal lengths, got 1, 0 and 1"),
        ([["a", "b"]], [["c"]], [[[1]]], r"weights\[0\] must have shape \(1, 2\).*got \(1, 1\)"),
        ([["a"]], [["c"]], [[1]], r"weights\[0\] must have shape \(1, 1\).*got \(1,\)"),
        ([["a"]], [[]], [[[1]]], r"target_tokens\[0\] must have tokens, got 1 and 0"),
    ],
)
def test_bad_input(sources, targets, weights, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        draw(tmp_path / "a.png", sources, targets, weights)
    assert list(tmp_path.iterdir()) == []


def test_old_picture_stays_if_the_new_one_fails(tmp_path, monkeypatch):
    path = draw(tmp_path / "a.png", *([part] for part in sample()))
    before = path.read_bytes()

    def fail(self, name, **options):
        name.write_bytes(b"half")
        raise OSError("No space left on device")

    monkeypatch.setattr(Figure, "savefig", fail)
    with pytest.raises(OSError, match="No space"):
        draw(path, *([part] for part in sample()))
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["a.png"]
