"""Folders of parquet files as batches, which estimators learn from and predict."""

from __future__ import annotations

import numpy as np
import pytest

import seqkit
from seqkit.data import parquet_batches
from tests.estimators.toy import first_event, small

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")
X, Y = first_event(300, seed=1)
NESTED = pa.list_(pa.list_(pa.float32()))


def write(path, rows=slice(None), **columns):
    parquet.write_table(pa.table({k: v[rows] for k, v in columns.items()}), path, row_group_size=25)


@pytest.fixture
def folder(tmp_path):
    columns = {
        "id": pa.array(range(300)),
        "x": pa.array([x.tolist() for x in X], NESTED),
        "first": pa.array([x[:, 0] for x in X]),
        "second": pa.array([x[:, 1] for x in X]),
        "y": pa.array([str(label) for label in Y]).dictionary_encode(),
    }
    for k in range(3):
        write(tmp_path / f"part-{k}.parquet", slice(100 * k, 100 * (k + 1)), **columns)
    (tmp_path / "_metadata.parquet").write_bytes(b"no table")
    return tmp_path


@pytest.mark.parametrize("inputs", ["x", ["first", "second"]])
def test_every_row_comes_once_in_its_order(folder, inputs):
    batches = parquet_batches(folder, inputs, "y", rows=40)
    assert batches.rows == 300
    for _ in range(2):
        rows = [(x, y) for xs, ys in batches for x, y in zip(xs, ys, strict=True)]
        assert [y for _, y in rows] == [str(label) for label in Y]
        for (found, _), x in zip(rows, X, strict=True):
            np.testing.assert_array_equal(found, x)


def test_shuffled_files_are_mixed_anew_at_each_pass(folder):
    batches = parquet_batches(folder, "x", "id", shuffle=0)
    first, second = ([k for _, ids in batches for k in ids] for _ in range(2))
    assert sorted(first) == sorted(second) == [*range(300)]
    assert first != second
    assert len({k // 100 for k in first[:100]}) > 1
    again = parquet_batches(folder, "x", "id", shuffle=0)
    assert [k for _, ids in again for k in ids] == first


def test_fit_and_predict_as_from_memory(folder):
    model = small(epochs=2).fit(parquet_batches(folder, "x", "y"))
    same = small(epochs=2).fit(seqkit.data.Batches(lambda: iter([(X, Y)]), 300))
    np.testing.assert_array_equal(model.predict_proba(X), same.predict_proba(X))
    # Batches of other rows are padded to other lengths, up to rounding.
    np.testing.assert_allclose(
        model.predict_proba(parquet_batches(folder, "x")), model.predict_proba(X), atol=1e-6
    )


def test_columns_of_tokens_texts_weights_and_several_targets(tmp_path):
    path = tmp_path / "a.parquet"
    columns = {
        "tokens": pa.array([["a", "b"], ["c"]]),
        "text": pa.array(["one", "two"]),
        "flat": pa.array([[1.0, 2.0], [3.0, 4.0]], pa.list_(pa.float64(), 2)),
        "u": pa.array([1.0, 2.0]),
        "v": pa.array([3, 4]),
    }
    write(path, **columns)
    [(tokens, text)] = parquet_batches(path, "tokens", "text")
    assert (tokens, text) == ([["a", "b"], ["c"]], ["one", "two"])
    [(flat, y, weights)] = parquet_batches(path, "flat", ["u", "v"], "u")
    assert [row.tolist() for row in flat] == [[1, 2], [3, 4]]
    assert y.tolist() == [[1, 3], [2, 4]]
    assert weights.tolist() == [1, 2]


def test_faults_are_named(folder, tmp_path):
    with pytest.raises(ValueError, match="targets: .*part-0.parquet has no column 'z'"):
        parquet_batches(folder, "x", "z")
    with pytest.raises(FileNotFoundError, match="which is not there"):
        parquet_batches(tmp_path / "gone", "x")
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError, match="which has none"):
        parquet_batches(tmp_path / "empty", "x")
    write(folder / "part-3.parquet", x=pa.array([[1.0]]), y=pa.array(["left"]))
    with pytest.raises(ValueError, match=r"part-3.*'x' must be of one type in all files"):
        parquet_batches(folder, "x", "y")
    write(
        folder / "part-3.parquet", x=pa.array([[[1.0, 2.0]]] * 30, NESTED), y=["left"] * 29 + [None]
    )
    (folder / "part-3.parquet").rename(tmp_path / "missing.parquet")
    with pytest.raises(ValueError, match=r"missing.parquet, row 30: a value is missing"):
        list(parquet_batches(tmp_path / "missing.parquet", "x", "y"))
    ragged = pa.array([[[1.0, 2.0]], [[1.0, 2.0], [1.0]]], NESTED)
    write(tmp_path / "ragged.parquet", x=ragged)
    with pytest.raises(
        ValueError, match=r"row 2: every step must have as many numbers, got \[1, 2\]"
    ):
        list(parquet_batches(tmp_path / "ragged.parquet", "x"))


def test_a_dataset_of_pyarrow_needs_names_of_columns(folder):
    dataset = pytest.importorskip("pyarrow.dataset").dataset(folder / "part-0.parquet")
    with pytest.raises(TypeError, match="parquet_batches"):
        small().fit(dataset)
