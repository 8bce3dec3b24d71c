"""Estimators as notebooks show them: each parameter with the text of its declaration."""

from __future__ import annotations

import html
import re

import pytest

import seqkit
from seqkit.estimators.parameters import parameters_of
from seqkit.estimators.saved_estimators import ESTIMATORS

pytest.importorskip("sklearn", "1.8", reason="scikit-learn shows texts of parameters from 1.8 on")


@pytest.mark.parametrize("name", ESTIMATORS)
def test_every_parameter_has_its_text(name):
    estimator = getattr(seqkit, name)()
    shown = html.unescape(estimator._repr_html_())
    texts = re.findall(r'<span class="param-doc-description"[^>]*>(.*?)</span>', shown, re.DOTALL)
    said = [" ".join(re.sub(r"<[^>]+>", " ", text).split()) for text in texts]
    fields = parameters_of(estimator)
    assert len(said) == len(fields)
    for field in fields:
        text = " ".join(field.metadata["text"].split())
        assert any(one.startswith(f"{field.name}:") and text in one for one in said), field.name


def test_a_class_of_the_users_own_points_nowhere():
    class Mine(seqkit.SequenceClassifier):
        """Mine."""

    assert Mine()._get_doc_link() == ""
    assert seqkit.SequenceClassifier()._get_doc_link() == "#seqkit.SequenceClassifier"
