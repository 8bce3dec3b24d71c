"""The two sides of a translation: the texts that are read, and those that are written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from seqkit.estimators.inputs import Samples
from seqkit.estimators.inputs.arrays import as_numpy
from seqkit.estimators.inputs.texts import (
    as_sent,
    check_texts,
    check_vocabulary,
    example_texts,
)
from seqkit.estimators.inputs.token_lists import UNBATCH, joined
from seqkit.models.ensemble import members_of
from seqkit.saving.records import Part, record
from seqkit.serving.requests import without_faults
from seqkit.text import TextCodec
from seqkit.text.characters import NFC, as_read
from seqkit.text.end_token import ended
from seqkit.text.padding import padded
from seqkit.text.reserved_ids import UNKNOWN
from seqkit.text.vocabulary import check_size, count_marked, vocabulary_of
from seqkit.training.token_pairs import Pairs
from seqkit.types import Inputs, Targets, Tensor
from seqkit.warning import warn

TOKEN_LISTS = "whitespace"  # the mode of a codec for lists of tokens
SLACK = 10  # tokens added to a source's length, of which the length of outputs is a multiple


@record
@dataclass
class TextSide(Part):
    """Texts of one side: strings, or lists of tokens, one or the other.

    Args:
        name: what errors call the texts: "X" or "y".
        mode: how texts are split; `TOKEN_LISTS` for lists of tokens.
        lowercase: whether they lose their capitals; only what is read may.
        max_length: tokens at most; None for no limit.
        truncate: whether longer ones are cut, with a warning, or refused.
        max_tokens, min_frequency: which tokens become the vocabulary.
        normalization: the form of Unicode in which texts are read, or None; files that were written
            before there was a choice do not name it.
    """

    name: str
    mode: str
    lowercase: bool
    max_length: int | None
    truncate: bool
    max_tokens: int | None
    min_frequency: int
    vocabulary: list[str] = field(default_factory=list)
    normalization: str | None = NFC

    @cached_property
    def codec(self) -> TextCodec:
        """From texts to ids and back."""
        return TextCodec(self.vocabulary, self.mode, self.lowercase, self.normalization)

    @property
    def lists(self) -> bool:
        """Whether texts are lists of tokens."""
        return self.mode == TOKEN_LISTS

    def texts(self, values: Any) -> list[str]:
        """Texts, those of token lists with blanks between their tokens.

        Args:
            values: strings, or lists of tokens; a list, an array, a Series, a frame of one column.

        Raises:
            TypeError: for anything but texts of the kind that fit had first.
            ValueError: for no texts.
        """
        values, name = only_column(values), self.name
        if isinstance(values, str | bytes) or not hasattr(values, "__len__"):
            return check_texts(values, name)  # which says what is wrong
        if isinstance(values, dict | set | frozenset):
            raise TypeError(f"{name} must be a list of strings, got {type(values).__name__}.")
        wanted, other = (
            ("a list of tokens", "a string") if self.lists else ("a string", "a list of tokens")
        )
        kinds = str if self.lists else list | tuple | np.ndarray  # others are refused below
        for i, value in enumerate(values):
            if isinstance(value, kinds):
                hint = "" if self.lists else UNBATCH
                raise TypeError(f"{name}[{i}] must be {wanted}, as all in fit, got {other}.{hint}")
        return check_texts(joined(values, name) if self.lists else values, name)

    def learn(self, chunks: Iterable[list[str]]) -> None:
        """Learns the vocabulary.

        Raises:
            ValueError: where no token is left for it.
        """
        check_size(self.max_tokens)
        texts = (text for chunk in chunks for text in chunk)
        counts = count_marked(texts, self.mode, self.lowercase, self.normalization)
        self.vocabulary = vocabulary_of(counts, self.mode, self.max_tokens, self.min_frequency)
        self.__dict__.pop("codec", None)
        check_vocabulary(self.name, self.vocabulary, self.mode, self.max_tokens, self.min_frequency)

    def ids(self, texts: list[str], *, empty_allowed: bool = False) -> list[np.ndarray]:
        """The ids of each text, without the end.

        Raises:
            ValueError: for an empty text, or one that is too long.
        """
        ids = self.codec.encode(texts)
        if not empty_allowed:
            for i, row in enumerate(ids):
                if not len(row):
                    raise ValueError(
                        f"{self.name}[{i}] is empty, {texts[i]!r}; every text of a pair needs at "
                        "least one token. Leave the pair out."
                    )
        return self._cut(ids)

    def ended(self, texts: list[str]) -> list[np.ndarray]:
        """The ids of each text, and the end."""
        return ended(self.ids(texts), self.codec.end_id)

    def _cut(self, ids: list[np.ndarray]) -> list[np.ndarray]:
        limit = self.max_length
        long = [] if limit is None else [i for i, row in enumerate(ids) if len(row) > limit]
        if not long:
            return ids
        if not self.truncate:
            raise ValueError(
                f"{self.name}[{long[0]}] has {len(ids[long[0]])} tokens, and max_length={limit}; "
                f"{len(long)} of {len(ids)} are longer. Leave them out, raise max_length, or set "
                "truncate=True."
            )
        warn(
            f"{len(long)} of {len(ids)} texts of {self.name} have more than max_length={limit} "
            "tokens; their first ones are used."
        )
        return [row[:limit] for row in ids]


@record
@dataclass
class SourceInput(TextSide):
    """The texts that are read: the input of a translator."""

    def read(self, X: Inputs) -> Samples:
        """Checks that X holds texts, or lists of tokens, as the first X did."""
        return Samples(self.texts(X))

    def learn(self, chunks: Iterable[Any]) -> None:
        """Learns the vocabulary."""
        super().learn(chunk.values for chunk in chunks)

    def encode(self, samples: Samples) -> list[np.ndarray]:
        """The ids of each text, and the end."""
        return self.ended(samples.values)

    def initialize(self, model: keras.Model) -> None:
        """Leaves a new model as it is."""

    def request(self, X: Inputs) -> dict[str, np.ndarray]:
        """Texts, those of token lists with blanks between their tokens."""
        return {"inputs": as_sent(self.texts(X))}

    def example(self) -> list[Any]:
        """Texts of known tokens, in the form of the first X."""
        texts = example_texts(self.vocabulary, self.mode, self.max_length)
        return [text.split() for text in texts] if self.lists else texts

    def padded_ids(self, texts: Tensor) -> Tensor:
        """Ids (B, S) without the end of strings (B,), at least one step; in the graph."""
        ids = self.codec.ids(texts)
        if self.max_length is not None:
            if not self.truncate:
                fault = f"have more than max_length={self.max_length} tokens. Shorten them."
                faults = {fault: ids.row_lengths() > self.max_length}
                ids = ids.with_values(without_faults("inputs", ids.values, faults))
            ids = ids[:, : self.max_length]
        return padded(ids)


@record
@dataclass
class WrittenTarget(TextSide):
    """The texts that are written: the target of a translator.

    Args:
        longest: tokens of an output, at most.
        ratio: tokens of an output, at most, by those of its source and `SLACK` more.
        counts: how often each token occurs, and once more, (V,).
    """

    longest: int = 1
    ratio: float = 0.0
    counts: np.ndarray = field(default_factory=lambda: np.zeros(0))
    nouns = ("target", "targets")

    def read(self, y: Targets) -> list[str]:
        """y as texts, those of token lists with blanks between their tokens."""
        return self.texts(y)

    def references(self, y: Any) -> list[list[str]]:
        """The right texts of each sample, in the form in which they are read and written.

        Args:
            y: texts as fit takes them, or lists of several such, a sample.
        """
        y = only_column(y)
        if not isinstance(y, list | tuple) or not any(map(self._are_several, y)):
            read = [[text] for text in self.texts(y)]
        else:
            read = []
            for i, sample in enumerate(y):
                several = sample if self._are_several(sample) else [sample]
                read.append(replace(self, name=f"{self.name}[{i}]").texts(several))
        visible, form = self.mode != "char", self.normalization
        return [
            [as_read(text, visible=visible, normalization=form) for text in texts] for texts in read
        ]

    def _are_several(self, sample: Any) -> bool:
        """Whether a sample's target is a list of texts, not one text."""
        inner = list | tuple | np.ndarray
        of_lists = self.lists and isinstance(sample, inner) and len(sample) > 0
        return isinstance(sample[0] if of_lists else sample, inner) and (of_lists or not self.lists)

    def check_known(self, pairs: Iterable[Pairs]) -> None:
        """Warns where more of the targets is unknown than of those that were learned from."""
        tokens = unknown = 0
        for chunk in pairs:
            for target in chunk.targets:
                tokens += len(target)
                unknown += int((target == UNKNOWN).sum())
        learned = (self.counts[UNKNOWN] - 1) / (self.counts - 1).sum()
        if unknown / tokens > learned:
            warn(
                f"{unknown / tokens:.1%} of the tokens of {self.name} are unknown, as the first "
                f"training had {'none' if not learned else f'{learned:.1%}'} of them: they are "
                "trained as one unknown token, which is never written. Fit anew on all pairs to "
                "learn them."
            )

    def encode(self, values: list[str], sequences: list[np.ndarray]) -> list[np.ndarray]:
        """The ids of each text, and the end."""
        return self.ended(values)

    def learn_lengths(self, pairs: Iterable[Pairs]) -> None:
        """Learns how long outputs may be, and how frequent each token is."""
        counts = np.ones(len(self.codec))  # one each, so that none is impossible
        self.longest, self.ratio = 1, 0.0
        for chunk in pairs:
            for source, target in zip(chunk.sequences, chunk.targets, strict=True):
                self.longest = max(self.longest, len(target) - 1)
                self.ratio = max(self.ratio, (len(target) - 1) / (len(source) - 1 + SLACK))
                np.add.at(counts, target, 1)
        self.counts = counts

    def initialize(self, model: keras.Model) -> None:
        """Lets a new model begin with the frequencies of tokens, or it must learn them first."""
        frequencies = np.log(self.counts / self.counts.sum())
        for member in members_of(model):
            member.decoder.output_bias.assign(frequencies.astype(np.float32))

    def weigh(self, targets: object, weights: np.ndarray) -> np.ndarray:
        """The sample weights."""
        return weights

    def constant_loss(self, targets: object, weights: np.ndarray) -> None:
        """None: a translation that never changes is none."""

    def strata(self, targets: object) -> None:
        """None: texts have no classes."""

    def limits(self, lengths: Tensor) -> Tensor:
        """How many tokens outputs may have, (B,), by the lengths of their sources."""
        steps = tf.cast(lengths + SLACK, tf.float32) * self.ratio
        limit = tf.minimum(tf.cast(tf.math.ceil(steps - 1e-3), tf.int32), self.longest)
        return tf.maximum(limit, 1)


def only_column(values: Any) -> Any:
    """A list, where values are an array or a Series; of a table its only column.

    Raises:
        ValueError: for more than one column.
    """
    if getattr(values, "ndim", 1) == 2 and hasattr(values, "iloc"):
        if values.shape[1] != 1:
            raise ValueError(
                f"X and y must be one column of texts each, got {values.shape[1]} columns: "
                f"{list(values.columns)[:5]}. Choose one."
            )
        values = values.iloc[:, 0]
    values = as_numpy(values)
    if isinstance(values, np.ndarray) and values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    return values.tolist() if hasattr(values, "iloc") or isinstance(values, np.ndarray) else values


def holds_lists(values: Any) -> bool:
    """Whether the first of the values is a list of tokens."""
    values = only_column(values)
    first = next(iter(values), "") if hasattr(values, "__len__") else ""
    return isinstance(first, list | tuple | np.ndarray)
