"""Pictures of trainings and of classes: what is drawn, and what is refused."""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from seqkit.inspection import plot_confusion, plot_history

RECORDED = {"loss": [3.0, 2.0, 2.5], "val_loss": [3.5, 3.0, 4.0], "accuracy": [0.1, 0.2, 0.3]}


def drawn(figure):
    figure.draw_without_rendering()
    (axes,) = figure.axes
    return {line.get_label(): list(line.get_ydata()) for line in axes.lines}


def test_a_history_is_drawn_with_what_was_kept():
    model = SimpleNamespace(history_=RECORDED, best_epoch_=2)
    lines = drawn(plot_history(model))
    assert lines["training"] == RECORDED["loss"]
    assert lines["validation"] == RECORDED["val_loss"]
    assert list(lines)[2] == "kept: epoch 2"
    assert list(drawn(plot_history(RECORDED, best_epoch=3))) == ["training", "validation"]


def test_histories_of_keras_and_other_metrics_are_drawn():
    history = keras.callbacks.History()
    history.history = RECORDED
    figure = plot_history(history, "accuracy")
    assert drawn(figure) == {"training": RECORDED["accuracy"]}
    assert figure.axes[0].get_ylabel() == "accuracy"


def test_a_picture_goes_onto_given_axes():
    axes = Figure().subplots()
    assert plot_history(RECORDED, ax=axes) is axes.figure
    other = Figure().subplots()
    assert plot_confusion([0, 1], [1, 1], ax=other) is other.figure


@pytest.mark.parametrize(
    ("history", "options", "error", "message"),
    [
        (3, {}, TypeError, "history must be a fitted estimator"),
        ({"loss": []}, {}, ValueError, "at least one epoch"),
        (RECORDED, {"metric": "acuracy"}, ValueError, "Did you mean 'accuracy'?"),
        (RECORDED, {"best_epoch": 4}, ValueError, "1 to 3, got 4"),
    ],
)
def test_histories_that_are_none(history, options, error, message):
    with pytest.raises(error, match=message):
        plot_history(history, **options)


def counts(figure):
    figure.draw_without_rendering()
    return [text.get_text() for text in figure.axes[0].texts]


def test_a_confusion_has_a_row_a_true_class():
    truth, predicted = ["a", "a", "a", "$b$"], ["a", "a", "$b$", "$b$"]
    figure = plot_confusion(pd.Series(truth), np.array(predicted), title="Test set")
    (axes,) = figure.axes
    assert [t.get_text() for t in axes.get_xticklabels()] == ["$b$", "a"]
    assert axes.get_ylabel() == "True label"
    assert axes.get_title() == "Test set"
    assert counts(figure) == ["1", "0", "1", "2"]
    assert counts(plot_confusion(truth, predicted, normalize="true"))[2:] == ["0.33", "0.67"]
    with pytest.warns(UserWarning, match="single label"):  # scikit-learn's
        assert counts(plot_confusion(truth, predicted, labels=["a"])) == ["2"]


def test_rows_of_labels_are_taken_one_after_the_other():
    rows = [np.array(["N", "V"]), np.array(["V"])]
    assert counts(plot_confusion(rows, [["N", "N"], ["V"]])) == ["1", "0", "1", "1"]


@pytest.mark.parametrize(("name", "turned"), [("{}", 0), ("speaker {}", 90)])
def test_long_names_of_many_classes_are_written_upwards(name, turned):
    labels = [name.format(k) for k in range(9)]
    (axes,) = plot_confusion(labels, labels).axes
    assert {label.get_rotation() for label in axes.get_xticklabels()} == {turned}


def test_many_classes_have_no_numbers():
    labels = list(range(40))
    assert counts(plot_confusion(labels, labels)) == []


@pytest.mark.parametrize(
    ("truth", "predicted", "options", "message"),
    [
        ([0, 1], [0], {}, "as many labels each, got 2 and 1"),
        ([], [], {}, "at least one label"),
        ([[[0]]], [[[0]]], {}, "deeper lists"),
        ([0], [0], {"normalize": "all"}, "normalize must be 'true' or None"),
    ],
)
def test_confusions_that_are_none(truth, predicted, options, message):
    with pytest.raises(ValueError, match=message):
        plot_confusion(truth, predicted, **options)
