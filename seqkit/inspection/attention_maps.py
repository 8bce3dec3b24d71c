"""Where attention looks: the weights of attention pooling, and pictures of attention."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from seqkit.inspection.model_batches import kept, model_and_batch
from seqkit.keras_internals import layers_within
from seqkit.models.attention_pooling import AttentionPooling

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def attention_weights(model: Any, X: Any) -> dict[str, np.ndarray]:
    """How much each step of some sequences counts in attention pooling.

    Args:
        model: a fitted estimator of seqkit whose `pooling` has "attention", or a `keras.Model` that
            holds `seqkit.models.AttentionPooling`.
        X: sequences, as the estimator or the model takes them.

    Returns:
        By layer the weights (B, T), which sum to one over the valid steps of a sequence; NaN at
        padding. Where a stem shortens sequences, T counts its segments.

    Raises:
        TypeError: for anything but an estimator or a model.
        ValueError: for a model without attention pooling; of a translator
            `predict(return_attention=True)` gives the attention.

    Example:
        >>> import numpy as np, seqkit
        >>> X, y = np.random.default_rng(0).normal(size=(8, 5, 1)), np.arange(8) % 2
        >>> model = seqkit.SequenceClassifier("gru", units=4, epochs=1, pooling="attention")
        >>> weights = seqkit.inspection.attention_weights(model.fit(X, y), X)
        >>> weights["pooling_attention"].shape, bool((weights["pooling_attention"] >= 0).all())
        ((8, 5), True)
    """
    keras_model, batch = model_and_batch(model, X)
    if not isinstance(keras_model, keras.layers.Layer):
        raise TypeError(
            "model must be a fitted estimator of seqkit, or a keras.Model, got "
            f"{type(model).__name__}."
        )
    poolings = [p for p in layers_within(keras_model) if isinstance(p, AttentionPooling)]
    if not poolings:
        raise ValueError(
            f"model must have attention pooling, pooling='attention' say, and {keras_model.name!r} "
            "has none. Of a translator predict(return_attention=True) gives the attention."
        )
    weights_by_layer: dict[str, np.ndarray] = {}

    def listening(layer: AttentionPooling) -> Any:
        original = layer.call

        def call(inputs: Any, mask: Any = None, **options: Any) -> Any:
            pooled, weights = original(inputs, mask=mask, return_attention_scores=True)
            values = np.array(weights, float)
            if mask is not None:
                values[~np.asarray(mask, bool)] = np.nan
            more = sum(name.split(" ")[0] == layer.name for name in weights_by_layer)
            weights_by_layer[layer.name if not more else f"{layer.name} {more + 1}"] = values
            return pooled

        return call

    for layer in poolings:
        # Where Python looks first; Keras takes no notice of it, as of an attribute that is set.
        layer.__dict__["call"] = listening(layer)
    try:
        with kept(keras_model):
            keras_model(batch.inputs, training=False)
    finally:
        for layer in poolings:
            del layer.__dict__["call"]
    return weights_by_layer


def plot_attention(
    weights: Any,
    steps: Sequence[Any] | None = None,
    outputs: Sequence[Any] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draws attention as a heat map: steps from left to right, outputs from top to bottom.

    Args:
        weights: (S,), of one sequence; or (T, S), a row an output. Or what
            `predict(return_attention=True)` of a translator gives for a text, with its tokens.
        steps: names of the steps, such as tokens or times; NaN at the end of weights is left out.
        outputs: names of the outputs.
        ax: to draw on. Default: axes of a new figure.

    Raises:
        ValueError: for weights of another rank, or more names than there are steps or outputs.

    Example:
        >>> axes = plot_attention(np.array([0.2, 0.8, np.nan]), ["bad", "film"])
        >>> [label.get_text() for label in axes.get_xticklabels()]
        ['bad', 'film']
    """
    from seqkit.inspection.drawing.panels import add_scale, axes_for

    if hasattr(weights, "weights"):
        steps = weights.source if steps is None else steps
        outputs = weights.target if outputs is None else outputs
        weights = weights.weights
    values = np.asarray(weights, float)
    if values.ndim not in (1, 2):
        raise ValueError(f"weights must be (S,) or (T, S), got {values.shape}.")
    values = np.atleast_2d(values)
    values = values[:, ~np.isnan(values).all(0)]
    for name, labels, count in (
        ("steps", steps, values.shape[1]),
        ("outputs", outputs, len(values)),
    ):
        if labels is not None and len(labels) > count:
            raise ValueError(
                f"{name} must be at most {count}, as the weights have, got {len(labels)}."
            )
    (axes,) = axes_for(["attention"], ax)
    picture = axes.imshow(values, aspect="auto", vmin=0, cmap="viridis", interpolation="nearest")
    if steps is not None:
        axes.set_xticks(range(len(steps)), [str(step) for step in steps], rotation=90)
    if outputs is None:
        outputs = [""] if len(values) == 1 else None
    if outputs is not None:
        axes.set_yticks(range(len(outputs)), [str(output) for output in outputs])
    add_scale(axes, picture)
    return axes
