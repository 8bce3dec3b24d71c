"""Fits of all estimators, small ones; run as a script by one process and by several.

python fits.py FOLDER NAME...: writes weights and histories of each estimator that is named into
FOLDER/fits.INDEX.npz, and the export and the file of the last one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import seqkit
from seqkit.distributed import worker_index

# Adam divides by the size of gradients, and of those near 0 makes rounding as large as any.
COMMON = {
    "units": 4,
    "random_state": 0,
    "epochs": 2,
    "dropout": 0.0,
    "early_stopping": False,
    "optimizer": "sgd",
}


def fits() -> dict[str, Callable[[], Any]]:
    """A fit of each estimator. Nothing is drawn in training, as dropout draws for each worker."""
    rng = np.random.default_rng(0)
    X = [rng.normal(size=(length, 2)).astype("float32") for length in rng.integers(3, 9, 40)]
    sums = np.array([x[:, 0].sum() for x in X])
    texts = [" ".join(rng.choice(list("abcd"), 5)) for _ in range(40)]
    days = pd.date_range("2024-01-01", periods=60, freq="D")
    series = pd.Series(rng.normal(size=60).cumsum(), index=days)
    of_texts = {**COMMON, "embedding_dropout": 0.0}
    return {
        "classifier": lambda: seqkit.SequenceClassifier("gru", **COMMON).fit(
            X, sums > 0, validation_data=(X[:7], sums[:7] > 0)
        ),
        "regressor": lambda: seqkit.SequenceRegressor("simple_rnn", **COMMON).fit(X, sums),
        "tagger": lambda: seqkit.SequenceTagger("lstm", crf=True, **COMMON).fit(
            X, [(x[:, 0] > 0).astype(int).tolist() for x in X]
        ),
        "texts": lambda: seqkit.TextClassifier("gru", **{**of_texts, "token_dropout": 0.0}).fit(
            texts, [text.count("a") > 1 for text in texts]
        ),
        "translator": lambda: seqkit.Seq2SeqTranslator("gru", **of_texts).fit(
            texts, [text[::-1] for text in texts]
        ),
        "forecaster": lambda: seqkit.Seq2SeqForecaster(3, cell="gru", lookback=7, **COMMON).fit(
            series
        ),
    }


def main() -> None:
    folder, names = Path(sys.argv[1]), sys.argv[2:]
    arrays = {}
    for name in names:
        model = fits()[name]()
        arrays.update({f"{name}/{k}": np.asarray(w) for k, w in enumerate(model.model_.weights)})
        arrays |= {f"{name}/{k}": np.array(values) for k, values in model.history_.items()}
    np.savez(folder / f"fits.{worker_index()}.npz", **arrays)
    version = model.export(folder / "export")
    model.save(folder / "model.seqkit")
    (folder / f"version.{worker_index()}.txt").write_text(version, encoding="utf-8")


if __name__ == "__main__":
    main()
