"""A callback that watches the gradients of a training."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import tensorflow as tf

from seqkit import checks
from seqkit.types import Tensor
from seqkit.warning import warn

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_ENOUGH = 5  # samples before one is compared with those before


class GradientMonitor(keras.callbacks.Callback):
    """Records the norm of each weight's gradient during `fit`, warns, and stops at NaN.

    The norms are those before any clipping. Where a gradient is not finite the step is left out, so
    that weights and optimiser stay as the last good step left them, and training stops.

    Args:
        every: steps from one sample to the next. Default 10.
        vanished: a warning is given where the norm of a weight's gradient is below this share of
            the largest one's, sample after sample. Default 1e-6.
        exploded: and where the norm of all gradients is above so many times the median of those
            before. Default 100.

    Attributes:
        norms: a row a sample, indexed by the training step from 1; a column a weight.
        stopped_at: the step whose gradient was not finite, or None.

    Raises:
        ValueError, TypeError: for an argument out of its range.

    Example:
        >>> import numpy as np, seqkit
        >>> X, y = np.random.default_rng(0).normal(size=(32, 5, 1)), np.arange(32) % 2
        >>> monitor = seqkit.inspection.GradientMonitor(every=1)
        >>> model = seqkit.SequenceClassifier("gru", units=4, epochs=2, callbacks=[monitor])
        >>> _ = model.fit(X, y)
        >>> monitor.norms.shape  # steps, weights
        (4, 8)
    """

    def __init__(self, every: int = 10, *, vanished: float = 1e-6, exploded: float = 100.0) -> None:
        super().__init__()
        checks.count("every", every)
        checks.fraction("vanished", vanished)
        checks.positive("exploded", exploded)
        self.every, self.vanished, self.exploded = every, vanished, exploded
        self._forget()

    def _forget(self) -> None:
        self.stopped_at: int | None = None
        self._steps: list[int] = []
        self._samples: list[np.ndarray] = []
        self._names: list[str] = []
        self._warned: set[str] = set()
        self._step = 0
        self._latest: tf.Variable | None = None  # norms of the last step
        self._bad: tf.Variable | None = None  # the first step that was not finite; 0: none was

    @property
    def norms(self) -> pd.DataFrame:
        import pandas as pd

        index = pd.Index(self._steps, name="step")
        values = np.array(self._samples).reshape(len(index), len(self._names))
        return pd.DataFrame(values, index, self._names)

    @property
    def suggested_clipnorm(self) -> float:
        """The mean norm of all gradients; half to ten times of it are usual limits (Pascanu et al.
        2013, section 3.2). NaN before there are samples."""
        totals = [_total(sample) for sample in self._samples]
        return float(np.mean(totals)) if totals else math.nan

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draws the norms by step, a line a weight, on a logarithmic scale."""
        from seqkit.inspection.drawing.panels import axes_for

        (axes,) = axes_for(["gradient norms"], ax)
        for name, values in self.norms.items():
            axes.plot(values.index, values, label=str(name))
        axes.set(yscale="log", xlabel="training step", ylabel="norm of the gradient")
        axes.legend(fontsize="small")
        return axes

    # Keras calls what follows.

    def set_model(self, model: keras.Model) -> None:
        super().set_model(model)
        if model is None:
            return
        self._forget()
        weights = model.trainable_variables
        self._names = [weight.path for weight in weights]
        self._latest = tf.Variable(tf.zeros(len(weights)), trainable=False)
        self._bad = tf.Variable(0, trainable=False)
        self._begun = tf.Variable(0, trainable=False)
        optimizer = model.optimizer
        self._optimizer, self._apply = optimizer, optimizer.apply
        # Where Python looks first; Keras's train step is traced anew with it.
        optimizer.__dict__["apply"] = self._applied
        model.train_function = None

    def _applied(self, grads: Sequence[Tensor | None], variables: Any = None) -> None:
        """The optimiser's step, with the norms written down; left out where one is not finite."""
        scale = self._optimizer.loss_scale_factor
        norms = tf.stack([_norm(gradient) for gradient in grads]) / (scale or 1.0)
        latest, first_bad = self._latest, self._bad
        assert latest is not None
        assert first_bad is not None
        begun = self._begun.assign_add(1)
        finite = tf.reduce_all(tf.math.is_finite(norms))
        bad = first_bad.assign(tf.where(finite | (first_bad > 0), first_bad, begun))

        def step() -> Tensor:
            latest.assign(norms)
            self._apply(grads, variables)
            return tf.constant(True)

        def rest() -> Tensor:
            latest.assign(norms)
            return tf.constant(False)

        tf.cond(bad == 0, step, rest)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self._step += 1
        if self._step == 1 or self._step % self.every == 0:
            self._sample()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self._check_finite()

    def on_train_end(self, logs: Any = None) -> None:
        self._optimizer.__dict__.pop("apply", None)
        self.model.train_function = None
        del self._optimizer, self._apply, self._begun
        self._latest = self._bad = None

    def _check_finite(self) -> None:
        """Stops where a step's gradient was not finite; steps since then have changed nothing."""
        if self.stopped_at is not None or self._bad is None or not (step := int(self._bad.numpy())):
            return
        assert self._latest is not None
        self.stopped_at = step
        self.model.stop_training = True
        names = [n for n, v in zip(self._names, self._latest.numpy(), strict=True) if v != v]
        warn(
            f"The gradient was not finite at step {step}{f', of {names[0]!r}' if names else ''}. "
            "The weights are those of the step before; training stops. Try "
            f"clipnorm={self.suggested_clipnorm:.2g} or a smaller learning rate, and look at the "
            "data."
        )

    def _sample(self) -> None:
        self._check_finite()
        if self.stopped_at is not None or self._latest is None:
            return
        sample = self._latest.numpy()
        self._compare(sample)
        self._steps.append(self._step)
        self._samples.append(sample)

    def _compare(self, sample: np.ndarray) -> None:
        """Warns of a gradient that exploded, or of one that has vanished for a while."""
        if len(self._samples) < _ENOUGH:
            return
        usual = float(np.median([_total(earlier) for earlier in self._samples]))
        total = _total(sample)
        if total > self.exploded * usual > 0:
            self._warn_once(
                "exploded",
                f"The gradient exploded: its norm is {total:.3g} at step {self._step}, "
                f"{total / usual:.3g} times the median of those before. Try "
                f"clipnorm={self.suggested_clipnorm:.2g}.",
            )
        recent = np.array([*self._samples[-_ENOUGH + 1 :], sample])
        shares = recent / np.maximum(recent.max(1, keepdims=True), 1e-30)
        for i in np.flatnonzero((shares < self.vanished).all(0)):
            self._warn_once(
                self._names[i],
                f"The gradient of {self._names[i]!r} has vanished: its norm is {sample[i]:.3g} at "
                f"step {self._step}, where the largest one's is {sample.max():.3g}. "
                "seqkit.inspection.gradient_flow says where it is lost.",
            )

    def _warn_once(self, key: str, message: str) -> None:
        if key not in self._warned:
            self._warned.add(key)
            warn(message)


def _norm(gradient: Tensor | None) -> Tensor:
    if gradient is None:
        return tf.constant(0.0)
    values = gradient.values if isinstance(gradient, tf.IndexedSlices) else gradient
    return tf.cast(tf.norm(values), tf.float32)


def _total(norms: np.ndarray) -> float:
    return float(np.sqrt(np.square(norms, dtype=float).sum()))
