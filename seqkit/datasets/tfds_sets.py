"""Data sets of TensorFlow Datasets, and the error where there is no network.

`tfds.load` of a set that is not on disk retries for minutes before it fails. Here the disk comes
first, then a look whether the host of the data can be found, and only then the download.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from seqkit.checks import did_you_mean
from seqkit.datasets.catalogue import LOADERS
from seqkit.datasets.network import seems_offline
from seqkit.datasets.package_index import DownloadError

_GOOGLE_STORAGE = "storage.googleapis.com"
# Sets of other people, "namespace:name"; these are looked up there before anything else.
_NAMESPACES_IN_STORAGE = ("kubric", "robotics")


def load_tfds(name: str, **options: Any) -> Any:
    """Loads a data set of TensorFlow Datasets, or one of ours that `tfds_builders` adds to them.

    A set that is already on disk is read without a look at the network.

    Args:
        name: as for `tfds.load`: "name", "name/config" or "name/config:1.0.0".
        options: those of `tfds.load`, such as `split`, `data_dir` and `batch_size`. `as_supervised`
            is True by default, where the set says what is input and what is target.

    Returns:
        As `tfds.load`: a `tf.data.Dataset` of the split; without split, a dictionary of them.

    Raises:
        ValueError: for an unknown name; the message offers the nearest.
        DownloadError: if the set is not on disk and its host cannot be found.

    Example:
        >>> pairs = load_tfds("imdb_reviews", split="train")  # doctest: +SKIP
        >>> text, label = next(iter(pairs))  # doctest: +SKIP
    """
    import tensorflow_datasets as tfds

    import seqkit.datasets.tfds_builders  # noqa: F401  registers our own sets

    builder = _builder(name, options)
    options = {"as_supervised": builder.info.supervised_keys is not None} | options
    try:
        return tfds.load(name, **options | {"download": False})
    except AssertionError:  # not on disk
        if builder.is_prepared() or not options.get("download", True):
            raise
    _refuse_if_offline(name, _hosts(builder.url_infos or ()))
    return tfds.load(name, **options)


def _builder(name: str, options: dict[str, Any]) -> Any:
    import tensorflow_datasets as tfds

    if name.partition(":")[0] in _NAMESPACES_IN_STORAGE:
        _refuse_if_offline(name, [_GOOGLE_STORAGE])
    try:
        return tfds.builder(
            name, data_dir=options.get("data_dir"), **options.get("builder_kwargs") or {}
        )
    except tfds.core.DatasetNotFoundError as error:
        # The list of community sets would be asked for over the network.
        known = tfds.list_builders(with_community_datasets=False)
        hint = did_you_mean(name.partition("/")[0].partition(":")[0], known)
        raise ValueError(
            f"name: TensorFlow Datasets has no data set {name!r}.{hint} "
            "tensorflow_datasets.list_builders(with_community_datasets=False) has all names."
        ) from error


def _hosts(urls: Iterable[str]) -> list[str]:
    parts = map(urlsplit, urls)
    hosts = {_GOOGLE_STORAGE if url.scheme == "gs" else url.hostname for url in parts}
    return sorted(host for host in hosts if host)


def _refuse_if_offline(name: str, hosts: list[str]) -> None:
    if seems_offline(hosts):
        raise DownloadError(
            f"The data set {name!r} of TensorFlow Datasets has to be fetched, and its host "
            f"{' or '.join(hosts)} cannot be found: see to the network or proxy (HTTPS_PROXY), or "
            "name a folder that holds the prepared set by data_dir.\n"
            "seqkit.data.load gets these from the package index, and once they are in its cache "
            f"without a network: {', '.join(LOADERS)}."
        )
