"""Our data sets for TensorFlow Datasets: importing this module adds them to `tfds.load`.

    import seqkit.datasets.tfds_builders
    pairs = tfds.load("seqkit_critics_snippets", split="train", as_supervised=True)

They are prepared once and then read from disk like any other set. TensorFlow Datasets knows a set
by the name of its class, so each has one: its features, what is input and what is target, and its
parts.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

import numpy as np
import tensorflow_datasets as tfds

from seqkit.datasets import bible, critics_snippets, japanese_vowels, topic_texts

Columns = dict[str, Iterable[Any]]


class PackagedBuilder(tfds.core.GeneratorBasedBuilder):
    """A data set that a loader of seqkit returns."""

    VERSION = tfds.core.Version("1.0.0")
    DESCRIPTION: ClassVar[str]
    SUPERVISED_KEYS: ClassVar[tuple[str, str] | None]
    KEEP_ORDER: ClassVar[bool] = False  # else examples are shuffled, once and for all

    @abstractmethod
    def features(self) -> Mapping[str, Any]:
        """Names and kinds of the columns."""

    @abstractmethod
    def parts(self) -> Mapping[str, Columns]:
        """The columns of each split; fetches the data if they are not in the cache."""

    def _info(self) -> tfds.core.DatasetInfo:
        return tfds.core.DatasetInfo(
            builder=self,
            description=self.DESCRIPTION,
            features=tfds.features.FeaturesDict(self.features()),
            supervised_keys=self.SUPERVISED_KEYS,
            disable_shuffling=self.KEEP_ORDER,
        )

    def _split_generators(self, dl_manager: Any) -> dict[str, Any]:
        del dl_manager  # pip fetches, with the user's mirrors and proxies
        return {split: self._generate_examples(part) for split, part in self.parts().items()}

    def _generate_examples(self, columns: Columns) -> Iterator[tuple[int, dict[str, Any]]]:
        for number, values in enumerate(zip(*columns.values(), strict=True)):
            yield number, dict(zip(columns, values, strict=True))


class SeqkitJapaneseVowels(PackagedBuilder):
    DESCRIPTION = japanese_vowels.__doc__
    SUPERVISED_KEYS = ("sequence", "speaker")

    def features(self) -> Mapping[str, Any]:
        return {
            "sequence": tfds.features.Tensor(shape=(None, 12), dtype=np.float32),
            "speaker": tfds.features.ClassLabel(names=list("123456789")),
        }

    def parts(self) -> Mapping[str, Columns]:
        vowels = japanese_vowels.load_japanese_vowels()
        return {
            "train": {"sequence": vowels.X_train, "speaker": vowels.y_train},
            "test": {"sequence": vowels.X_test, "speaker": vowels.y_test},
        }


class SeqkitCriticsSnippets(PackagedBuilder):
    DESCRIPTION = critics_snippets.__doc__
    SUPERVISED_KEYS = ("text", "label")

    def features(self) -> Mapping[str, Any]:
        return {
            "text": tfds.features.Text(),
            "label": tfds.features.ClassLabel(names=list(critics_snippets.LABELS)),
            "film": tfds.features.Text(),
        }

    def parts(self) -> Mapping[str, Columns]:
        data = critics_snippets.load_critics_snippets()
        return {
            "train": {"text": data.X_train, "label": data.y_train, "film": data.films_train},
            "test": {"text": data.X_test, "label": data.y_test, "film": data.films_test},
        }


class SeqkitReutersR8(PackagedBuilder):
    name = "seqkit_reuters_r8"
    DESCRIPTION = topic_texts.__doc__
    SUPERVISED_KEYS = ("text", "topic")

    def features(self) -> Mapping[str, Any]:
        return {
            "text": tfds.features.Text(),
            "topic": tfds.features.ClassLabel(names=list(topic_texts.R8_TOPICS)),
        }

    def parts(self) -> Mapping[str, Columns]:
        news = topic_texts.load_reuters(topics=8)
        return {
            "train": {"text": news.X_train, "topic": news.y_train},
            "test": {"text": news.X_test, "topic": news.y_test},
        }


class SeqkitBible(PackagedBuilder):
    """One config a translation; their verses are in the same order, so that they can be zipped."""

    DESCRIPTION = bible.__doc__
    SUPERVISED_KEYS = None
    KEEP_ORDER = True
    BUILDER_CONFIGS = [tfds.core.BuilderConfig(name=name) for name in bible.TRANSLATIONS]

    def features(self) -> Mapping[str, Any]:
        return {
            "book": tfds.features.Scalar(dtype=np.int32),
            "chapter": tfds.features.Scalar(dtype=np.int32),
            "verse": tfds.features.Scalar(dtype=np.int32),
            "text": tfds.features.Text(),
        }

    def parts(self) -> Mapping[str, Columns]:
        verses = bible.load_bible(self.builder_config.name)
        return {"train": dict(zip(self.features(), verses, strict=True))}
