"""What a newly spawned process says of estimators: run by `test_new_process`."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any


def run(folder: str, models: dict[str, Any], refitted: list[str]) -> None:
    """Writes down what the models say that came with the process, those read from files, and those
    fitted anew."""
    import joblib

    import seqkit
    from tests.conformance.estimators import data, named, outputs

    found = {}
    for name, model in models.items():
        X, y = data(named(name))
        found[name, "sent"] = outputs(model, X)
        found[name, "joblib"] = outputs(joblib.load(Path(folder, f"{name}.joblib")), X)
        found[name, "file"] = outputs(seqkit.load(Path(folder, f"{name}.seqkit")), X)
        if name in refitted:
            found[name, "fit"] = outputs(named(name).new().fit(X, y), X)
    Path(folder, "found.pickle").write_bytes(pickle.dumps(found))
