"""The sequence tagger: a label for every step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras

from seqkit.layers.linear_chain_crf import LinearChainCRF
from seqkit.models.classifier import output_layer
from seqkit.models.encoder import encode_steps
from seqkit.models.seeding import Seeds
from seqkit.models.sources import NumericSource, Source, as_source
from seqkit.tag_schemes import Pair, invalid_transitions, scheme_of
from seqkit.types import DrawSeed


def sequence_tagger(
    source: int | Source,
    labels: int | Sequence[str],
    *,
    crf: bool = False,
    draw_seed: DrawSeed | None = None,
    **encoder: Any,
) -> keras.Model:
    """A Keras model from sequences to the scores of labels at each step.

    Args:
        source: what sequences are: `NumericSource` (or just its number of features) or
            `TokenSource`. Of one with a stem the recurrent layers read segments, and each step has
            what its segment says of it, beside its own inputs.
        labels: number of labels, K; or their names: where these are of a scheme of spans (BIO,
            BIOES, BILOU), a CRF rules out what no spans are written as.
        crf: whether a linear-chain CRF scores labels together with their predecessors.
        draw_seed: gives the seed of each random part; None leaves them to Keras's global seed.
        encoder: options of `seqkit.models.encode_steps`.

    Returns:
        A model from what the source reads to probabilities (B, T, K); or, with a CRF, to chain
        scores (B, T, K, K), which `seqkit.decoding.viterbi` and `marginals` read.

    Example:
        >>> import numpy as np
        >>> model = sequence_tagger(3, 2, cell="gru", units=4)
        >>> model(np.zeros((5, 7, 3), "float32")).shape
        TensorShape([5, 7, 2])
    """
    source = as_source(source)
    stem = source.stem if isinstance(source, NumericSource) else None
    if stem is None:
        inputs, x, mask = source.open(draw_seed)
        x = encode_steps(x, mask, draw_seed=draw_seed, **encoder)
    else:
        assert isinstance(source, NumericSource)
        inputs, x, mask = source.open_steps()
        steps = stem.filtered(x, mask, draw_seed)
        segments, valid = stem.cut(steps, mask, draw_seed)
        encoded = encode_steps(segments, valid, draw_seed=draw_seed, **encoder)
        x = stem.back_to_steps(encoded, steps, draw_seed)
    size = labels if isinstance(labels, int) else len(labels)
    if crf:
        emissions = output_layer(size, "linear", "emissions", draw_seed)(x)
        layer = LinearChainCRF(
            transitions_initializer=Seeds(draw_seed).normal(0.1),
            forbidden=() if isinstance(labels, int) else _invalid(labels),
            dtype="float32",
            name="crf",
        )
        outputs = layer(emissions, mask=mask)
    else:
        outputs = output_layer(size, "softmax", "probabilities", draw_seed)(x)
    return keras.Model(inputs, outputs, name="sequence_tagger")


def _invalid(labels: Sequence[str]) -> list[Pair]:
    """Transitions that the scheme of these labels rules out; none where they are of no scheme."""
    scheme = scheme_of(labels)
    return invalid_transitions(labels, scheme) if scheme else []
