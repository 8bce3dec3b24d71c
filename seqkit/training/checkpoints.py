"""A training's state after each epoch, on disk: what an interrupted one goes on from."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import keras
import numpy as np

from seqkit.distributed.workers import is_chief
from seqkit.saving.atomic_files import check_writable, whole_file
from seqkit.saving.model_state import seeds_of
from seqkit.temporaries import remove_stale
from seqkit.training.best_weights import BestWeights

NAME = "training.checkpoint"
_DESCRIPTION = "description.json"


class Checkpoint:
    """The file of one training, in a folder.

    It holds all that the next epoch depends on: weights, the optimiser's variables, the states of
    random generators, the best weights so far, and the history.

    Args:
        folder: where the file is; made if it is not there.
        identity: what the training depends on, by name. A file of another training is refused.

    Raises:
        OSError: where the folder cannot be made or written to.
    """

    def __init__(self, folder: str | os.PathLike[str], identity: dict[str, object]) -> None:
        self.path = Path(folder) / NAME
        self._before: dict[str, list[float]] = {}  # the history that `restore` found
        parts = sorted((name, _described(value)) for name, value in identity.items())
        self.identity = hashlib.sha256(repr(parts).encode()).hexdigest()
        expected = "checkpoint_dir must be a folder that can be written to"
        check_writable(self.path.parent, expected, str(folder))

    def restore(
        self, model: keras.Model, best: BestWeights, rng: np.random.Generator, epochs: int
    ) -> tuple[int, dict[str, list[float]]]:
        """Puts all back as after the last epoch that was written, which is none after `epochs`.

        Returns:
            The epochs that are done, and their history; 0 and {} where there is no file.

        Raises:
            ValueError: for a file of another training, or of a longer one, or one that is damaged.
        """
        if not self.path.exists():
            return 0, {}
        try:
            with zipfile.ZipFile(self.path) as archive:
                description = json.loads(archive.read(_DESCRIPTION))
                arrays = [_read(archive, f"{k}.npy") for k in range(description["arrays"])]
        except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
            raise ValueError(
                f"checkpoint_dir holds {str(self.path)!r}, which is damaged ({error}). Delete it."
            ) from error
        if description["identity"] != self.identity:
            raise ValueError(
                f"checkpoint_dir holds {str(self.path)!r} of another training: with other "
                "parameters or data. Name another folder, or delete the file."
            )
        if description["epoch"] > epochs:
            raise ValueError(
                f"checkpoint_dir holds {str(self.path)!r} of a training that is at epoch "
                f"{description['epoch']} already, beyond epochs={epochs}. Set as many epochs as it "
                "had, name another folder, or delete the file."
            )
        variables = _variables(model)
        for variable, value in zip(variables, arrays[: len(variables)], strict=True):
            variable.assign(value)
        best.best, best.best_epoch = description["best"], description["best_epoch"]
        if len(arrays) > len(variables):
            best.weights = arrays[len(variables) :]
        rng.bit_generator.state = description["rng"]
        self._before = description["history"]
        return description["epoch"], self._before

    def callback(
        self, best: BestWeights, rng: np.random.Generator, history: keras.callbacks.History
    ) -> keras.callbacks.Callback:
        """Writes the file at the end of each epoch; it must come after `best`."""

        def write(epoch: int, model: keras.Model) -> None:
            if not is_chief():
                return
            description = {
                "identity": self.identity,
                "epoch": epoch,
                "history": continued(self._before, history.history),
                "best": float(best.best),
                "best_epoch": best.best_epoch,
                "rng": rng.bit_generator.state,
            }
            arrays = [np.asarray(v) for v in _variables(model)] + list(best.weights or [])
            self._write({**description, "arrays": len(arrays)}, arrays)

        return _AtEpochEnd(write)

    def remove(self) -> None:
        """Deletes the file, and what killed writers left of one: the training is over."""
        self.path.unlink(missing_ok=True)
        remove_stale(self.path.parent, NAME)

    def _write(self, description: dict[str, object], arrays: list[np.ndarray]) -> None:
        with whole_file(self.path) as file, zipfile.ZipFile(file, "w") as archive:
            archive.writestr(_DESCRIPTION, json.dumps(description, default=_listed))
            for k, array in enumerate(arrays):
                with archive.open(f"{k}.npy", "w") as member:
                    np.lib.format.write_array(member, array, allow_pickle=False)


def continued(
    before: dict[str, list[float]], history: Mapping[str, Sequence[float | np.floating]]
) -> dict[str, list[float]]:
    """The history of a training, of that of its earlier epochs and of the later ones."""
    names = {**before, **history}
    return {k: [*before.get(k, []), *map(float, history.get(k, []))] for k in names}


class _AtEpochEnd(keras.callbacks.Callback):
    def __init__(self, write: Callable[[int, keras.Model], None]) -> None:
        super().__init__()
        self._write = write

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._write(epoch + 1, self.model)


def _variables(model: keras.Model) -> list[keras.Variable]:
    """All that changes in training; the seeds of dropout too. Not those of metrics: the model has
    them only once it is trained."""
    return [*model.weights, *seeds_of(model), *model.optimizer.variables]


def _described(value: object) -> str:
    """A value in words that are the same in every process."""
    if isinstance(value, type):
        return f"{value.__module__}.{value.__qualname__}"
    if hasattr(value, "get_config"):  # an optimiser, or a schedule; Keras numbers their names
        config = {k: _described(v) for k, v in value.get_config().items() if k != "name"}
        return f"{type(value).__name__} {sorted(config.items())}"
    if isinstance(value, np.random.RandomState | np.random.Generator):
        return type(value).__name__  # its state goes on from fit to fit
    return repr(value)


def _listed(array: np.ndarray) -> list[object]:
    """A list, for the states of random generators, which JSON cannot write as they are."""
    return array.tolist()


def _read(archive: zipfile.ZipFile, name: str) -> np.ndarray:
    with archive.open(name) as member:
        return np.lib.format.read_array(member, allow_pickle=False)
