"""The stubs are current, and what type checkers read of them is what runs."""

from __future__ import annotations

import ast
import importlib
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

import seqkit
from tools.stubs import PACKAGES, ROOT, stub_path, stub_text


def tree_of(package: str) -> ast.Module:
    return ast.parse(stub_path(package).read_text(encoding="utf-8"))


def classes_of(package: str) -> dict[str, ast.ClassDef]:
    """The public classes that a stub has in full."""
    return {
        node.name: node
        for node in tree_of(package).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    }


WRITTEN = [(package, name) for package in PACKAGES for name in classes_of(package)]


def methods_of(package: str, name: str) -> dict[str, ast.FunctionDef]:
    body = classes_of(package)[name].body
    return {node.name: node for node in body if isinstance(node, ast.FunctionDef)}


def without_annotations(signature: inspect.Signature) -> inspect.Signature:
    empty = inspect.Parameter.empty
    parameters = [p.replace(annotation=empty) for p in signature.parameters.values()]
    return inspect.Signature(parameters)


def signature_in(method: ast.FunctionDef) -> inspect.Signature:
    """The signature that a definition in a stub has, without annotations."""
    names: dict = {}
    bare = ast.FunctionDef(**{**vars(method), "decorator_list": []})
    exec(f"from __future__ import annotations\n{ast.unparse(bare)}", names)
    return without_annotations(inspect.signature(names[method.name]))


def without_self(signature: inspect.Signature) -> inspect.Signature:
    return inspect.Signature(list(signature.parameters.values())[1:])


def parts(text: str) -> tuple[set[tuple[str | None, ...]], list[str]]:
    """A stub's imports, in any order, and its other statements, in any layout."""
    imports: set[tuple[str | None, ...]] = set()
    others = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            imports |= {
                (getattr(node, "module", None), alias.name, alias.asname) for alias in node.names
            }
        else:
            others.append(ast.unparse(node))
    return imports, others


@pytest.mark.parametrize("package", PACKAGES)
def test_a_stub_is_what_make_stubs_would_write(package):
    assert parts(stub_path(package).read_text(encoding="utf-8")) == parts(stub_text(package)), (
        "A signature or docstring has changed: run `make stubs`."
    )


@pytest.mark.parametrize("package", PACKAGES)
def test_a_stub_has_every_public_name(package):
    tree = tree_of(package)
    names = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            names |= {alias.asname for alias in node.names if alias.asname == alias.name}
    assert {name for name in names if not name.startswith("_")} == set(
        importlib.import_module(package).__all__
    )


def test_every_estimator_and_every_cell_of_seqkit_is_written_out():
    estimators = {name for name in seqkit.estimators.__all__ if name != "load"}
    cells = {name for module, name, _ in seqkit.layers.CELLS.values() if "seqkit" in module}
    assert estimators == set(classes_of("seqkit.estimators"))
    assert cells | {f"{name}Cell" for name in cells} < set(classes_of("seqkit.layers"))


@pytest.mark.parametrize("package, name", WRITTEN)
def test_a_class_reads_as_it_runs(package, name):
    """Its signature, its docstring, and those of its methods."""
    cls = getattr(importlib.import_module(package), name)
    node = classes_of(package)[name]
    methods = methods_of(package, name)
    constructor = methods.pop("__init__")
    assert without_self(signature_in(constructor)) == without_annotations(inspect.signature(cls))
    arguments = constructor.args.args[1:] + constructor.args.kwonlyargs
    assert all(argument.annotation for argument in arguments)
    assert ast.get_docstring(node) == inspect.cleandoc(cls.__doc__)
    assert "{parameters}" not in (ast.get_docstring(node) or "")
    if "__call__" in methods:
        called = signature_in(methods.pop("__call__"))
        assert called == without_annotations(inspect.signature(cls.call))
    for method_name, method in methods.items():
        member = inspect.getattr_static(cls, method_name)
        member = member.fget if isinstance(member, property) else member
        member = getattr(member, "__func__", member)
        assert signature_in(method) == without_annotations(inspect.signature(member)), method_name
        if member.__module__.startswith("seqkit.") and member.__doc__:
            assert ast.get_docstring(method) == inspect.cleandoc(member.__doc__), method_name


@pytest.mark.parametrize(
    "name", [name for name in classes_of("seqkit.layers") if not name.startswith("Recurrent")]
)
def test_a_layer_has_the_attributes_of_its_stub_and_takes_its_keywords(name):
    cls = getattr(seqkit.layers, name)
    layer = cls(2)
    for node in classes_of("seqkit.layers")[name].body:
        if isinstance(node, ast.AnnAssign):
            assert hasattr(layer, node.target.id), node.target.id
    keywords = {"name": "a", "trainable": False, "dtype": "float64", "autocast": False}
    if issubclass(cls, keras.layers.RNN):
        keywords |= {"implementation": 1, "use_cudnn": False}
    layer = cls(2, **keywords)
    assert layer.name == "a"
    assert layer.compute_dtype == "float64"


def test_a_fitted_estimator_has_the_attributes_of_its_stub():
    X = np.random.default_rng(0).normal(size=(8, 5, 1))
    model = seqkit.SequenceClassifier("gru", units=2, epochs=1).fit(X, [0, 1] * 4)
    attributes = {
        node.target.id: ast.unparse(node.annotation)
        for node in classes_of("seqkit.estimators")["SequenceClassifier"].body
        if isinstance(node, ast.AnnAssign)
    }
    for name in attributes:
        assert hasattr(model, name), name
    assert set(model.get_params()) == {name for name in attributes if not name.endswith("_")}
    assert attributes["history_"] == "dict[str, list[float]]"


def test_stubs_are_packaged():
    tomllib = pytest.importorskip("tomllib")  # from Python 3.11
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["seqkit"]
    packaged = {path for pattern in patterns for path in (ROOT / "seqkit").glob(pattern)}
    assert packaged >= {stub_path(package) for package in PACKAGES}
    assert ROOT / "seqkit" / "py.typed" in packaged


# Each line of a user's program, and what mypy should say of it: nothing, or this.
PROGRAM = [
    ("from typing import Any", None),
    ("import numpy as np", None),
    ("import pandas as pd", None),
    ("import seqkit", None),
    ("from seqkit.layers import CELLS, GRU, LSTM, LSTMCell, RecurrentLayer, recurrence_path", None),
    ("X, y = np.zeros((4, 3, 1)), [0, 1, 0, 1]", None),
    ('model = seqkit.SequenceClassifier("gru", units=8)', None),
    ("model.fit(X, y).predict(X)", None),
    ("model.fit(X, y, validation_data=(X, y)).partial_fit(X, y).save('model.seqkit')", None),
    ("layer = LSTM(8, return_sequences=True, name='reader', dtype='float32')", None),
    ("layer(X, lengths=[3, 2, 1, 1])", None),
    ("layer(X, None, X[..., 0] > 0, training=None)", None),
    ("layer(layer(X)).numpy() + LSTMCell(8).get_initial_state(4)[0].numpy()", None),
    ("LSTM(8, kernel_initializer='zeros', recurrent_activation=abs)", None),
    ("LSTMCell(8, coupled_gates=True)", None),
    ("seqkit.Seq2SeqForecaster(6, head='gaussian').fit(pd.Series(y)).backtest(refit=True)", None),
    ("def reader(**options: Any) -> RecurrentLayer: return GRU(8, **options)", None),
    ("class Reader(RecurrentLayer): cell_class = LSTMCell", None),
    ("Reader(8, return_state=True)", None),
    ('with recurrence_path("compiled"): list(CELLS)', None),
    ("reveal_type(model.fit(X, y))", 'Revealed type is "seqkit.estimators.SequenceClassifier"'),
    ("reveal_type(model.partial_fit(X, y))", '"seqkit.estimators.SequenceClassifier"'),
    ("reveal_type(model.classes_)", r'"numpy.ndarray\['),
    ("reveal_type(model.predict_proba(X))", r'"numpy.ndarray\['),
    ("reveal_type(model.history_)", r'"dict\[str, list\[float\]\]"'),
    ("reveal_type(model.n_iter_)", '"int"'),
    ("reveal_type(model.export('models'))", '"str"'),
    ("reveal_type(model.score(X, y))", '"float"'),
    ("reveal_type(layer.return_sequences)", '"bool"'),
    ("reveal_type(LSTMCell(8).get_initial_state(4)[0])", '"seqkit.types.Tensor"'),
    ("reveal_type(1 - LSTMCell(8).get_initial_state(4)[0] * 2)", '"seqkit.types.Tensor"'),
    ('seqkit.SequenceClassifier("gru", unit=8)', 'Unexpected keyword argument "unit"'),
    ('seqkit.SequenceClassifier("gru", 8)', "Too many positional arguments"),
    ('seqkit.SequenceClassifier("gru", units="8")', r'incompatible type "str"; expected "int"'),
    ("seqkit.SequenceTagger(crff=True)", 'Unexpected keyword argument "crff"'),
    ("model.predict(X, verbose=0)", 'Unexpected keyword argument "verbose"'),
    ("LSTM(8, unit=8)", 'Unexpected keyword argument "unit"'),
    ("LSTM(return_sequences=True)", 'Missing positional argument "units"'),
    ("layer('a text')", r'incompatible type "str"; expected "Tensor \| ndarray'),
    ("layer(X.tolist(), lengths=3)", r'incompatible type "int"; expected "Tensor \| ndarray'),
    ("LSTMCell(8)(X, None)", r'incompatible type "None"; expected "Tensor \| ndarray'),
    ("layer(X, length=[3, 2, 1, 1])", 'Unexpected keyword argument "length"'),
    ("LSTMCell(8, return_sequences=True)", 'Unexpected keyword argument "return_sequences"'),
]


@pytest.fixture(scope="module")
def said(tmp_path_factory) -> dict[int, str]:
    """What mypy says of the program, by line."""
    folder = tmp_path_factory.mktemp("program")
    program = folder / "program.py"
    program.write_text("\n".join(line for line, _ in PROGRAM), encoding="utf-8")
    options = ["--config-file=", "--ignore-missing-imports", "--follow-imports=silent"]
    result = subprocess.run(
        [sys.executable, "-m", "mypy", *options, f"--cache-dir={folder}", program],
        cwd=folder,
        env={**os.environ, "MYPYPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=600,
    )
    messages: dict[int, str] = {}
    for line in result.stdout.splitlines():
        if match := re.match(rf"{Path(program).name}:(\d+): (.*)", line):
            number = int(match[1]) - 1
            messages[number] = messages.get(number, "") + match[2] + "\n"
    assert messages, result.stdout + result.stderr
    return messages


@pytest.mark.parametrize(
    "number", range(len(PROGRAM)), ids=[re.sub(r"[\[\]]", "", line) for line, _ in PROGRAM]
)
def test_mypy_reads_a_line_of_a_program_as_it_runs(said, number):
    expected = PROGRAM[number][1]
    if expected is None:
        assert number not in said
    else:
        assert re.search(expected, said.get(number, "nothing"))
