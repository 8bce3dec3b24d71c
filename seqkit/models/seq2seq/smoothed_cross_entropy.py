"""Cross-entropy with label smoothing, without a matrix of smoothed labels.

Szegedy et al. 2016 (arXiv:1512.00567, section 7). With z the logits of V tokens, Z = log sum exp z,
and y the true one,

    loss = (1 - e) (Z - z_y) + e (Z - mean z)        d loss / dz = softmax(z) - (1 - e) [y] - e / V
"""

from __future__ import annotations

import tensorflow as tf

from seqkit.types import Tensor


def smoothed_cross_entropy(
    labels: Tensor, logits: Tensor, smoothing: float = 0.0
) -> tuple[Tensor, Tensor]:
    """The loss of each token, and its plain negative log-likelihood, which has no gradient.

    Args:
        labels: true tokens, integers (...).
        logits: (..., V). Half precision is raised to float32.
        smoothing: e, in [0, 1).

    Returns:
        Two tensors (...), in nats.

    Example:
        >>> loss, plain = smoothed_cross_entropy([0], [[2.0, 0.0]], smoothing=0.2)
        >>> round(float(loss[0]), 4), round(float(plain[0]), 4)
        (0.3269, 0.1269)
    """
    logits = tf.convert_to_tensor(logits)
    if logits.dtype.size < 4:
        logits = tf.cast(logits, tf.float32)
    plain = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    if not smoothing:
        return plain, tf.stop_gradient(plain)
    # Z - mean z = (Z - z_y) + (z_y - mean z)
    true = tf.gather(logits, labels, axis=-1, batch_dims=logits.shape.rank - 1)
    spread = true - tf.reduce_mean(logits, -1)
    return plain + smoothing * spread, tf.stop_gradient(plain)
