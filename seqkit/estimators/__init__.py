"""scikit-learn's face of the models: estimators with fit and predict."""

from seqkit.estimators.classifier import SequenceClassifier

__all__ = ["SequenceClassifier"]
