"""Greedy search: the most probable output at each step."""

from __future__ import annotations

from collections.abc import Iterable

import tensorflow as tf

from seqkit.checks import checked, natural
from seqkit.decoding.constraints import Constraints
from seqkit.decoding.hypotheses import Hypotheses, State, Step
from seqkit.decoding.rollout import rollout
from seqkit.types import Tensor


def greedy_search(
    step: Step,
    state: State,
    *,
    start_id: int,
    end_id: int,
    max_length: int | Tensor,
    min_length: int = 0,
    banned_ids: Iterable[int] = (),
    no_repeat_ngram: int = 0,
    pad_id: int = 0,
) -> Hypotheses:
    """Takes the most probable output at each step, the lowest of equals.

    Args:
        step: the model's step, `step(tokens, state) -> logits, new_state, attention`; see
            `seqkit.decoding.Step`.
        state: the state before the first step: a nest of tensors (B, 1, ...).
        start_id: what the first step is given as the previous output.
        end_id: the output that ends a hypothesis.
        max_length: the largest number of tokens; an integer, or int32 (B,). A hypothesis of that
            length is returned as it is: it has no end token, and none in its log-probability.
        min_length: the end token is not chosen before so many tokens.
        banned_ids: tokens that are never chosen. The start and padding tokens are not banned of
            themselves.
        no_repeat_ngram: no sequence of so many tokens occurs twice in an output; 0 for no limit.
            Where the constraints leave no candidate, the end token is chosen.
        pad_id: what stands after the last token.

    Returns:
        `Hypotheses` with N = 1. Scores are log-probabilities.

    Raises:
        ValueError: for values out of range.

    Example:
        >>> def step(tokens, state):  # counts up to 3, the end
        ...     return 9 * tf.one_hot(tokens + 1, 4), state, None
        >>> decoded = greedy_search(step, tf.zeros([2, 1]), start_id=0, end_id=3, max_length=5)
        >>> decoded.tokens[:, 0].numpy().tolist()
        [[1, 2, 0, 0, 0], [1, 2, 0, 0, 0]]
        >>> decoded.lengths.numpy().tolist()
        [[2], [2]]
    """
    return rollout(
        step,
        state,
        lambda candidates, time: tf.argmax(candidates, 2, output_type=tf.int32),
        Constraints(end_id, min_length, banned_ids, no_repeat_ngram),
        width=1,
        start_id=int(checked(natural, "start_id", start_id)),
        max_length=max_length,
        pad_id=pad_id,
    )
