"""The forecaster: an encoder reads the past, a decoder writes the future."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from seqkit.distributed.workers import mean_over_workers
from seqkit.layers.attention import Attention
from seqkit.layers.attentions import attention_class
from seqkit.layers.registry import recurrent_layer
from seqkit.models.configured import ConfiguredModel
from seqkit.models.encoder import encode_steps
from seqkit.models.forecasting.answers import Answers, Inputs
from seqkit.models.forecasting.distributions import GaussianHead, NegativeBinomialHead, StudentTHead
from seqkit.models.forecasting.heads import Head, PointHead, QuantileHead
from seqkit.models.forecasting.window import Window, read_window
from seqkit.models.sample_weights import over_steps
from seqkit.models.seeding import Seeds
from seqkit.models.teacher_forcing import scheduled_sampling as sampled_inputs
from seqkit.models.teacher_forcing import shifted_right
from seqkit.types import DrawSeed, Shape, Tensor, TensorLike

DECODINGS = ("direct", "autoregressive")
HEADS: dict[str, Any] = {
    "point": PointHead,
    "quantiles": QuantileHead,
    "gaussian": GaussianHead,
    "student_t": StudentTHead,
    "negative_binomial": NegativeBinomialHead,
}
ONE_HOT = 8  # categories of a covariate of which each is a number of its own
STEP_VECTOR = 8  # size of what is learned about each step of the horizon
PATHS = 200  # drawn for the quantiles of an autoregressive distribution


States = list[list[Tensor]]  # of each recurrent layer


class Memory(NamedTuple):
    """The encoder's outputs (B, L, U), which attention reads, and the steps from the first observed
    value on, (B, L); those before it are none of the series."""

    outputs: Tensor
    begun: Tensor


@keras.saving.register_keras_serializable("seqkit")
class Forecaster(Answers, ConfiguredModel):
    """A recurrent encoder-decoder over windows of a series.

    The encoder's inputs at a step are the scaled value, 0 where it is missing, whether it is
    observed, the covariates, and the static ones; attention reads its outputs from the first
    observed value on. The decoder's are the known covariates, the values one and two seasons
    before, what is learned about the step, the static covariates, and, autoregressive, the value
    before. The loss leaves out steps whose truth is missing.

    Args:
        horizon: steps to forecast, H.
        past: past-only covariates, P.
        known: covariates known for the future too, K.
        static: numeric static covariates, S.
        categories: number of values of each categorical static covariate.
        levels: number of categories of each "past" and "known" covariate, 0 for a number. They are
            numbered from 1; 0 and what is missing is none of them. Up to `ONE_HOT` are read as as
            many numbers, of more each has a vector that is learned.
        moments: means and standard deviations by which "past", "known" and "static" covariates are
            standardised; those of kinds that are not named are used as they are.
        head: the output head: a name of `HEADS`, or a head.
        scaling: of each window: "mean", "standard", "robust" or None.
        transform: "log", "difference" or None.
        minimum: the least that a value can be, which nothing forecast is below; None for none. With
            transform="log" it is at least 0.
        season: steps of a season, m, whose values the decoder reads; None for none.
        seasonal_residual: whether the network models what the seasonal naive forecast misses.
        decoding: "direct", all steps at once; or "autoregressive", each from the one before.
        attention: of the decoder's outputs over the encoder's: None, or a name of
            `seqkit.layers.attentions`: "bahdanau" (additive) or "luong".
        cell, units, layers, dropout, recurrent_dropout: as of `seqkit.models.encode_steps`.
        tbptt_steps: of the encoder, likewise.
        original_units: whether the loss is in the units of the series, not in those of the window's
            scale; weights 1 / s then make it the loss in units of s. Likelihoods are as they are.
        scheduled_sampling: autoregressive: share of the true values before that training replaces
            by forecasts, in one parallel pass (Mihaylova & Martins 2019).
        draw_seed: gives the seed of each random part; None leaves them to Keras's global seed.

    Call arguments:
        inputs: a dict of "history" (B, L, 1 + P + K), the value first, NaN where it is missing;
            and, where the model has such, "future" (B, H, K), "static" (B, S), "categories"
            (B, G); in training of an autoregressive one "truth" (B, H). In float64 small movements
            at a high level are kept; forecasts are of the dtype of the history.

    Returns:
        The head's outputs (B, H, size), which `forecast` turns into original units. The loss for
        `fit`, whose targets are (B, H) in original units, NaN where one is missing, is built in.

    Example:
        >>> import numpy as np
        >>> model = Forecaster(4, season=12, units=8)
        >>> history = np.arange(24, dtype="float32").reshape(1, 24, 1)
        >>> model.forecast({"history": history}).shape
        TensorShape([1, 4])
    """

    def __init__(
        self,
        horizon: int,
        *,
        past: int = 0,
        known: int = 0,
        static: int = 0,
        categories: Sequence[int] = (),
        moments: Mapping[str, tuple[Sequence[float], Sequence[float]]] | None = None,
        levels: Mapping[str, Sequence[int]] | None = None,
        head: str | Head | Mapping[str, Any] = "point",
        scaling: str | None = "standard",
        transform: str | None = None,
        minimum: float | None = None,
        season: int | None = None,
        seasonal_residual: bool = False,
        decoding: str = "direct",
        attention: str | None = None,
        cell: Any = "gru",
        units: int = 64,
        layers: int = 1,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        tbptt_steps: int | None = None,
        original_units: bool = False,
        scheduled_sampling: float = 0.0,
        draw_seed: DrawSeed | None = None,
        **kwargs: Any,
    ) -> None:
        # Keras would cast what a call is given to float32: a history in float64 is scaled first.
        super().__init__(**{"autocast": False, **kwargs})
        self._remember(locals())
        self.horizon, self.past, self.known, self.static = horizon, past, known, static
        self.categories = list(categories)
        self.head = _new_head(head)
        self._moments = {
            kind: (np.array(mean, np.float64), np.array(deviation, np.float64))
            for kind, (mean, deviation) in (moments or {}).items()
        }
        self.scaling, self.transform, self.season = scaling, transform, season
        self.minimum = max(minimum or 0.0, 0.0) if transform == "log" else minimum
        self.seasonal_residual, self.decoding = seasonal_residual, decoding
        self.scheduled_sampling, self.original_units = scheduled_sampling, original_units
        seeds = Seeds(draw_seed)

        def vectors(count: int, size: int, name: str) -> keras.layers.Embedding:
            normal = seeds.normal(0.1)
            return keras.layers.Embedding(count, size, embeddings_initializer=normal, name=name)

        def of_categories(count: int, name: str) -> keras.layers.Embedding:
            return vectors(count, min(16, (count + 1) // 2), name)

        self.embeddings = [
            of_categories(count, f"category_{k + 1}") for k, count in enumerate(categories)
        ]
        self._levels = {kind: list(counts) for kind, counts in (levels or {}).items()}
        many = [(k, n) for k, counts in self._levels.items() for n in counts if n > ONE_HOT]
        self.level_vectors = [
            of_categories(n + 1, f"{kind}_category_{k + 1}") for k, (kind, n) in enumerate(many)
        ]
        described = static + sum(e.output_dim for e in self.embeddings)
        known_width = self._width("known", known)
        width = 2 + self._width("past", past) + known_width + described
        x = keras.Input((None, width), dtype="float32")
        outputs, states = encode_steps(
            x,
            None,
            cell=cell,
            units=units,
            layers=layers,
            bidirectional=False,
            dropout=dropout,
            recurrent_dropout=recurrent_dropout,
            tbptt_steps=tbptt_steps,
            return_state=True,
            draw_seed=draw_seed,
        )
        self.encoder = keras.Model(x, [outputs, states], name="encoder")
        self.step_vectors = vectors(horizon, STEP_VECTOR, "steps")
        options = {"recurrent_dropout": recurrent_dropout} if recurrent_dropout else {}
        options |= {"return_sequences": True, "return_state": True}
        self.decoders = [
            seeds.seed_layer(recurrent_layer(cell, units, name=f"decoder_{k + 1}", **options))
            for k in range(layers)
        ]
        self.dropouts = [keras.layers.Dropout(dropout, seed=seeds()) for _ in range(layers)]
        attention_type = attention_class(attention)
        self.attention: Attention | None = None
        if attention_type is not None:
            self.attention = attention_type.for_decoder(units, kernel_initializer=seeds.glorot())
        # In float32 whatever is below, as all that surrounds the network.
        self.output_layer = keras.layers.Dense(
            self.head.size, kernel_initializer=seeds.glorot(), dtype="float32", name="head"
        )
        self._sampling_seed = keras.random.SeedGenerator(seeds())
        seasonal, previous = 4 if season else 0, decoding == "autoregressive"
        self._decoder_width = STEP_VECTOR + seasonal + known_width + described + previous

    def build(self, input_shape: Mapping[str, Shape] | None = None) -> None:
        """Makes the weights, whose sizes are known without the inputs'."""
        for embedding in (*self.embeddings, *self.level_vectors, self.step_vectors):
            embedding.build()
        units = self.encoder.output[0].shape[-1]
        size = self._decoder_width
        for layer in self.decoders:
            layer.build((None, None, size))
            size = units
        if self.attention is not None:
            self.attention.build((None, None, units), (None, None, units))
            size += units
        self.output_layer.build((None, None, size))

    # From a window to what the network reads.

    def window(self, inputs: Inputs) -> Window:
        """The scaled window of the inputs' histories."""
        values = tf.convert_to_tensor(inputs["history"])[..., 0]
        return read_window(values, self.horizon, self.season, self.scaling, self.transform)

    def _width(self, kind: str, count: int) -> int:
        """Counts the numbers that so many covariates are, once they are standardised."""
        levels = self._levels.get(kind, ())
        one_hot = sum(n - 1 for n in levels if 0 < n <= ONE_HOT)
        vectors = self._vectors(kind)
        return count + one_hot + sum(vector.output_dim - 1 for vector in vectors)

    def _vectors(self, kind: str) -> list[keras.layers.Embedding]:
        """Those of a kind's covariates of many categories, in order."""
        past = sum(n > ONE_HOT for n in self._levels.get("past", ()))
        return self.level_vectors[:past] if kind == "past" else self.level_vectors[past:]

    def _standard(self, kind: str, values: TensorLike) -> Tensor:
        """Covariates, standardised, zero where they are missing; categories as their vectors."""
        given = tf.convert_to_tensor(values)
        if kind in self._moments:
            mean, deviation = (tf.constant(m, given.dtype) for m in self._moments[kind])
            given = (given - mean) / deviation
        given = tf.cast(given, tf.float32)
        standard = tf.where(tf.math.is_finite(given), given, 0.0)
        levels = self._levels.get(kind, ())
        if not any(levels):
            return standard
        vectors = iter(self._vectors(kind))
        parts = []
        for k, count in enumerate(levels):
            number = tf.cast(standard[..., k], tf.int32)
            if not count:
                parts.append(standard[..., k, None])
            elif count > ONE_HOT:
                parts.append(tf.cast(next(vectors)(number), standard.dtype))
            else:
                parts.append(tf.one_hot(number - 1, count))
        return tf.concat(parts, -1)

    def _described(self, inputs: Inputs, steps: Tensor | int) -> list[Tensor]:
        """Static covariates and the vectors of categories, each (B, steps, .)."""
        parts = [self._standard("static", inputs["static"])] if self.static else []
        for k, embedding in enumerate(self.embeddings):
            parts.append(tf.cast(embedding(inputs["categories"][:, k]), tf.float32))
        return [tf.repeat(values[:, None], steps, 1) for values in parts]

    def _encoder_inputs(self, inputs: Inputs, window: Window) -> Tensor:
        parts = [window.z[..., None], tf.cast(window.observed, window.z.dtype)[..., None]]
        covariates = inputs["history"][..., 1:]
        if self.past:
            parts.append(self._standard("past", covariates[..., : self.past]))
        if self.known:
            parts.append(self._standard("known", covariates[..., self.past :]))
        return tf.concat([*parts, *self._described(inputs, tf.shape(window.z)[1])], -1)

    def _decoder_inputs(self, inputs: Inputs, window: Window) -> Tensor:
        steps = tf.cast(self.step_vectors(tf.range(self.horizon)), tf.float32)[None]
        parts = [tf.repeat(steps, tf.shape(window.z)[0], 0), window.seasonal]
        if self.known:
            parts.append(self._standard("known", inputs["future"]))
        return tf.concat([*parts, *self._described(inputs, self.horizon)], -1)

    # The network.

    def call(self, inputs: Inputs, training: bool = False) -> Tensor:
        window = self.window(inputs)
        x, memory, states = self._encoded(inputs, window, training)
        if self.decoding == "direct":
            return self._decode(x, memory, states, training)[0]
        if "truth" not in inputs:
            return self._unrolled(x, memory, states, window)[0]
        truth = window.scaling.apply(inputs["truth"])
        truth = tf.where(tf.math.is_finite(truth), truth, 0.0)
        previous = shifted_right(truth, window.last)
        outputs = self._decode(_with(x, previous), memory, states, training)[0]
        if not (training and self.scheduled_sampling):
            return outputs
        forecast = self._points(outputs, window)
        previous = sampled_inputs(previous, forecast, self.scheduled_sampling, self._sampling_seed)
        return self._decode(_with(x, previous), memory, states, training)[0]

    def _encoded(
        self, inputs: Inputs, window: Window, training: bool = False
    ) -> tuple[Tensor, Memory, States]:
        """The decoder's inputs (B, H, .), what its attention reads, and its first states."""
        if not self.built:
            self.build()
        outputs, states = self.encoder(self._encoder_inputs(inputs, window), training=training)
        begun = tf.cumsum(tf.cast(window.observed, tf.int32), axis=1) > 0
        return self._decoder_inputs(inputs, window), Memory(outputs, begun), states

    def _decode(
        self, x: Tensor, memory: Memory, states: States, training: bool = False
    ) -> tuple[Tensor, States]:
        """The head's outputs (B, T, size) of decoder inputs (B, T, .), and the final states."""
        final = []
        for layer, state, dropout in zip(self.decoders, states, self.dropouts, strict=True):
            x, *state = layer(x, initial_state=list(state), training=training)
            final.append(state)
            x = dropout(x, training=training)
        if self.attention is not None:
            context, _ = self.attention(x, memory.outputs, mask=memory.begun)
            x = tf.concat([context, x], -1)
        return self.output_layer(x), final

    def _unrolled(
        self,
        x: Tensor,
        memory: Memory,
        states: States,
        window: Window,
        seed: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Each step from the one before: the head's outputs (B, H, size), and the values z (B, H),
        its points or, with a seed, draws of it."""
        base, scale = self._base(window), _scale(window)
        shape = (tf.shape(x)[0], self.head.size)
        rows = x.shape[0]
        written = [
            tf.TensorArray(x.dtype, self.horizon, element_shape=element)
            for element in ([rows, self.head.size], [rows])
        ]

        def step(
            k: Tensor,
            previous: Tensor,
            states: States,
            outputs: tf.TensorArray,
            values: tf.TensorArray,
        ) -> tuple[Tensor, Tensor, States, tf.TensorArray, tf.TensorArray]:
            a, states = self._decode(_with(x[:, k, None], previous), memory, states)
            if seed is None:
                value = self.head.point(a, scale)
            else:
                value = self.head.draw(a, scale, seed + 2 * k)  # type: ignore[attr-defined]
            value += base[:, k, None]
            outputs = outputs.write(k, tf.reshape(a, shape))
            return k + 1, value, states, outputs, values.write(k, value[:, 0])

        loop = (tf.constant(0), window.last, [list(s) for s in states], *written)
        *_, outputs, values = tf.while_loop(lambda k, *_: k < self.horizon, step, loop)
        outputs = tf.transpose(outputs.stack(), [1, 0, 2])
        return (
            tf.ensure_shape(outputs, [None, self.horizon, self.head.size]),
            tf.ensure_shape(tf.transpose(values.stack()), [None, self.horizon]),
        )

    def _base(self, window: Window) -> Tensor:
        """The base of the network's outputs, (B, H): the seasonal naive forecast, or 0."""
        if self.seasonal_residual and self.season:
            return window.seasonal[..., 0]
        return tf.zeros([tf.shape(window.z)[0], self.horizon], window.z.dtype)

    def _points(self, outputs: Tensor, window: Window) -> Tensor:
        return self._base(window) + self.head.point(outputs, _scale(window))

    # Loss and forecasts, in the units of windows.

    def compute_loss(
        self,
        x: Inputs | None = None,
        y: Tensor | None = None,
        y_pred: Tensor | None = None,
        sample_weight: Tensor | None = None,
        training: bool = True,
    ) -> Tensor:
        """Mean of the head's loss over the observed steps, times each window's weight (B,), or
        each step's (B, H)."""
        # Keras gives all of them by name.
        assert x is not None
        assert y is not None
        assert y_pred is not None
        window = self.window(x)
        z = window.scaling.apply(y) - self._base(window)
        # A window without spread is forecast as its constant, whatever the network says.
        scale = _scale(window)
        observed = tf.math.is_finite(z) & (scale > 0)
        losses = self.head.losses(y_pred, tf.where(observed, z, 0.0), scale)
        weights = tf.cast(observed, losses.dtype)
        if sample_weight is not None:
            # A window of weight zero fills the batch up.
            real = over_steps(tf.cast(sample_weight, losses.dtype))
            total = tf.reduce_sum(weights * tf.cast(real > 0, losses.dtype))
            weights *= real
        else:
            total = tf.reduce_sum(weights)
        if training:
            total = mean_over_workers(total)
        if self.original_units and self.head.is_error:
            weights *= scale
            if self.transform == "log":  # d y = (1 + y) d log(1 + y)
                size = 1 + tf.maximum(tf.cast(y, weights.dtype), 0.0)
                weights *= tf.where(observed, size, 0.0)
        return tf.math.divide_no_nan(tf.reduce_sum(losses * weights), total)

    def scaled_forecast(self, inputs: Inputs, window: Window) -> Tensor:
        """The forecast z of each step, (B, H)."""
        return self._points(self(inputs), window)

    def scaled_quantiles(self, inputs: Inputs, levels: Sequence[float]) -> Tensor:
        """Quantiles z of each step, (B, H, n)."""
        if self.head.draws and self.decoding == "autoregressive":
            z = tf.sort(self.scaled_paths(inputs, PATHS, tf.constant([0, 0])), axis=1)
            ranks = [min(int(level * PATHS), PATHS - 1) for level in levels]
            return tf.transpose(tf.gather(z, ranks, axis=1), [0, 2, 1])
        window = self.window(inputs)
        z = self.head.quantiles(self(inputs), _scale(window), levels)
        return z + self._base(window)[..., None]

    def scaled_paths(self, inputs: Inputs, paths: int, seed: Tensor) -> Tensor:
        """z of paths that are drawn, (B, paths, H)."""
        window = self.window(inputs)
        encoded = self._encoded(inputs, window)
        x, memory, states, window = tf.nest.map_structure(
            lambda v: tf.repeat(v, paths, 0) if tf.is_tensor(v) else v, (*encoded, window)
        )
        if self.decoding == "direct":
            outputs, _ = self._decode(x, memory, states)
            z = self.head.draw(outputs, _scale(window), seed)  # type: ignore[attr-defined]
            z += self._base(window)
        else:
            z = self._unrolled(x, memory, states, window, seed)[1]
        return tf.reshape(z, [-1, paths, self.horizon])

    def get_config(self) -> dict[str, Any]:
        name = next(name for name, kind in HEADS.items() if isinstance(self.head, kind))
        head: Any = self.head
        return {**super().get_config(), "head": {"kind": name, **dataclasses.asdict(head)}}


def _new_head(head: str | Head | Mapping[str, Any]) -> Head:
    """The head of a name, or of its plain description; or as it is."""
    if isinstance(head, str):
        return HEADS[head]()
    if isinstance(head, Mapping):
        options = dict(head)
        return HEADS[options.pop("kind")](**options)
    return head


def _scale(window: Window) -> Tensor:
    """The scale of a window as heads take it, (B, 1)."""
    return tf.cast(window.scaling.scale, tf.float32)


def _with(x: Tensor, previous: Tensor) -> Tensor:
    """Decoder inputs with the values before."""
    return tf.concat([x, previous[..., None]], -1)
