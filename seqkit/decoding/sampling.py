"""Sampling: outputs drawn with the model's probabilities, or sharper ones."""

from __future__ import annotations

from collections.abc import Iterable

import tensorflow as tf

from seqkit.checks import checked, count, natural, positive, share
from seqkit.decoding import output_steps
from seqkit.decoding.constraints import Constraints
from seqkit.decoding.hypotheses import Hypotheses, State, Step
from seqkit.decoding.largest import largest
from seqkit.decoding.rollout import rollout
from seqkit.types import Tensor

LEAST_HEAT = 1e-30  # which float32 has; the most probable candidate is drawn with it
FEW = 128  # of sorted outputs, before all are sorted


def sample(
    step: Step,
    state: State,
    *,
    start_id: int,
    end_id: int,
    max_length: int | Tensor,
    seed: int | Tensor,
    n_samples: int = 1,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    min_length: int = 0,
    banned_ids: Iterable[int] = (),
    no_repeat_ngram: int = 0,
    pad_id: int = 0,
) -> Hypotheses:
    """Draws each output from softmax(logits / temperature) over the candidates that are left.

    The same seed gives the same result. A row's draws come from a stream of its own, seeded by
    `tf.random.fold_in(seed, index of the row)`: they do not depend on what other rows there are.
    Rows that come in another order, or in other batches, keep their draws if each brings its seed.

    Args:
        step: the model's step, `step(tokens, state) -> logits, new_state, attention`; see
            `seqkit.decoding.Step`.
        state: the state before the first step: a nest of tensors (B, 1, ...).
        start_id: what the first step is given as the previous output.
        end_id: the output that ends a hypothesis.
        max_length: the largest number of tokens; an integer, or int32 (B,). A hypothesis of that
            length is returned as it is: it has no end token, and none in its log-probability.
        seed: an integer, two integers (2,), or two for each row (B, 2).
        n_samples: how many outputs are drawn for each row, independently of each other.
        temperature: below 1 it favours probable outputs, above 1 improbable ones.
        top_k: draw from so many most probable candidates, or None for all.
        top_p: draw from the fewest most probable candidates whose probabilities sum up to so much
            (Holtzman et al. 2020, arXiv:1904.09751), or None for all. Of those of `top_k`, if both
            are given, which is also faster.
        min_length: the end token is not drawn before so many tokens.
        banned_ids: tokens that are never drawn. The start and padding tokens are not banned of
            themselves.
        no_repeat_ngram: no sequence of so many tokens occurs twice in an output; 0 for no limit.
            Where the constraints leave no candidate, the end token is drawn.
        pad_id: what stands after the last token.

    Returns:
        `Hypotheses` with N = n_samples, sorted by score; scores are the model's log-probabilities
        at temperature 1.

    Raises:
        ValueError: for values out of range.
        TypeError: for values of another type.

    Example:
        >>> def step(tokens, state):  # a coin, until it shows 2, the end
        ...     return tf.zeros([*tokens.shape, 3]) + [-9.0, 0.0, 0.0], state, None
        >>> decoded = sample(
        ...     step, tf.zeros([1, 1]), start_id=0, end_id=2, max_length=9, seed=1, n_samples=3
        ... )
        >>> decoded.tokens.shape
        TensorShape([1, 3, 9])
    """
    number = int(checked(count, "n_samples", n_samples))
    limit = None if top_k is None else int(checked(count, "top_k", top_k))
    heat = float(checked(positive, "temperature", temperature))
    mass = 1.0 if top_p is None else float(checked(share, "top_p", top_p))
    state, batch = output_steps.first_state(state)
    _, longest = output_steps.row_limits(max_length, batch)
    uniform = row_streams(seed, batch, [longest, number])  # (B, L, N)

    def choose(candidates: Tensor, time: Tensor) -> Tensor:
        # From the largest: with little heat the quotient of another would overflow.
        below = candidates - tf.reduce_max(candidates, 2, keepdims=True)
        return draw(below / max(heat, LEAST_HEAT), uniform[:, time], limit, mass)

    drawn = rollout(
        step,
        state,
        choose,
        Constraints(end_id, min_length, banned_ids, no_repeat_ngram),
        width=number,
        start_id=int(checked(natural, "start_id", start_id)),
        max_length=max_length,
        pad_id=pad_id,
    )
    order = tf.argsort(drawn.scores, axis=1, direction="DESCENDING", stable=True)
    return drawn.in_order(order)


def draw(logits: Tensor, uniform: Tensor, top_k: int | None, top_p: float) -> Tensor:
    """The candidate at which the cumulated probability first exceeds a uniform number.

    Args:
        logits: (B, N, V), -inf for what is no candidate.
        uniform: (B, N), float64 in [0, 1).
        top_k: draw from so many, or None for all.
        top_p: draw from the first candidates with this sum of probabilities; 1 for all.

    Returns:
        (B, N), int32.
    """
    outputs = None
    if top_k is not None:
        logits, outputs = largest(logits, top_k)
    p = tf.cast(tf.exp(logits - tf.reduce_max(logits, 2, keepdims=True)), tf.float64)
    if top_p < 1:
        mass = top_p * tf.reduce_sum(p, 2, keepdims=True)
        if outputs is None:
            p, outputs = _enough(p, mass)
        p = tf.where(tf.cumsum(p, axis=2, exclusive=True) < mass, p, 0.0)
    cumulated = tf.cumsum(p, axis=2)
    reached = cumulated <= uniform[:, :, None] * cumulated[:, :, -1:]
    chosen = tf.reduce_sum(tf.cast(reached, tf.int32), 2)
    if outputs is not None:
        chosen = tf.gather(outputs, chosen[:, :, None], batch_dims=2)[..., 0]
    return chosen


def _enough(p: Tensor, mass: Tensor) -> tuple[Tensor, Tensor]:
    """The largest of p in order, as many as sum up to `mass`, or more; and where they stand."""
    few, outputs = largest(p, FEW)

    def all_of_them() -> tuple[Tensor, Tensor]:
        return tuple(tf.math.top_k(p, tf.shape(p)[2]))

    # Most models are sure enough of their outputs that it takes a few; to sort all is slow.
    return tf.cond(
        tf.reduce_all(tf.reduce_sum(few, 2, keepdims=True) > mass),
        lambda: (few, outputs),
        all_of_them,
    )


def row_streams(seed: int | Tensor, batch: Tensor, shape: list[Tensor | int]) -> Tensor:
    """Uniform numbers in [0, 1) of a stream for each row: float64, (B, *shape)."""
    wanted = "seed must be an integer, two integers, or two for each row (batch, 2)"
    try:
        given = tf.cast(seed, tf.int64) if tf.is_tensor(seed) else tf.constant(seed, tf.int64)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{wanted}, got {seed!r}.") from error
    if given.shape.rank not in (0, 1, 2) or (given.shape.rank and given.shape[-1] != 2):
        raise ValueError(f"{wanted}, got shape {tuple(given.shape)}.")
    if given.shape.rank == 0:
        given = tf.stack([given, tf.zeros_like(given)])

    def stream(of_row: Tensor) -> Tensor:
        own_seed = of_row if given.shape.rank == 2 else tf.random.fold_in(given, of_row)
        return tf.random.stateless_uniform(shape, own_seed, dtype=tf.float64, alg="philox")

    rows = given if given.shape.rank == 2 else tf.range(batch)
    return tf.map_fn(stream, rows, fn_output_signature=tf.float64)
