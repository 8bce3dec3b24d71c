"""The models that are put under load, hardly trained."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

STEPS, FEATURES, CLASSES, UNITS = 50, 8, 4, 64
ALL = ("BiLSTM, seqkit", "BiLSTM, Keras", "texts", "translator", "forecaster")

Inputs = dict[str, Any]


def bilstm(cell: str = "lstm", seed: int = 0) -> Any:
    """A classifier that has hardly been trained."""
    import numpy as np

    import seqkit

    X = np.random.default_rng(seed).normal(size=(32, STEPS, FEATURES)).astype(np.float32)
    model = seqkit.SequenceClassifier(cell, units=UNITS, epochs=1, random_state=seed)
    return model.fit(X, np.arange(32) % CLASSES)


def contenders(folder: Path, names: Sequence[str]) -> Iterator[tuple[str, Path, Inputs]]:
    """The models of these names: name, folder of versions, and a request of one row."""
    import numpy as np
    import pandas as pd

    import seqkit

    rng = np.random.default_rng(0)
    row = rng.normal(size=(1, STEPS, FEATURES)).astype(np.float32)
    words = [f"{a}{b}" for a in "klmnprst" for b in ("ado", "emi", "ilu", "ona", "ury")]
    texts = [" ".join(rng.choice(words, 20)) for _ in range(64)]
    small: dict[str, Any] = {"units": UNITS, "epochs": 1, "random_state": 0}
    if "BiLSTM, seqkit" in names:
        bilstm().export(folder / "seqkit")
        yield "BiLSTM, seqkit", folder / "seqkit", {"inputs": row}
    if "BiLSTM, Keras" in names:
        model = bilstm("keras_lstm")
        model.model_.set_weights(bilstm().model_.get_weights())
        model.model_.export(str(folder / "keras" / "1"), verbose=False)
        yield "BiLSTM, Keras", folder / "keras", {"inputs": row}
    if "texts" in names:
        classifier = seqkit.TextClassifier(**small).fit(texts, np.arange(64) % CLASSES)
        classifier.export(folder / "texts")
        yield "texts", folder / "texts", {"inputs": texts[:1]}
    if "translator" in names:
        sources = [" ".join(text.split()[:8]) for text in texts]
        targets = [source[::-1] for source in sources]
        translator = seqkit.Seq2SeqTranslator(attention="luong", **small).fit(sources, targets)
        translator.export(folder / "translator", signatures=["serving_default"])
        yield "translator", folder / "translator", {"inputs": sources[:1]}
    if "forecaster" in names:
        months = pd.date_range("2010-01-31", periods=96, freq="ME")
        y = pd.DataFrame(rng.normal(10, 1, (96, 4)), months, list("abcd"))
        forecaster = seqkit.Seq2SeqForecaster(12, 36, season=12, **small).fit(y)
        forecaster.export(folder / "forecaster")
        history = y.to_numpy("float32").T[:1, -48:, None]
        yield "forecaster", folder / "forecaster", {"history": history}
