"""Beam search.

A beam holds at most K hypotheses a row that go on. A step extends them by all outputs and takes
the K most probable extensions. Those that end are frozen and compete by their scores for the n
places of the result; the others are the next beam, which is full again after the next step. So a
beam of one is greedy search, and a beam as wide as the space is an enumeration of it.

A row is done when no hypothesis in its beam can exceed the last of its n finished ones, which
changes no result; the search ends with its last row.
"""

from __future__ import annotations

from collections.abc import Iterable

import tensorflow as tf

from seqkit.checks import checked, count, natural
from seqkit.decoding import output_steps
from seqkit.decoding.beam_state import (
    NONE,
    Beam,
    Finished,
    before_first,
    best_of,
    extensions,
    with_attention,
)
from seqkit.decoding.constraints import Constraints
from seqkit.decoding.hypotheses import Hypotheses, State, Step, StepOutputs
from seqkit.decoding.ranking import Ranking
from seqkit.types import Tensor


def beam_search(
    step: Step,
    state: State,
    *,
    start_id: int,
    end_id: int,
    max_length: int | Tensor,
    beam_width: int,
    n_best: int = 1,
    length_penalty: float = 0.0,
    coverage_penalty: float = 0.0,
    source_mask: Tensor | None = None,
    min_length: int = 0,
    banned_ids: Iterable[int] = (),
    no_repeat_ngram: int = 0,
    pad_id: int = 0,
) -> Hypotheses:
    """Searches for the outputs of the highest scores.

    Args:
        step: the model's step, `step(tokens, state) -> logits, new_state, attention`; see
            `seqkit.decoding.Step`. It is called with one hypothesis a row at first, then with
            `beam_width`.
        state: the state before the first step: a nest of tensors (B, 1, ...).
        start_id: what the first step is given as the previous output.
        end_id: the output that ends a hypothesis.
        max_length: the largest number of tokens; an integer, or int32 (B,). A hypothesis of that
            length is returned as it is: it has no end token, and none in its log-probability.
        beam_width: how many hypotheses a row go on at most. It may exceed the vocabulary.
        n_best: how many hypotheses a row are returned.
        length_penalty: alpha of `seqkit.decoding.ranking`; 0 ranks by log-probability, which
            favours short outputs. Its |Y| counts the end token.
        coverage_penalty: beta of `seqkit.decoding.ranking`; for steps with attention. The step of
            the end token counts.
        source_mask: the source positions to be covered, boolean (B, S), or None for all.
        min_length: the end token is not chosen before so many tokens.
        banned_ids: tokens that are never chosen. The start and padding tokens are not banned of
            themselves.
        no_repeat_ngram: no sequence of so many tokens occurs twice in an output; 0 for no limit.
            Where the constraints leave a hypothesis no candidate, it ends.
        pad_id: what stands after the last token.

    Returns:
        `Hypotheses` with N = n_best. Where fewer exist, the last have length 0 and score and
        log-probability -inf.

    Raises:
        ValueError: for values out of range, or a coverage penalty without attention.

    Example:
        >>> def step(tokens, state):  # 1 is likelier than 2, but not what follows it
        ...     p = [[0.0, 0.6, 0.4, 0.0], [0.4, 0.0, 0.0, 0.6], [0.0, 0.0, 0.0, 1.0], [1, 0, 0, 0]]
        ...     return tf.math.log(tf.gather(p, tokens)), state, None
        >>> decoded = beam_search(
        ...     step, tf.zeros([1, 1]), start_id=0, end_id=3, max_length=4, beam_width=2, n_best=2
        ... )
        >>> decoded.tokens[0].numpy().tolist()
        [[2, 0, 0, 0], [1, 0, 0, 0]]
        >>> tf.exp(decoded.scores)[0].numpy().round(3).tolist()
        [0.4..., 0.36...]
    """
    width = int(checked(count, "beam_width", beam_width))
    if checked(count, "n_best", n_best) > width:
        raise ValueError(
            f"n_best must be at most beam_width ({width}), got {n_best}. Widen the beam."
        )
    start_id = int(checked(natural, "start_id", start_id))
    constraints = Constraints(end_id, min_length, banned_ids, no_repeat_ngram)
    ranking = Ranking(length_penalty, coverage_penalty, source_mask)
    state, batch = output_steps.first_state(state)
    limits, longest = output_steps.row_limits(max_length, batch)

    def extended(beam: Beam, outputs: StepOutputs) -> Beam:
        logits, new_state, attention = outputs
        candidates = constraints.candidates(logits, beam.tokens, beam.time)
        log_p, parents, chosen = extensions(beam.log_p, candidates, logits, width)
        chosen = tf.where(log_p > NONE, chosen, end_id)
        goes_on = chosen != end_id  # (B, K)
        running = goes_on & (beam.time + 1 < limits)[:, None]

        coverage, weights = beam.coverage, beam.weights
        if attention is not None:
            attention = tf.repeat(attention, width // beam.last.shape[1], axis=1)  # (B, K, S)
            weights = weights.write(beam.time, attention)
        if ranking.beta:
            coverage = tf.add(beam.coverage, outputs[2])
        new_state, tokens, path, coverage = tf.nest.map_structure(
            lambda of_parents: tf.gather(of_parents, parents, batch_dims=1),
            (new_state, beam.tokens, beam.path, coverage),
        )
        column = tf.where(goes_on, chosen, pad_id)
        tokens = output_steps.write_column(tokens, beam.time, column)
        if attention is not None:
            path = output_steps.write_column(path, beam.time, parents)

        ended = ~running & (log_p > NONE)
        scores = ranking.score(log_p, beam.time + 1, coverage if ranking.beta else None)
        scores = tf.where(ended, scores, NONE)
        lengths = beam.time + tf.cast(goes_on, tf.int32)
        return Beam(
            beam.time + 1,
            tf.where(running, chosen, end_id),
            new_state,
            tf.where(running, log_p, NONE),
            tokens,
            path,
            coverage,
            weights,
            best_of(beam.finished, Finished(scores, log_p, lengths, tokens, path)),
        )

    def may_improve(beam: Beam) -> Tensor:
        bound = ranking.bound(tf.reduce_max(beam.log_p, 1), limits)
        return tf.reduce_any(bound > beam.finished.scores[:, -1])

    def taken(beam: Beam) -> tuple[Beam]:
        return (extended(beam, output_steps.take(step, beam.last, beam.state)),)

    # The first step is taken before the loop, of one hypothesis: it shows whether the step has
    # attention.
    last = tf.fill([batch, 1], start_id)
    outputs = output_steps.take(step, last, state)
    attention = outputs[2]
    if attention is None and ranking.beta:
        raise ValueError(
            "coverage_penalty must be 0 for a step that returns no attention, got "
            f"{coverage_penalty!r}."
        )
    nothing = before_first(last, state, n_best=n_best, longest=longest, pad_id=pad_id)
    if attention is not None:
        record = output_steps.record_of(attention, width, longest)
        nothing = with_attention(nothing, record, attention if ranking.beta else None)
    beam = extended(nothing, outputs)
    (beam,) = tf.while_loop(may_improve, taken, (beam,))

    scores, log_p, lengths, tokens, path = beam.finished
    exists = scores > NONE
    lengths = tf.where(exists, lengths, 0)
    if attention is not None:
        attention = output_steps.resolved_weights(beam.weights, beam.time, path, lengths)
    return Hypotheses(
        tf.where(exists[:, :, None], tokens, pad_id),
        lengths,
        scores,
        tf.where(exists, log_p, NONE),
        attention,
    )
