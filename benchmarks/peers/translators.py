"""An untrained translator and pairs to read, for the benchmarks of translation."""

from __future__ import annotations

from typing import Any, NamedTuple


class Verses(NamedTuple):
    """French verses of up to 20 words, and English ones."""

    sources: list[str]
    targets: list[str]
    test_sources: list[str]


def verses() -> Verses:
    from seqkit import data

    found = data.bible_pairs()
    return Verses(
        found.sources_train.tolist(), found.targets_train.tolist(), found.sources_test.tolist()
    )


def made(sources: list[str], targets: list[str], **parameters: Any) -> tuple[Any, Any]:
    """An estimator whose vocabularies are those of the pairs, not trained; and its examples."""
    import seqkit
    from seqkit.estimators.base import Given

    estimator = seqkit.Seq2SeqTranslator(epochs=1, random_state=0, **parameters)
    examples = estimator._learn(Given(sources, targets))
    estimator._new_model(None)
    return estimator, examples
