"""Scores of generated texts: translations, pronunciations, and other sequences.

BLEU and chrF are those of sacreBLEU, with its tokenisation and its signature, so that figures can
be compared with others'. Error rates count edits between tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from seqkit.checks import one_of, optional
from seqkit.extras import require
from seqkit.metrics.levenshtein import edit_distance
from seqkit.metrics.references import paired, tokens_of


class Score(NamedTuple):
    """A figure from 0 to 100, and how it was computed, to be printed beside it."""

    value: float
    signature: str


def bleu(
    references: Sequence[Any], hypotheses: Sequence[str], tokenize: str | None = None
) -> Score:
    """BLEU of a set of translations (Papineni et al. 2002), as sacreBLEU computes it.

    Args:
        references: the right translations, a text each; or lists of texts where several are right.
        hypotheses: the translations to be judged, without any tokenisation.
        tokenize: sacreBLEU's tokenisation of both, such as "zh" or "char". None: "13a", which suits
            languages with blanks between words.

    Raises:
        ValueError: for unequal lengths, nothing to be judged, a sample without reference, or a
            tokenisation that sacreBLEU lacks.
        TypeError: for anything that is not text.
        MissingExtraError: without sacrebleu.

    Example:
        >>> score = bleu(["The cat sat on the mat."], ["The cat sat on a mat."])
        >>> round(score.value, 1)
        48.9
        >>> score.signature
        'nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:...'
    """
    require("sacrebleu", "metrics.bleu")
    from sacrebleu.metrics.bleu import BLEU

    optional(one_of(*BLEU.TOKENIZERS))("tokenize", tokenize)
    return _score(BLEU(tokenize=tokenize), references, hypotheses)


def chrf(references: Sequence[Any], hypotheses: Sequence[str], word_order: int = 0) -> Score:
    """chrF of a set of translations (Popović 2015): F2 of n-grams of characters.

    Args:
        references, hypotheses: as for `bleu`.
        word_order: longest n-grams of words that count besides. 2 makes it chrF++. Default 0.

    Raises:
        ValueError, TypeError, MissingExtraError: as for `bleu`.

    Example:
        >>> round(chrf(["The cat sat on the mat."], ["The cat sat on a mat."]).value, 1)
        65.8
    """
    require("sacrebleu", "metrics.chrf")
    from sacrebleu.metrics.chrf import CHRF

    return _score(CHRF(word_order=word_order), references, hypotheses)


def exact_match(references: Sequence[Any], hypotheses: Sequence[Any]) -> float:
    """The share of hypotheses that equal a reference.

    Args:
        references: the right sequences, each text or a list of tokens; or lists of such where
            several are right.
        hypotheses: what was generated, in the form of one reference.

    Raises:
        ValueError: for unequal lengths, nothing to be judged, or a sample without reference.
        TypeError: for anything that is neither text nor a list of tokens.

    Example:
        >>> exact_match(["2020-02-05", "1999-12-31"], ["2020-02-05", "1999-12-30"])
        0.5
        >>> exact_match([[["AH"], ["EY"]]], [["EY"]])  # two pronunciations of one word
        1.0
    """
    samples = paired(references, hypotheses)
    return sum(hypothesis in listed for listed, hypothesis in samples) / len(samples)


def sequence_error_rate(references: Sequence[Any], hypotheses: Sequence[Any]) -> float:
    """The share of hypotheses that equal no reference: 1 - `exact_match`.

    Of pronunciations this is called the word error rate.

    Args:
        references, hypotheses: as for `exact_match`.

    Raises:
        ValueError, TypeError: as for `exact_match`.

    Example:
        >>> sequence_error_rate([[["AH"], ["EY"]], [["AE", "N"]]], [["EY"], ["AE"]])
        0.5
    """
    samples = paired(references, hypotheses)
    return sum(hypothesis not in listed for listed, hypothesis in samples) / len(samples)


def error_rate(references: Sequence[Any], hypotheses: Sequence[Any]) -> float:
    """Token error rate: edits that turn hypotheses into references, a token of the references.

    Edits are insertions, deletions and substitutions of one token; text is split at blanks. Of
    several references the one with the fewest edits counts, the first of those. Of phonemes this is
    the phoneme error rate, of words the word error rate of speech recognition. It may exceed 1.

    Args:
        references, hypotheses: as for `exact_match`.

    Raises:
        ValueError: as for `exact_match`, or if the references have no tokens.
        TypeError: as for `exact_match`.

    Example:
        >>> error_rate(["the cat sat", "a dog"], ["the cat", "a big dog"])
        0.4
        >>> error_rate([[["AH"], ["EY"]], [["AE", "N"]]], [["EY"], ["AE", "M"]])
        0.3333333333333333
    """
    edits = tokens = 0
    for listed, hypothesis in paired(references, hypotheses):
        distances = [edit_distance(tokens_of(one), tokens_of(hypothesis)) for one in listed]
        nearest = min(range(len(listed)), key=distances.__getitem__)
        edits += distances[nearest]
        tokens += len(tokens_of(listed[nearest]))
    if not tokens:
        raise ValueError("references must have at least one token between them, got none.")
    return edits / tokens


def _score(metric: Any, references: Sequence[Any], hypotheses: Sequence[str]) -> Score:
    samples = paired(references, hypotheses)
    for i, sample in enumerate(samples):
        for name, value in (("references", sample[0][0]), ("hypotheses", sample[1])):
            if not isinstance(value, str):
                raise TypeError(
                    f"{name}[{i}] must be text, got {value!r}. Join its tokens with blanks."
                )
    # sacreBLEU wants the first references of all samples, then the second ones, and so on.
    most = max(len(listed) for listed, _ in samples)
    streams = [
        [listed[k] if k < len(listed) else None for listed, _ in samples] for k in range(most)
    ]
    score = metric.corpus_score([hypothesis for _, hypothesis in samples], streams)
    return Score(float(score.score), str(metric.get_signature()))
