"""What a newly spawned process says of estimators: run by `test_new_process`."""

from __future__ import annotations

import pickle
import random
from pathlib import Path
from typing import Any


def states() -> Any:
    """The global states of Python and NumPy."""
    import numpy as np

    return random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002


def run(folder: str, models: dict[str, Any], fits: set[str]) -> None:
    """Writes down what the models say that came with the process, those read from files, and, of
    the kinds in `fits`, those fitted anew after others, and exports those of files; a fit must
    leave the global random states as they were."""
    import joblib
    import numpy as np
    import tensorflow as tf

    import seqkit
    from tests.conformance.estimators import data, named, outputs

    random.seed(1)
    np.random.seed(1)  # noqa: NPY002
    tf.random.set_seed(1)
    expected = [tf.random.uniform((3,)) for _ in range(2)]
    tf.random.set_seed(1)
    tf.random.uniform((3,))
    before = states()
    found = {}
    for name in sorted(fits):
        X, y = data(named(name))
        found[name, "fit"] = outputs(named(name).new().fit(X, y), X)
    assert states() == before
    assert np.array_equal(tf.random.uniform((3,)), expected[1])
    for name, model in models.items():
        X, _ = data(named(name))
        found[name, "sent"] = outputs(model, X)
        found[name, "joblib"] = outputs(joblib.load(Path(folder, f"{name}.joblib")), X)
        from_file = seqkit.load(Path(folder, f"{name}.seqkit"))
        # A model that was never run here must be exported all the same.
        found[name, "export"] = from_file.export(Path(folder, "exports", name))
        found[name, "file"] = outputs(from_file, X)
    Path(folder, "found.pickle").write_bytes(pickle.dumps(found))
