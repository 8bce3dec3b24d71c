"""The parameters of the translator."""

from __future__ import annotations

import os

import keras

from seqkit import checks
from seqkit.estimators.common_parameters import CommonParameters
from seqkit.estimators.parameters import changed, estimator, parameter
from seqkit.estimators.text_parameters import TextParameters
from seqkit.layers.attentions import ATTENTIONS, LUONG_SCORES
from seqkit.text.characters import NFC

TOKENS = ("subword", "word", "char")


@estimator
class TranslationParameters(CommonParameters):
    """Parameters of the texts, the decoder and the search, and other defaults of common ones."""

    cell: str | type[keras.layers.Layer] = changed(CommonParameters, "cell", default="gru")
    units: int = changed(
        CommonParameters,
        "units",
        default=256,
        text="Units of each layer of the decoder.",
    )
    encoder_units: int | None = parameter(
        checks.optional(checks.count),
        "int or None",
        "Units of each layer and direction of the encoder; None for as many.",
        default=None,
    )
    max_steps: int | None = changed(
        CommonParameters,
        "max_steps",
        default=None,
        text="Training steps, batches, at most. None: where epochs is None as well, 20 passes, "
        "times what preset says.",
    )
    batch_size: int = changed(
        CommonParameters,
        "batch_size",
        default=64,
        text="Pairs a step.",
    )
    learning_rate: float | keras.optimizers.schedules.LearningRateSchedule = changed(
        CommonParameters, "learning_rate", default=0.002
    )
    bidirectional: bool = changed(
        CommonParameters,
        "bidirectional",
        default=True,
        text="Whether each layer of the encoder also reads sequences from their end.",
    )
    tokens: str = parameter(
        checks.one_of(*TOKENS),
        '{"subword", "word", "char"}',
        "What strings are read and written by: pieces of words learned by byte-pair encoding; "
        "words and punctuation marks, of scripts without blanks letters; or characters. Lists of "
        "tokens are taken as they are.",
        default="subword",
    )
    target_tokens: str | None = parameter(
        checks.optional(checks.one_of(*TOKENS)),
        '{"subword", "word", "char"} or None',
        "What targets are written by, where it is not `tokens`.",
        default=None,
    )
    max_tokens: int | None = parameter(
        checks.optional(checks.count),
        "int or None",
        "Size of each side's vocabulary; None for all tokens, though not with subwords.",
        default=4000,
    )
    min_frequency: int = parameter(
        checks.count,
        "int",
        "Times that a token, of subwords a character, must occur in training to be known.",
        default=1,
    )
    max_length: int | None = parameter(
        checks.optional(checks.count),
        "int or None",
        "Tokens of a source or target, at most. None for no limit.",
        default=128,
    )
    truncate: bool = parameter(
        checks.flag,
        "bool",
        "Whether longer ones are cut, with a warning that counts them; or refused, in the export "
        "too.",
        default=True,
    )
    lowercase: bool = parameter(
        checks.flag,
        "bool",
        "Whether sources are read in lower case.",
        default=False,
    )
    normalization: str | None = changed(
        TextParameters,
        "normalization",
        default=NFC,
        text='The form of Unicode in which sources and targets are read. "NFC": "é" is one '
        "character, whether it was written as one or as an e with an accent. None: they are read "
        "and written as they come, and the two are different.",
    )
    embedding_dim: int = parameter(
        checks.count,
        "int",
        "Size of each token's vector.",
        default=256,
    )
    embedding_dropout: float = parameter(
        checks.fraction,
        "float",
        "Fraction of the vectors' entries dropped in training.",
        default=0.2,
    )
    attention: str | None = parameter(
        checks.one_of(None, *ATTENTIONS),
        '{"bahdanau", "luong"} or None',
        "How the decoder reads the encoder's outputs; None hands it the final state alone.",
        default="luong",
    )
    attention_score: str = parameter(
        checks.one_of(*LUONG_SCORES),
        '{"dot", "general", "concat"}',
        "How Luong's attention compares the decoder's state with the encoder's outputs; used only "
        "if attention='luong'.",
        default="general",
    )
    input_feeding: bool = parameter(
        checks.flag,
        "bool",
        "Whether Luong's decoder also reads what it attended to at the step before. Slower: it "
        "trains step by step.",
        default=False,
    )
    feed_context: bool = parameter(
        checks.flag,
        "bool",
        "Whether the encoder's final state is part of the decoder's input at every step.",
        default=False,
    )
    tie_embeddings: bool = parameter(
        checks.flag,
        "bool",
        "Whether the target's vectors are the output's weights too.",
        default=True,
    )
    label_smoothing: float = parameter(
        checks.fraction,
        "float",
        "Share of each target's probability that is spread over all tokens in training.",
        default=0.1,
    )
    scheduled_sampling: float = parameter(
        checks.fraction,
        "float",
        "Share of the decoder's inputs that training draws from its own predictions.",
        default=0.0,
    )
    beam_width: int = parameter(
        checks.count,
        "int",
        "Hypotheses that the search keeps; 1 is greedy search.",
        default=5,
    )
    n_best: int = parameter(
        checks.count,
        "int",
        "Translations that the export's signature `beam` gives; 1 for as many as its beam is wide.",
        default=1,
    )
    length_penalty: float = parameter(
        checks.nonnegative,
        "float",
        "Exponent by which a beam search favours long outputs (Wu et al. 2016).",
        default=1.0,
    )
    coverage_penalty: float = parameter(
        checks.nonnegative,
        "float",
        "Weight by which a beam search favours outputs that attend to all of the source (ibid.).",
        default=0.0,
    )
    no_repeat_ngram: int = parameter(
        checks.natural,
        "int",
        "Length of n-grams that may not occur twice in an output; 0 for none.",
        default=0,
    )
    checkpoint_dir: str | os.PathLike[str] | None = parameter(
        checks.optional(checks.path),
        "path or None",
        "Folder for the state of training after each epoch. A fit that was interrupted goes on "
        "from there, to the same result; one that ends removes it.",
        default=None,
    )
