"""Makes the random numbers of each test its own."""

import keras
import pytest


@pytest.fixture(autouse=True)
def _seeded() -> None:
    keras.utils.set_random_seed(7)
