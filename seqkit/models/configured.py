"""Models that Keras saves as the arguments they were made with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import keras

if TYPE_CHECKING:
    from typing_extensions import Self


class ConfiguredModel(keras.Model):
    """Base of models whose `__init__` hands all that is to be saved to `_remember`."""

    _arguments: dict[str, Any]

    def _remember(self, names: Mapping[str, Any]) -> None:
        """Keeps the arguments among the local names of an `__init__`."""
        other = ("self", "draw_seed", "kwargs", "__class__")
        self._arguments = {name: value for name, value in names.items() if name not in other}

    def get_config(self) -> dict[str, Any]:
        config = {**super().get_config(), **self._arguments}
        if not isinstance(config["cell"], str):  # Keras writes down objects, not their classes
            config["cell"] = keras.saving.serialize_keras_object(config["cell"](1))
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Self:
        config = dict(config)
        if isinstance(config["cell"], dict):
            cell = keras.saving.deserialize_keras_object(config["cell"], custom_objects)
            config["cell"] = type(cell)
        return cls(**config)
