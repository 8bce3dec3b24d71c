"""Values of estimators as JSON and arrays, and back; only what is listed here can be written.

A record is a dataclass in the table of this module; a name in a file is looked up there.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable
from typing import Any, TypeVar, cast

import keras
import numpy as np

from seqkit.models.sources import NumericSource, TokenSource
from seqkit.models.stems import Stem
from seqkit.saving.declared import check_declared
from seqkit.saving.keras_names import known_layers, known_optimizers, known_schedules
from seqkit.timeseries.offset_record import is_offset, offset_of, record_of_offset

_RECORDS: dict[str, type] = {cls.__name__: cls for cls in (NumericSource, TokenSource, Stem)}
_KIND = "kind"
Class = TypeVar("Class", bound=type)


def record(cls: Class) -> Class:
    """Lets the objects of a dataclass be written, by the fields of their declaration.

    What is not a field, such as a cached property, is neither written nor copied.
    """
    _RECORDS[cls.__name__] = cls
    return cls


class Part:
    """Base of the records that an estimator holds: copies and pickles are made of fields alone."""

    def __getstate__(self) -> dict[str, Any]:
        fields = dataclasses.fields(cast(Any, self))
        return {field.name: getattr(self, field.name) for field in fields}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)


def encode(value: Any, arrays: list[np.ndarray], name: str) -> Any:
    """The value as JSON can hold it; arrays go into the list.

    Args:
        value: numbers, strings, None, lists, tuples, dicts, arrays, and seqkit's own records;
            frequencies of pandas, timedeltas; optimisers and learning rate schedules of Keras;
            layer classes registered with Keras.
        arrays: is appended to.
        name: what errors call the value.

    Raises:
        TypeError: for anything else.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, np.generic):
        if value.dtype.kind in "biuf":
            return value.item()
        value = np.asarray(value)
    if isinstance(value, np.ndarray):
        return _encode_array(value, arrays, name)
    if isinstance(value, list):
        return [encode(v, arrays, name) for v in value]
    if isinstance(value, tuple):
        return {_KIND: "tuple", "items": [encode(v, arrays, name) for v in value]}
    if isinstance(value, dict):
        items = [[encode(k, arrays, name), encode(v, arrays, name)] for k, v in value.items()]
        return {_KIND: "dict", "items": items}
    if _RECORDS.get(type(value).__name__) is type(value):
        if isinstance(value, Part):
            fields = value.__getstate__()
        else:
            fields = {f.name: getattr(value, f.name) for f in dataclasses.fields(cast(Any, value))}
        content = {k: encode(v, arrays, name) for k, v in fields.items()}
        return {_KIND: type(value).__name__, "fields": content}
    if is_offset(value):
        return {_KIND: "offset", "record": encode(record_of_offset(value), arrays, name)}
    if type(value) is datetime.timedelta:
        parts = [value.days, value.seconds, value.microseconds]
        return {_KIND: "timedelta", "parts": parts}
    if isinstance(value, keras.optimizers.Optimizer):
        return _encode_keras("optimizer", value, arrays, name)
    if isinstance(value, keras.optimizers.schedules.LearningRateSchedule):
        return _encode_keras("schedule", value, arrays, name)
    if isinstance(value, type) and issubclass(value, keras.layers.Layer):
        return _encode_class(value, name)
    raise TypeError(f"{name} cannot be saved: it holds a {type(value).__name__}. Use joblib.")


def decode(value: Any, read_array: Callable[[int], Any]) -> Any:
    """The value that `encode` was given; arrays are read by their place in its list.

    Raises:
        TypeError, KeyError: for what `encode` does not write.
    """
    if isinstance(value, list):
        return [decode(v, read_array) for v in value]
    if not isinstance(value, dict):
        return value
    kind = value[_KIND]
    if kind == "array":
        return read_array(value["index"])
    if kind == "objects":
        items = np.empty(len(value["items"]), object)
        items[:] = [decode(v, read_array) for v in value["items"]]
        return items
    if kind == "tuple":
        return tuple(decode(v, read_array) for v in value["items"])
    if kind == "dict":
        return {decode(k, read_array): decode(v, read_array) for k, v in value["items"]}
    if kind in _RECORDS:
        fields = {k: decode(v, read_array) for k, v in value["fields"].items()}
        part: Any
        if issubclass(_RECORDS[kind], Part):
            part = object.__new__(_RECORDS[kind])
            part.__setstate__(fields)
        else:
            part = _RECORDS[kind](**fields)
        check_declared(part)
        return part
    if kind == "offset":
        return offset_of(decode(value["record"], read_array))
    if kind == "timedelta":
        return datetime.timedelta(*value["parts"])
    if kind == "optimizer":
        return known_optimizers()[value["name"].lower()].from_config(_config(value, read_array))
    if kind == "schedule":
        return known_schedules()[value["name"]].from_config(_config(value, read_array))
    if kind == "keras layer" and value["name"] in known_layers():
        return known_layers()[value["name"]]
    if kind == "registered":
        registered = keras.saving.get_registered_object(value["name"])
        if registered is None:
            raise TypeError(
                f"the class {value['name']} is not registered here: import its module before load"
            )
        return registered
    raise TypeError(f"unknown kind {kind!r}")


def _encode_array(value: np.ndarray, arrays: list[np.ndarray], name: str) -> Any:
    if value.dtype == object:
        if value.ndim != 1:
            raise TypeError(f"{name} cannot be saved: it holds an array of objects. Use joblib.")
        return {_KIND: "objects", "items": [encode(v, arrays, name) for v in value]}
    if value.dtype.hasobject or value.dtype.kind not in "biufcUSmM":
        # A dtype of an extension, such as pandas's strings.
        return {_KIND: "objects", "items": [encode(v, arrays, name) for v in value.tolist()]}
    arrays.append(value)
    return {_KIND: "array", "index": len(arrays) - 1}


def _encode_class(layer: type, name: str) -> Any:
    registered = str(keras.saving.get_registered_name(layer))
    if keras.saving.get_registered_object(registered) is layer:
        return {_KIND: "registered", "name": registered}
    if getattr(keras.layers, layer.__name__, None) is layer:
        return {_KIND: "keras layer", "name": layer.__name__}
    raise TypeError(
        f"{name}={layer.__name__} can be saved if the class is registered: decorate it with "
        "keras.saving.register_keras_serializable. Or use joblib."
    )


def _encode_keras(kind: str, value: Any, arrays: list[np.ndarray], name: str) -> Any:
    known = known_optimizers().values() if kind == "optimizer" else known_schedules().values()
    if type(value) not in known:
        raise TypeError(f"{name} can be saved if it is one of Keras's own. Use joblib.")
    config = dict(value.get_config())
    if kind == "optimizer" and isinstance(config["learning_rate"], dict):
        config["learning_rate"] = keras.optimizers.schedules.deserialize(config["learning_rate"])
    content = {k: encode(v, arrays, name) for k, v in config.items()}
    return {_KIND: kind, "name": type(value).__name__, "config": content}


def _config(value: dict[str, Any], read_array: Callable[[int], np.ndarray]) -> dict[str, Any]:
    """The arguments of an optimiser or a schedule: numbers, strings, and schedules made here.

    Keras would make an object of any of its classes from a dict among them.
    """
    config = {k: decode(v, read_array) for k, v in value["config"].items()}
    for name, argument in config.items():
        parts = argument if isinstance(argument, list | tuple) else [argument]
        if any(isinstance(part, dict | list | tuple) for part in parts):
            raise TypeError(f"{name} of a {value['name']} is a {type(argument).__name__}")
    return config
