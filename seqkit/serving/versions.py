"""Versions of an exported model as folders and files; nothing here needs TensorFlow."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

CARD = "model_card.json"
GRAPH = "saved_model.pb"
# The file by which a version of a format is known.
FILES = {"saved_model": GRAPH, "onnx": "model.onnx", "litert": "model.tflite"}


def versions(directory: str | os.PathLike[str]) -> list[int]:
    """The versions exported into a folder, ascending."""
    return sorted(_by_version(Path(directory)))


def newest_version(directory: str | os.PathLike[str]) -> Path:
    """The folder of a model's newest version; the folder itself where it is a version's.

    Raises:
        FileNotFoundError: where there is none.
    """
    folder = Path(directory)
    if any((folder / file).exists() for file in FILES.values()):
        return folder
    folders = _by_version(folder) if folder.is_dir() else {}
    if not folders:
        if folder.name.isdigit() and (folder / CARD).exists():  # its graph is missing
            return folder
        raise FileNotFoundError(
            f"directory must be a model's folder, with versions 1, 2 and so on, or a version's; "
            f"{str(folder)!r} is none. Export a model into it first."
        )
    return folders[max(folders)]


def check_format(directory: str | os.PathLike[str], format: str) -> None:
    """Raises ValueError where a folder has versions of another format: its server reads one."""
    folder = Path(directory)
    for other, file in FILES.items():
        if other != format and any(folder.glob(f"*/{file}")):
            raise ValueError(
                f"directory must be a folder for versions of format {format!r}, and "
                f"{str(folder)!r} has some of {other!r}. Choose another."
            )


def format_of(version: Path) -> str:
    """The format of a version, by the file that is there; a SavedModel's where none is."""
    return next((f for f, file in FILES.items() if (version / file).exists()), "saved_model")


def _by_version(folder: Path) -> dict[int, Path]:
    return {int(path.name): path for path in folder.iterdir() if path.name.isdigit()}


def digests(version: Path) -> dict[str, str]:
    """SHA-256 of each file of a version but its card, by its path with slashes.

    A link is no file of a version: it is given as "link", whatever it leads to.
    """
    hashes = {}
    for path in sorted(version.rglob("*")):
        name = path.relative_to(version).as_posix()
        if path.is_symlink():
            hashes[name] = "link"
        elif path.is_file() and name != CARD:
            with path.open("rb") as file:
                hashes[name] = _sha256(file)
    return hashes


def digest_of_card(card: Mapping[str, Any]) -> str:
    """SHA-256 of all of a card but this."""
    rest = {name: value for name, value in card.items() if name != "sha256"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def _sha256(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := file.read(1 << 20):
        digest.update(block)
    return digest.hexdigest()
