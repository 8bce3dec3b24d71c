"""Prints, as JSON, what can be seen of a tree of seqkit only while it runs.

    PYTHONPATH=TREE python tools/house_runs.py

How many classes of ours each estimator is made of, and in which files of seqkit code runs while a
small estimator is fitted and predicts. `tools.house_figures` runs this for trees of other commits
too: it says nothing that they have not.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

IMPORTING = "<frozen importlib._bootstrap>"


@contextmanager
def files_run(folder: Path) -> Iterator[set[str]]:
    """The files of a folder in which a function is called; what imports call is left out."""
    prefix = f"{folder}{os.sep}"
    files: set[str] = set()

    def called(frame: FrameType, event: str, argument: Any) -> None:
        path = frame.f_code.co_filename
        if path not in files and path.startswith(prefix) and not _is_imported(frame):
            files.add(path)

    before = sys.gettrace()
    sys.settrace(called)
    try:
        yield files
    finally:
        sys.settrace(before)


def _is_imported(frame: FrameType | None) -> bool:
    """Whether a frame runs because a module is imported."""
    while frame is not None:
        if frame.f_code.co_filename == IMPORTING:
            return True
        frame = frame.f_back
    return False


def runs() -> dict[str, Callable[[], Any]]:
    """By estimator, a fit and a prediction of it."""
    import numpy as np
    import pandas as pd

    import seqkit

    small: dict[str, Any] = {"units": 2, "epochs": 1, "random_state": 0}
    numbers = np.random.default_rng(0).normal(size=(16, 6, 1))
    texts, turned = ["a b", "b a c", "c b", "a c"] * 4, ["b a", "c a b", "b c", "c a"] * 4
    days = pd.date_range("2024-01-01", periods=48, freq="D")
    series = pd.Series(np.sin(np.arange(48.0)), index=days)

    def classifier() -> Any:
        return seqkit.SequenceClassifier(**small).fit(numbers, [0, 1] * 8).predict(numbers)

    def translator() -> Any:
        return seqkit.Seq2SeqTranslator(**small).fit(texts, turned).predict(texts)

    def forecaster() -> Any:
        return seqkit.Seq2SeqForecaster(2, lookback=8, **small).fit(series).predict()

    return {
        "SequenceClassifier": classifier,
        "Seq2SeqTranslator": translator,
        "Seq2SeqForecaster": forecaster,
    }


def ancestors() -> dict[str, int]:
    """By estimator, the classes of ours that it is made of, itself included."""
    import seqkit.estimators

    public = {name: getattr(seqkit.estimators, name) for name in seqkit.estimators.__all__}
    return {
        name: sum(base.__module__.startswith("seqkit") for base in cls.__mro__)
        for name, cls in public.items()
        if isinstance(cls, type)
    }


def main() -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    warnings.simplefilter("ignore")
    import seqkit

    folder = Path(seqkit.__file__).parent
    by_estimator: dict[str, list[str]] = {}
    for name, run in runs().items():
        with files_run(folder) as files:
            run()
        by_estimator[name] = sorted(str(Path(path).relative_to(folder)) for path in files)
    print(json.dumps({"ancestors": ancestors(), "files": by_estimator}))


if __name__ == "__main__":
    main()
