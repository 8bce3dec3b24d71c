"""Files of word vectors, as others write them."""

from __future__ import annotations

import numpy as np
import pytest

import seqkit
from seqkit.text.vector_files import read_vectors

X = ["good film", "bad film"] * 8
Y = [1, 0] * 8
SMALL = {"cell": "gru", "units": 2, "epochs": 1, "random_state": 0, "freeze_embeddings": True}


@pytest.fixture
def path(tmp_path):
    def write(text: str):
        (tmp_path / "vectors.txt").write_text(text, encoding="utf-8")
        return tmp_path / "vectors.txt"

    return write


@pytest.mark.parametrize("head", ["", "3 2\n"], ids=["GloVe", "word2vec"])
def test_only_what_is_asked_for_is_read(path, head):
    found = read_vectors(path(f"{head}good 1 2\nbad 3 4.5e-1\nugly 5 6\n"), ["bad", "none"])
    assert {k: v.tolist() for k, v in found.items()} == {"bad": [3.0, np.float32(0.45)]}


def test_a_token_with_a_blank_and_one_that_is_decomposed(path):
    text = "good 1 2\n. . . 3 4\ncafe\u0301 5 6\n"
    assert set(read_vectors(path(text), [". . .", "caf\u00e9"])) == {". . .", "caf\u00e9"}


def test_a_file_is_read_as_it_is(path):
    file = path("cafe\u0301 5 6\nna\u00efve 1 2\n")
    tokens = ["caf\u00e9", "cafe\u0301", "nai\u0308ve", "na\u00efve"]
    assert set(read_vectors(file, tokens, normalization=None)) == {tokens[1], tokens[3]}
    assert set(read_vectors(file, tokens)) == {tokens[0], tokens[3]}


@pytest.mark.parametrize("line", ["bad 3", "bad 3 x", "bad"])
def test_a_line_that_is_none_is_named(path, line):
    with pytest.raises(ValueError, match=r"embeddings must be a text file .* line 2 of .*bad"):
        read_vectors(path(f"good 1 2\n{line}\n"), ["good", "bad"])


def test_a_classifier_begins_with_them(path):
    file = path("good 1 2 3\nbad 3 4 5\n")
    model = seqkit.TextClassifier(embeddings=str(file), **SMALL).fit(X, Y)
    vectors = model.model_.get_layer("embedding").get_weights()[0]
    for token, vector in {"good": [1, 2, 3], "bad": [3, 4, 5]}.items():
        assert vectors[model.vocabulary_.index(token) + 2].tolist() == vector
    assert model.embeddings_found_ == pytest.approx(2 / 3)


def test_vectors_of_gensim_are_taken():
    class KeyedVectors:
        """What of gensim's class is read."""

        key_to_index = {"good": 0, "bad": 1}

        def __contains__(self, key):
            return key in self.key_to_index

        def __getitem__(self, key):
            return np.full(3, self.key_to_index[key] + 1.0)

        def __len__(self):
            return 2

    model = seqkit.TextClassifier(embeddings=KeyedVectors(), **SMALL).fit(X, Y)
    vectors = model.model_.get_layer("embedding").get_weights()[0]
    assert vectors[model.vocabulary_.index("bad") + 2].tolist() == [2, 2, 2]


def test_a_file_that_is_not_there():
    with pytest.raises(FileNotFoundError, match="embeddings must be 'cooccurrence'"):
        seqkit.TextClassifier(embeddings="coocurrence", **SMALL).fit(X, Y)
