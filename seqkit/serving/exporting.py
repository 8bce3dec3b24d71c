"""Writing a SavedModel where a server watches, complete or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

import tensorflow as tf

from seqkit.checks import did_you_mean
from seqkit.layers.engine.dispatch import can_compile, recurrence_path
from seqkit.serving.requests import of_their_shapes
from seqkit.serving.versions import versions
from seqkit.temporaries import prefix_for, remove_stale

Signature = tuple[Callable[..., Any], Sequence[tf.TensorSpec]]
# Writes into a version's folder before it appears: given the folder and the functions by name.
Beside = Callable[[Path, Mapping[str, Callable[..., Any]]], None]

Optimization = Literal["xla"]

INCOMING = "incoming"
# As TensorFlow says that a disk is full, or a file larger than it may be.
_OF_DISKS = (tf.errors.ResourceExhaustedError, tf.errors.OutOfRangeError)


def export(
    directory: str | os.PathLike[str],
    signatures: Mapping[str, Signature],
    assets: Sequence[Any] = (),
    optimize: Optimization | None = None,
    beside: Beside | None = None,
) -> str:
    """Writes directory/<next version>.

    The model is written beside, under a name that is no version, and renamed into place once it
    is on the disk. If that fails, for a full disk say, nothing is left; what exports that were
    killed left is removed.

    Args:
        directory: the model's folder; made if it is not there.
        signatures: name -> (function, the specs of its arguments).
        assets: the lookup tables that the functions use.
        optimize: "xla" has recurrent layers compiled by the server, once for each shape of batch;
            None uses TensorFlow's stock operations alone.
        beside: writes what else belongs to the version, once the model is in its folder. It is
            given the folder and, by name, the functions of the signatures as they were written.

    Returns:
        The folder written.

    Raises:
        ValueError: for any other `optimize`.
        RuntimeError: for "xla" where this TensorFlow has no such compiler.
        NotADirectoryError: where directory is a file.
        PermissionError: where it cannot be written to.
        OSError: where writing fails, with the reason.
    """
    _check_optimization(optimize)

    def write(folder: Path) -> None:
        with recurrence_path("auto" if optimize is None else "compiled"):
            functions = {
                name: tf.function(
                    of_their_shapes(function, specs), input_signature=list(specs), autograph=False
                ).get_concrete_function()
                for name, (function, specs) in signatures.items()
            }
        # Servers do not differentiate.
        options = tf.saved_model.SaveOptions(experimental_custom_gradients=False)
        tf.saved_model.save(_holder(functions, assets), str(folder), functions, options)
        if beside is not None:
            beside(folder, functions)

    return written_version(directory, write)


def written_version(directory: str | os.PathLike[str], write: Callable[[Path], None]) -> str:
    """Has directory/<next version> written, complete or not at all.

    Args:
        directory: the model's folder; made if it is not there.
        write: writes the version into a folder, which it makes.

    Returns:
        The folder written.

    Raises:
        As `export`.
    """
    folder = Path(directory)
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(
            f"directory must be a folder for the model's versions, got the file {str(folder)!r}."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        remove_stale(folder, INCOMING)
        incoming = Path(tempfile.mkdtemp(prefix=prefix_for(INCOMING), dir=folder))
    except OSError as error:
        raise type(error)(
            error.errno,
            f"directory must be a folder that can be written to ({error.strerror}). Choose "
            "another, or change its permissions",
            str(folder),
        ) from error
    try:
        written = incoming / "model"
        try:
            write(written)
        except (OSError, *_OF_DISKS) as error:
            raise OSError(f"Could not write the model into {str(folder)!r}: {error}") from error
        written.chmod(0o755)
        _sync(written)
        return _publish(written, folder)
    finally:
        shutil.rmtree(incoming, ignore_errors=True)


def _holder(
    functions: Mapping[str, tf.types.experimental.ConcreteFunction], assets: Sequence[Any]
) -> tf.Module:
    """Holds what a SavedModel needs of functions: their variables, and the tables they look up in.

    keras.export.ExportArchive finds the same, and traces each function twice to do so.
    """
    root = tf.Module()
    # In the order of their first use, each once.
    root.variables_ = list({id(v): v for f in functions.values() for v in f.variables}.values())
    root.assets_ = list(assets)
    return root


def chosen(
    signatures: Mapping[str, Signature], names: Sequence[str] | None
) -> dict[str, Signature]:
    """The signatures of these names; all where none are named.

    Raises:
        TypeError: for a string in place of a list of names.
        ValueError: for a name that no signature has, and for no names.

    Example:
        >>> sorted(chosen({"serving_default": (print, []), "beam": (print, [])}, ["beam"]))
        ['beam']
    """
    if names is None:
        return dict(signatures)
    if isinstance(names, str):
        raise TypeError(f"signatures must be a list of names, got {names!r}. Use [{names!r}].")
    known = ", ".join(map(repr, signatures))
    for name in names:
        if name not in signatures:
            raise ValueError(
                f"signatures must be some of {known}, got {name!r}.{did_you_mean(name, signatures)}"
            )
    if not names:
        raise ValueError(f"signatures must name at least one of {known}, got none.")
    return {name: signatures[name] for name in signatures if name in names}


def _check_optimization(optimize: Any) -> None:
    if optimize is not None and optimize not in get_args(Optimization):
        raise ValueError(
            f"optimize must be None or 'xla', got {optimize!r}. None runs on any server; 'xla' on "
            "one that may compile."
        )
    if optimize == "xla" and not can_compile():
        raise RuntimeError(
            "optimize='xla' needs a TensorFlow built with XLA, and its dynamic-update-slice, which "
            "are missing here. Export with optimize=None."
        )


def _sync(folder: Path) -> None:
    """Waits until all that is in a folder is on the disk."""
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir() and os.name == "nt":
            continue  # a folder is not opened there
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _publish(written: Path, folder: Path) -> str:
    """Renames the folder to the next version; another export may take a number first."""
    while True:
        target = folder / str(max(versions(folder), default=0) + 1)
        try:
            written.rename(target)
        except OSError:
            if target.exists():
                continue
            raise
        return str(target)
