"""Every estimator learns a task of its kind, far above chance."""

from __future__ import annotations

import pytest

from tests.conformance.estimators import every_kind


@every_kind
@pytest.mark.always
def test_learns_its_task(kind):
    model = kind.new(**kind.learns).fit(*kind.task(kind.samples, 1))
    assert model.score(*kind.task(200, 2)) > kind.floor
