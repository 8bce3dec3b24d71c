"""scikit-learn's face of the models: estimators with fit and predict."""

import seqkit.backend  # noqa: F401  (refuses another one than TensorFlow)
from seqkit.estimators.classifier import SequenceClassifier
from seqkit.estimators.forecaster import Seq2SeqForecaster
from seqkit.estimators.regressor import SequenceRegressor
from seqkit.estimators.saved_estimators import load
from seqkit.estimators.tagger import SequenceTagger
from seqkit.estimators.text_classifier import TextClassifier
from seqkit.estimators.translator import Seq2SeqTranslator

__all__ = [
    "Seq2SeqForecaster",
    "Seq2SeqTranslator",
    "SequenceClassifier",
    "SequenceRegressor",
    "SequenceTagger",
    "TextClassifier",
    "load",
]
