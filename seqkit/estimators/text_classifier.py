"""Classification of texts."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqkit.estimators import parameters as p
from seqkit.estimators.classification import Classification
from seqkit.estimators.sklearn_callbacks import with_callbacks
from seqkit.estimators.texts import TextInput
from seqkit.models.sources import TokenSource


@p.estimator
class TextClassifier(TextInput, Classification):
    """A recurrent classifier of texts: raw strings in, classes out.

    Parameters
    ----------
    {parameters}

    Attributes
    ----------
    classes_ : array (K,)
        The labels, sorted; for several labels a sample, the columns of y.
    vocabulary_ : list of str
        The known tokens, the most frequent first; their ids begin at 2.
    tokenizer_ : seqkit.text.Tokenizer
        From strings to ids, as the export does it.
    n_iter_ : int
        Epochs trained.
    best_epoch_ : int
        The epoch, from 1, whose weights the model has.
    history_ : dict of lists
        Loss and accuracy of each epoch.
    model_ : keras.Model
        From ids (B, T), 0 for padding, to probabilities (B, K).

    Notes
    -----
    X is a list, an array or a Series of strings. Words are runs of letters, digits, and what joins
    them ("don't", "twenty-one"); any other visible character is a token of its own. Texts of
    scripts without blanks are better read by character, tokens="char".

    The export takes strings (batch,): tokens and vocabulary are part of it. An empty string, which
    fit and predict refuse, gets the answer of a text without tokens there.

    Examples
    --------
    >>> import seqkit
    >>> X = ["a good film", "good, very good", "a bad film", "bad and dull"] * 10
    >>> y = ["fresh", "fresh", "rotten", "rotten"] * 10
    >>> model = seqkit.TextClassifier("gru", units=8, epochs=10, random_state=0).fit(X, y)
    >>> model.predict(["good!", "so bad"]).tolist()
    ['fresh', 'rotten']
    """

    tokens: str = p.parameter(
        p.one_of("word", "char"),
        '{"word", "char"}',
        "What texts are read by.",
        default="word",
    )

    @with_callbacks
    def fit(
        self, X: Any, y: Any, sample_weight: Any = None, *, validation_data: Any = None
    ) -> TextClassifier:
        """Trains on texts X and their labels y.

        Parameters
        ----------
        X : list, array or Series of str
            The texts.
        y : array (n,), or indicators (n, K)
            Labels of any sortable type; or for each sample and label, 1 where it applies.
        sample_weight : array (n,) or None
            Weight of each sample in the loss.
        validation_data : (X, y) or (X, y, sample_weight) or None
            Data whose loss and accuracy are recorded, and which early stopping watches.
        """
        self._fit(X, y, sample_weight, validation_data)
        return self

    def _mode(self) -> str:
        return self.tokens

    def _read(self, X: Any, *, reset: bool) -> tuple[list[np.ndarray], Any]:
        return self._read_texts(X, reset=reset), None

    def _source(self, sequences: list[np.ndarray]) -> TokenSource:
        return self._token_source()

    def _make_model(self, draw_seed: Any) -> None:
        super()._make_model(draw_seed)
        self._begin_embeddings()

    def _serving_input(self) -> Any:
        return self._serving_texts()

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.one_d_array = tags.input_tags.string = True
        return tags
