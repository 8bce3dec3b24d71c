"""The parameters of estimators that read texts."""

from __future__ import annotations

import os
from typing import Any

from seqkit import checks
from seqkit.estimators.parameters import estimator, parameter
from seqkit.text.characters import NFC, check_normalization
from seqkit.text.embeddings import check_vectors


def check_embeddings(name: str, value: object) -> None:
    """None, a name or path, or vectors by token."""
    if value is not None and not isinstance(value, str | os.PathLike):
        check_vectors(name, value)


@estimator
class TextParameters:
    """Parameters of the vocabulary, and of the vectors of its tokens."""

    max_tokens: int | None = parameter(
        checks.optional(checks.count),
        "int or None",
        "Size of the vocabulary: the most frequent tokens of the training texts; others are read "
        "as one unknown token. None for all.",
        default=20_000,
    )
    min_frequency: int = parameter(
        checks.count,
        "int",
        "Times that a token must occur in the training texts to be known.",
        default=1,
    )
    max_length: int | None = parameter(
        checks.optional(checks.count),
        "int or None",
        "Tokens read of each text: the first ones; the rest of a longer text is left out, in "
        "training, prediction and the export alike. None for all.",
        default=256,
    )
    lowercase: bool = parameter(
        checks.flag,
        "bool",
        "Whether upper and lower case are read as one.",
        default=True,
    )
    normalization: str | None = parameter(
        check_normalization,
        '{"NFC", None}',
        'The form of Unicode in which texts are read. "NFC": "é" is one character, whether it was '
        "written as one or as an e with an accent. None: texts are read as they come, and the two "
        "are different.",
        default=NFC,
    )
    embedding_dim: int = parameter(
        checks.count,
        "int",
        "Size of each token's vector, where embeddings are not given.",
        default=64,
    )
    embeddings: Any = parameter(
        check_embeddings,
        '"cooccurrence", dict, KeyedVectors of gensim, path, or None',
        'What the vectors of tokens begin with. "cooccurrence": what stands near what in the '
        "training texts (Levy et al. 2015), where they have more known tokens than embedding_dim. "
        "Own vectors by token, as a dict, KeyedVectors, or a file of word2vec, GloVe or fastText "
        "in text form. None, and for tokens without one: random vectors.",
        default=None,
    )
    freeze_embeddings: bool = parameter(
        checks.flag,
        "bool",
        "Whether the vectors stay as they begin.",
        default=False,
    )
    embedding_dropout: float = parameter(
        checks.fraction,
        "float",
        "Fraction of the vectors' entries dropped in training, each for all steps of a sequence.",
        default=0.2,
    )
    token_dropout: float = parameter(
        checks.fraction,
        "float",
        "Fraction of the tokens that training takes for unknown.",
        default=0.1,
    )
