"""Inference on a linear chain from its scores: loss, probabilities, best sequence.

Lafferty et al. 2001, "Conditional random fields", section 3, in the form of Lample et al. 2016,
arXiv:1603.01360, section 2.2. S are the scores that `seqkit.layers.LinearChainCRF` makes of a
model's outputs:

    s(y)     = sum_t S_t[y_{t-1}, y_t]        y_{-1} = 0
    log Z    = log sum_y exp s(y)
    log p(y) = s(y) - log Z                   equation 1
    y*       = argmax_y s(y)                  equation 2

All functions take `scores` (B, T, K, K), at least one step and one tag, and `mask`, valid steps
(B, T); padding may be anywhere. None stands for no padding, and for scores that hold their
padding already, as the layer's do. They are stock operations: differentiable, compiled and exported
as they are. Half precision is computed in float32.
"""

from __future__ import annotations

import keras
import tensorflow as tf

from seqkit.decoding import chain_recursions as chain
from seqkit.layers.linear_chain_crf import NEVER
from seqkit.types import Tensor


def log_partition(scores: Tensor, mask: Tensor | None = None) -> Tensor:
    """log Z of each chain.

    Args:
        scores: (B, T, K, K).
        mask: valid steps, boolean (B, T), or None.

    Returns:
        (B,); 0 for a sequence without a valid step. The gradient are the probabilities of each
        pair of tags at each step.

    Raises:
        ValueError: for arguments of other shapes.

    Example:
        >>> import numpy as np
        >>> z = log_partition(np.zeros((1, 3, 2, 2)))  # 2 * 2 * 2 sequences, all of score 0
        >>> round(float(np.exp(z[0])), 6)
        8.0
    """
    return tf.reduce_logsumexp(chain.forward(chain.by_step(scores, mask))[-1], axis=1)


def sequence_score(scores: Tensor, tags: Tensor, mask: Tensor | None = None) -> Tensor:
    """s(y), the score of one sequence of tags for each chain.

    Args:
        scores: (B, T, K, K).
        tags: (B, T), integers from 0 to K - 1; any value at padding.
        mask: valid steps, boolean (B, T), or None for all.

    Returns:
        (B,).

    Raises:
        ValueError: for arguments of other shapes.

    Example:
        >>> import numpy as np
        >>> scores = np.arange(8.0).reshape(1, 2, 2, 2)  # 0 to 3 at the first step, 4 to 7 after
        >>> float(sequence_score(scores, [[1, 0]])[0])  # from 0 to 1: 1; from 1 to 0: 6
        7.0
    """
    scores, tags = chain.checked(scores), tf.cast(tags, tf.int32)
    chain.check_steps(scores, tags, "tags")
    mask = tf.ones_like(tags, bool) if mask is None else tf.cast(mask, bool)
    chain.check_steps(scores, mask, "mask")
    tags = tf.where(mask, tags, 0)
    # y_{t-1} is the tag of the valid step before, over padding in between too.
    in_front = tf.gather(tags, tf.argsort(tf.cast(~mask, tf.int32), stable=True), batch_dims=1)
    with_first = tf.concat([tf.zeros_like(tags[:, :1]), in_front], 1)
    before = tf.cumsum(tf.cast(mask, tf.int32), axis=1, exclusive=True)
    previous = tf.gather(with_first, before, batch_dims=1)
    of_step = tf.gather_nd(scores, tf.stack([previous, tags], -1), batch_dims=2)  # (B, T)
    return tf.reduce_sum(tf.where(mask, of_step, tf.zeros_like(of_step)), axis=1)


@keras.saving.register_keras_serializable("seqkit")
def crf_loss(tags: Tensor, scores: Tensor, weights: Tensor | None = None) -> Tensor:
    """Negative log likelihood of each sequence, -log p(y): a loss for `Model.compile`.

    With weights of the steps it is weighted term by term, from the first step to the last:

        -sum_t w_t log p(y_t | y_0, ..., y_{t-1})

    A tag of weight zero is not known: where others are conditioned on it, it is summed over.

    Args:
        tags: the true tags (B, T), 0 to K - 1 (integers, or floats that are whole, as Keras hands
            them over); -1 at padding.
        scores: (B, T, K, K), the outputs of a `LinearChainCRF`.
        weights: of the steps, (B, T), at least 0; or None for all 1.

    Returns:
        (B,), at least 0; 0 for a sequence without tags.

    Raises:
        ValueError: for arguments of other shapes.

    Example:
        >>> import numpy as np
        >>> loss = crf_loss([[0, 1, -1]], np.zeros((1, 3, 2, 2)))  # p(y) = 1 / 4
        >>> round(float(np.exp(-loss[0])), 6)
        0.25
    """
    tags = tf.cast(tags, tf.int32)
    mask = tags >= 0
    if weights is not None:
        return _weighted_loss(tags, scores, mask, weights)
    # Whatever the model masks: both terms are of the steps that have a tag.
    return -(sequence_score(scores, tags, mask) - log_partition(scores, mask))


def _weighted_loss(tags: Tensor, scores: Tensor, mask: Tensor, weights: Tensor) -> Tensor:
    """The loss of `crf_loss` with weights.

    Z_t is the sum of exp s(y) over the sequences that agree with what is known up to step t, and
    Z_{-1} that over all:

        log p(y_t | known before) = log Z_t - log Z_{t-1}
                          log Z_t = log sum_j exp(alpha_t[j] + beta_t[j])

    alpha goes over sequences that agree with what is known, beta over all.
    """
    scores = chain.checked(scores)
    chain.check_steps(scores, tags, "tags")
    chain.check_steps(scores, weights, "weights")
    steps = chain.by_step(scores, mask)
    weights = tf.transpose(tf.cast(weights, steps.dtype))  # (T, B)
    known = tf.transpose(mask) & (weights > 0)
    agrees = tf.one_hot(tf.transpose(tags), tf.shape(steps)[-1], True, False) | ~known[..., None]
    ruled_out = tf.where(agrees, tf.zeros([], steps.dtype), tf.cast(NEVER, steps.dtype))
    alpha, beta = chain.forward(steps + ruled_out[:, :, None, :]), chain.backward(steps)
    log_z = tf.reduce_logsumexp(alpha + beta, axis=2)  # (T, B)
    of_all = tf.reduce_logsumexp(steps[:1, :, 0] + beta[:1], axis=2)
    log_p = log_z - tf.concat([of_all, log_z[:-1]], 0)
    return -tf.reduce_sum(tf.where(known, weights * log_p, tf.zeros_like(log_p)), axis=0)


def marginals(scores: Tensor, mask: Tensor | None = None) -> Tensor:
    """p(y_t = j), the probability of each tag at each step, given the whole input.

        p(y_t = j) = exp(alpha_t[j] + beta_t[j] - log Z)
             log Z = log sum_j exp(alpha_t[j] + beta_t[j])

    log Z is the same at every step but for rounding, which grows with the chain. Each step takes
    its own, so that its probabilities sum to 1 as nearly as the type allows.

    Args:
        scores: (B, T, K, K).
        mask: valid steps, boolean (B, T), or None for all.

    Returns:
        (B, T, K): each valid step sums to 1, padding is 0.

    Raises:
        ValueError: for arguments of other shapes.

    Example:
        >>> import numpy as np
        >>> marginals(np.zeros((1, 2, 2, 2)), [[True, False]]).numpy().tolist()
        [[[0.5, 0.5], [0.0, 0.0]]]
    """
    steps = chain.by_step(scores, mask)
    alpha, beta = chain.forward(steps), chain.backward(steps)  # each (T, B, K)
    p = tf.transpose(tf.nn.softmax(alpha + beta, axis=-1), [1, 0, 2])
    return p if mask is None else tf.where(tf.cast(mask, bool)[:, :, None], p, tf.zeros_like(p))


def viterbi(scores: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """y*, the best sequence of tags of each chain, and its score.

    Args:
        scores: (B, T, K, K).
        mask: valid steps, boolean (B, T), or None for all.

    Returns:
        Tags (B, T), int32, -1 at padding; scores (B,). Of equals the lower tag is taken.

    Raises:
        ValueError: for arguments of other shapes.

    Example:
        >>> import numpy as np
        >>> scores = np.zeros((1, 3, 2, 2))
        >>> scores[:, 1, 1, 0] = 5.0  # from tag 1 to tag 0 is good at the second step
        >>> tags, best = viterbi(scores, [[True, True, False]])
        >>> tags.numpy().tolist(), best.numpy().tolist()
        ([[1, 0, -1]], [5.0])
    """
    delta, origin = chain.best(chain.by_step(scores, mask))
    last = tf.argmax(delta[-1], 1, output_type=tf.int32)

    def back(tag: Tensor, origin_t: Tensor) -> Tensor:
        return tf.gather(origin_t, tag, batch_dims=1)

    previous = chain.scan_back(back, origin, last)  # y_{t-1} for each t
    tags = tf.transpose(tf.concat([previous[1:], last[None]], 0))
    if mask is not None:
        tags = tf.where(tf.cast(mask, bool), tags, -1)
    return tags, tf.reduce_max(delta[-1], 1)
