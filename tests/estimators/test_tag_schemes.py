"""SequenceTagger with a CRF over labels of the schemes BIO, BIOES, BILOU, and of the older IOB."""

from __future__ import annotations

import numpy as np
import pytest

import seqkit
from seqkit.metrics import spans
from tests.conformance.tasks import written
from tests.estimators.toy import untrained

TOKENS = ["a", "b", "c", "x"]


def sentences(scheme: str, samples: int, seed: int):
    """Spans "a b.." of X and "c b.." of Y, at random. IOB begins a span with I-, and with B- only
    right after another of its type."""
    rng = np.random.default_rng(seed)
    X, y = [], []
    for _ in range(samples):
        tokens = rng.choice(TOKENS, 10).tolist()
        tags: list[str] = []
        kind: str | None = None
        for token in tokens:
            began = kind
            kind = {"a": "X", "c": "Y", "x": None}.get(token, kind)
            if kind is None:
                tags.append("O")
            elif token in "ac":
                tags.append(f"{'B' if scheme == 'BIO' or began == kind else 'I'}-{kind}")
            else:
                tags.append(f"I-{kind}")
        X.append(tokens)
        y.append(tags)
    return X, y


def fitted(scheme: str, **options) -> seqkit.SequenceTagger:
    small = {"units": 4, "embedding_dim": 4, "batch_size": 16, "random_state": 0}
    model = seqkit.SequenceTagger("gru", crf=True, **{**small, **options})
    return model.fit(*sentences(scheme, 48, seed=0))


def is_valid_bio(row) -> bool:
    """As the scheme is defined: an I- continues a span of its own type."""
    before = "O"
    for label in row:
        if label[0] == "I" and before[1:] != label[1:]:
            return False
        before = label
    return True


@pytest.mark.parametrize("seed", [0, 1])
@untrained()
def test_an_invalid_transition_is_never_predicted_however_little_was_learned(seed):
    model = fitted("BIO", epochs=1, random_state=seed)
    noise = np.random.default_rng(seed).choice([*TOKENS, "new"], (100, 13)).tolist()
    rows = [*model.predict(noise), *model.predict([x[:1] for x in noise[:9]])]
    assert all(map(is_valid_bio, rows))
    # Nor is any probability left to it.
    inside = [c.startswith("I") for c in model.classes_]
    for p in model.predict_proba(noise):
        np.testing.assert_allclose(p.sum(1), 1, atol=1e-5)
        assert p[0, inside].max() < 1e-6


def test_in_iob_spans_may_begin_inside():
    model = fitted("IOB", epochs=12, learning_rate=0.05)
    X, y = sentences("IOB", 40, seed=1)
    assert model.score(X, y) > 0.9
    firsts = [row[0] for row in model.predict(X)]
    assert "I-X" in firsts
    assert "B-X" in model.classes_


def test_bio_is_learned_and_kept_to_by_a_loaded_tagger(tmp_path):
    model = fitted("BIO", epochs=12, learning_rate=0.05)
    X, y = sentences("BIO", 40, seed=1)
    assert model.score(X, y) > 0.9
    loaded = seqkit.load(model.save(tmp_path / "tagger"))
    noise = np.random.default_rng(5).choice(TOKENS, (40, 13)).tolist()
    for a, b in zip(loaded.predict(noise), model.predict(noise), strict=True):
        np.testing.assert_array_equal(a, b)
        assert is_valid_bio(a)


def in_scheme(scheme: str, samples: int, seed: int):
    """The spans of `sentences`, two types of one step or many, in another scheme."""
    X, y = sentences("BIO", samples, seed)
    return X, [written(spans(row), len(row), scheme) for row in y]


def is_valid(row, scheme: str) -> bool:
    """Whether the tags are those that its spans are written as."""
    tags = row.tolist()
    return tags == written(spans(tags, scheme), len(tags), scheme)


@pytest.mark.parametrize("scheme", ["BIOES", "BILOU"])
@untrained()
def test_a_scheme_with_ends_is_never_broken(scheme):
    options = {"units": 4, "embedding_dim": 4, "epochs": 1, "random_state": 0}
    model = seqkit.SequenceTagger("gru", crf=True, **options).fit(*in_scheme(scheme, 48, seed=0))
    rng = np.random.default_rng(1)
    noise = [rng.choice([*TOKENS, "new"], rng.integers(1, 14)).tolist() for _ in range(300)]
    assert all(is_valid(row, scheme) for row in model.predict(noise))
    # Without the rules noise breaks it.
    free = seqkit.SequenceTagger("gru", **options).fit(*in_scheme(scheme, 48, seed=0))
    assert not all(is_valid(row, scheme) for row in free.predict(noise))


def test_rows_that_are_cut_within_a_span_are_learned():
    X, y = in_scheme("BIOES", 48, seed=0)
    options = {"units": 4, "embedding_dim": 4, "epochs": 8, "learning_rate": 0.05, "max_length": 4}
    model = seqkit.SequenceTagger("gru", crf=True, random_state=0, **options).fit(X, y)
    assert any(row[3][0] in "BI" for row in y)
    assert model.history_["loss"][-1] < model.history_["loss"][0] < 20
    found = model.predict([x[:4] for x in X])
    assert all(is_valid(row, "BIOES") for row in found)


def test_labels_that_break_their_scheme_rule_nothing_out():
    X, y = in_scheme("BIOES", 48, seed=0)
    y = [["I-X" if label == "S-X" else label for label in row] for row in y]
    model = seqkit.SequenceTagger("gru", crf=True, units=8, epochs=12, learning_rate=0.05)
    model.set_params(random_state=0).fit(X, y)
    assert model.history_["loss"][-1] < 20
    assert not all(is_valid(row, "BIOES") for row in model.predict(X))
