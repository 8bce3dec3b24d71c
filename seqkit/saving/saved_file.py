"""The file of a fitted estimator: a zip archive of JSON and arrays, and nothing that runs.

estimator.json       what it is: format, version, class, parameters, fitted attributes
arrays/0.npy ...     its arrays, which the JSON refers to
"""

from __future__ import annotations

import io
import json
import os
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

import seqkit
from seqkit.saving.atomic_files import check_writable, whole_file
from seqkit.saving.records import decode, encode

FORMAT = "seqkit estimator"
FORMAT_VERSION = 1
DESCRIPTION = "estimator.json"
ESTIMATORS = (
    "SequenceClassifier",
    "SequenceRegressor",
    "SequenceTagger",
    "TextClassifier",
    "Seq2SeqTranslator",
    "Seq2SeqForecaster",
)
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, NotImplementedError)


def write_estimator(estimator: Any, path: str | os.PathLike[str]) -> str:
    """Writes the file, complete or not at all.

    Raises:
        TypeError: for an estimator that is not seqkit's own, or a parameter that cannot be saved.
        OSError: where the file cannot be written.
    """
    name = type(estimator).__name__
    if name not in ESTIMATORS or getattr(seqkit, name) is not type(estimator):
        raise TypeError(
            f"save writes seqkit's own estimators, and {name} is not one of them. Use joblib."
        )
    arrays: list[np.ndarray] = []
    parameters = {**estimator.get_params(deep=False), "callbacks": None}
    if not isinstance(parameters["random_state"], int | np.integer):
        parameters["random_state"] = None
    state = estimator.__getstate__()
    fitted = {k: v for k, v in state.items() if k not in parameters and not k.startswith("_skl")}
    fitted.pop("_sklearn_version", None)
    description = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "seqkit_version": seqkit.__version__,
        "class": name,
        "parameters": {k: encode(v, arrays, k) for k, v in parameters.items()},
        "fitted": {k: encode(v, arrays, k) for k, v in fitted.items()},
    }
    target = Path(path)
    if target.is_dir():
        raise IsADirectoryError(f"path must be a file, and {str(target)!r} is a folder.")
    check_writable(target.parent, "path must be a file that can be written", str(target))
    with whole_file(target) as file:
        _write(file, description, arrays)
    return str(path)


def load(path: str | os.PathLike[str]) -> Any:
    """The fitted estimator in a file that its `save` wrote.

    Nothing in the file is run: it holds numbers and text, and names of seqkit's own parts.

    Args:
        path: the file.

    Returns:
        The estimator; it predicts what the saved one predicted.

    Raises:
        FileNotFoundError: for a missing file.
        ValueError: for a file that is damaged, not one of ours, or written by a newer version.

    Example:
        >>> import os, tempfile
        >>> import numpy as np, seqkit
        >>> X, y = np.random.default_rng(0).normal(size=(8, 5)), [0, 1] * 4
        >>> model = seqkit.SequenceClassifier("gru", units=2, epochs=1).fit(X, y)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     again = seqkit.load(model.save(os.path.join(folder, "model.seqkit")))
        >>> np.array_equal(again.predict_proba(X), model.predict_proba(X))
        True
    """
    if not os.path.isfile(path):
        raise FileNotFoundError(
            f"path must be a file that save wrote, and there is no file {path!s}."
        )
    try:
        with zipfile.ZipFile(path) as archive:
            description = json.loads(archive.read(DESCRIPTION))
            _check(description, path)
            names = [n for n in archive.namelist() if n.startswith("arrays/")]
            arrays = {n: _read_array(archive.read(n)) for n in names}
    except _Refused as error:
        raise ValueError(str(error)) from None
    except _DAMAGE as error:
        raise ValueError(
            f"path must be a file that save wrote; {path!s} is not one, or it is damaged ({error})."
        ) from error
    try:
        loaded = {n[len("arrays/") : -len(".npy")]: a for n, a in arrays.items()}
        parameters = {k: decode(v, loaded) for k, v in description["parameters"].items()}
        estimator = getattr(seqkit, description["class"])(**parameters)
        fitted = {k: decode(v, loaded) for k, v in description["fitted"].items()}
        estimator.__setstate__({**vars(estimator), **fitted})
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise ValueError(
            f"{path!s} is not the file of an estimator as save writes it ({error!r})."
        ) from error
    return estimator


class _Refused(Exception):
    """A file that is whole, and not for us."""


def _check(description: Any, path: Any) -> None:
    if not isinstance(description, dict) or description.get("format") != FORMAT:
        raise _Refused(f"path must be a file that save wrote, and {path!s} is another format.")
    version = description.get("format_version")
    if not isinstance(version, int) or version > FORMAT_VERSION:
        raise _Refused(
            f"{path!s} has format version {version}, and this seqkit {seqkit.__version__} reads up "
            f"to {FORMAT_VERSION}; it was written by seqkit {description.get('seqkit_version')}. "
            "Install that version, or a newer one."
        )
    if description.get("class") not in ESTIMATORS:
        raise _Refused(
            f"{path!s} holds a {description.get('class')!r}, which this seqkit "
            f"{seqkit.__version__} does not have; known are {', '.join(ESTIMATORS)}."
        )


def _write(file: Any, description: dict[str, Any], arrays: list[np.ndarray]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(DESCRIPTION, json.dumps(description, ensure_ascii=False))
        for i, array in enumerate(arrays):
            content = io.BytesIO()
            np.lib.format.write_array(content, array, allow_pickle=False)
            archive.writestr(f"arrays/{i}.npy", content.getvalue())


def _read_array(content: bytes) -> np.ndarray:
    return np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
