"""Writes the stubs of the public classes whose signatures and docstrings are made at run time.

Layers and estimators declare each option once; importing them makes constructors and docstrings of
the declarations. Editors, type checkers and documentation tools do not import: they read the
`__init__.pyi` beside a package's `__init__.py`. There such a class is written out as it is at run
time; whatever else the package holds is re-exported from the module that says it, as is.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import inspect
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import keras
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin

from seqkit.layers import RecurrentCell, RecurrentLayer

ROOT = Path(__file__).parent.parent
PACKAGES = ("seqkit.layers", "seqkit.estimators")

# The classes that are written out are these and their subclasses.
WRITTEN = (RecurrentCell, RecurrentLayer, BaseEstimator)

# Bases that users know; those between them and a written class are left out, their members are not.
KNOWN_BASES = {
    keras.layers.RNN: "keras.layers.RNN",
    keras.layers.Layer: "keras.layers.Layer",
    ClassifierMixin: "ClassifierMixin",
    RegressorMixin: "RegressorMixin",
    BaseEstimator: "BaseEstimator",
}

# How the code below that is written here, and not in a module of seqkit, has its names.
IMPORTS_HERE = {
    "Any": "from typing import Any",
    "BaseEstimator": "from sklearn.base import BaseEstimator",
    "Callable": "from collections.abc import Callable",
    "ClassifierMixin": "from sklearn.base import ClassifierMixin",
    "RegressorMixin": "from sklearn.base import RegressorMixin",
    "Self": "from typing_extensions import Self",
    "Sequence": "from collections.abc import Sequence",
    "TensorLike": "from seqkit.types import TensorLike",
    "TypedDict": "from typing_extensions import TypedDict",
    "Unpack": "from typing_extensions import Unpack",
    "keras": "import keras",
}

# The options of layers have no annotations: the last word of a name says what Keras reads there,
# and else the default has the type.
KERAS_READS = "str | dict[str, Any] | Callable[..., Any] | None"
OPTION_TYPES = {
    "units": "int",
    "seed": "int | None",
    "steps": "int | None",
    "activation": KERAS_READS,
    "initializer": KERAS_READS,
    "regularizer": KERAS_READS,
    "constraint": KERAS_READS,
}

# What `**kwargs` of a constructor may hold, so that a misspelt option is seen.
KEYWORDS = {
    RecurrentCell: "_KerasKeywords",
    RecurrentLayer: "_LayerKeywords",
}
KEYWORD_CLASSES = '''
class _KerasKeywords(TypedDict, total=False):
    """Arguments of every Keras layer."""

    name: str | None
    trainable: bool
    dtype: str | dict[str, Any] | keras.DTypePolicy | None
    autocast: bool
    input_shape: tuple[int | None, ...]
    input_dim: int | None

class _LayerKeywords(_KerasKeywords, total=False):
    """Arguments of recurrent layers of Keras that change nothing here."""

    implementation: int
    use_cudnn: bool | str
'''

# An argument of a layer's `call`, and what `__call__` takes for it; None trains as Keras says.
TAKEN = {
    "Tensor": "TensorLike",
    "Tensor | None": "TensorLike | None",
    "Tensor | Sequence[int] | None": "TensorLike | Sequence[int] | None",
    "Tensor | Sequence[Tensor]": "TensorLike | Sequence[TensorLike]",
    "Tensor | list[Tensor | None] | None": "TensorLike | Sequence[TensorLike | None] | None",
    "list[Tensor] | None": "TensorLike | Sequence[TensorLike] | None",
    "bool": "bool | None",
}

# scikit-learn has no annotations. Methods that its classes have and ours do not override.
SCIKIT_LEARNS = {
    (ClassifierMixin, "score"): '''\
def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
    """The share of samples whose class is right, or whose labels all are."""
''',
    (RegressorMixin, "score"): '''\
def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
    """The coefficient of determination R² of the predictions: at most 1."""
''',
    (BaseEstimator, "get_params"): '''\
def get_params(self, deep: bool = True) -> dict[str, Any]:
    """The parameters, by name."""
''',
    (BaseEstimator, "set_params"): '''\
def set_params(self, **params: Any) -> Self:
    """Sets parameters, by name, and returns the estimator."""
''',
}

# The mark before the name of a parameter that takes any number of arguments.
VARIADIC: dict[Any, str] = {
    inspect.Parameter.VAR_POSITIONAL: "*",
    inspect.Parameter.VAR_KEYWORD: "**",
}


def stub_path(package_name: str) -> Path:
    """Where the stub of a package is."""
    return ROOT / package_name.replace(".", "/") / "__init__.pyi"


def stub_text(package_name: str) -> str:
    """The stub of a package, whose layout and order of imports ruff has yet to set."""
    package = importlib.import_module(package_name)
    scope = Scope(package)
    public = {name: getattr(package, name) for name in package.__all__}
    written = [value for value in public.values() if is_written(value)]
    written.sort(key=lambda cls: cls not in WRITTEN)  # bases first
    classes = [class_text(cls, written, scope) for cls in written]
    if any(keyword_class in text for text in classes for keyword_class in KEYWORDS.values()):
        classes.insert(0, scope.noted(KEYWORD_CLASSES))
    for name, value in public.items():
        if value not in written:
            scope.imports.add(exported(name, package))
    return "\n".join(
        [
            docstring(package.__doc__ or ""),
            "# Made by `make stubs` of the classes as they are at run time.",
            *sorted(scope.imports),
            f"__all__ = {package.__all__!r}",
            *classes,
        ]
    )


def is_written(value: Any) -> bool:
    """Whether a stub has a public value in full."""
    return inspect.isclass(value) and issubclass(value, WRITTEN)


class Scope:
    """The imports that the annotations of a stub need."""

    def __init__(self, package: ModuleType) -> None:
        self.own = {*package.__all__, *KEYWORDS.values()}
        self.imports: set[str] = set()

    def noted(self, code: str, module: ModuleType | None = None) -> str:
        """The code, once the names in it are imported as its module, or this one, has them."""
        names = {
            node.id
            for node in ast.walk(ast.parse(code))
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        }
        for name in names - self.own - set(dir(builtins)):
            self.imports.add(IMPORTS_HERE[name] if module is None else import_of(name, module))
        return code


def import_of(name: str, module: ModuleType) -> str:
    """The statement by which a module has a name, those for type checkers alone included."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                if name == (alias.asname or alias.name):
                    node.names = [alias]
                    return ast.unparse(node)
    if name not in vars(module):
        raise NameError(f"{module.__name__} has an annotation with {name}, but no such name.")
    return f"from {module.__name__} import {name}"


def exported(name: str, package: ModuleType) -> str:
    """The statement by which a stub re-exports what its package imports."""
    return f"{import_of(name, package)} as {name}"


def bases_of(cls: type, written: list[type]) -> list[type]:
    """The nearest bases that the reader of a stub knows."""
    bases: list[type] = []
    for base in cls.__mro__[1:]:
        known = base in written or base in KNOWN_BASES
        if known and not any(issubclass(nearer, base) for nearer in bases):
            bases.append(base)
    return bases


def class_text(cls: Any, written: list[type], scope: Scope) -> str:
    """A class with its docstring, attributes, constructor and public methods."""
    bases = bases_of(cls, written)
    names = [KNOWN_BASES.get(base, base.__name__) for base in bases]
    for base in set(bases) & KNOWN_BASES.keys():
        scope.noted(KNOWN_BASES[base])
    # Members of written bases are inherited from them; those of all others are the class's own.
    owners = [
        owner
        for owner in reversed(cls.__mro__)
        if owner.__module__.startswith("seqkit.")
        and not any(issubclass(base, owner) for base in bases)
    ]
    members = {
        name: (member, sys.modules[owner.__module__])
        for owner in owners
        for name, member in vars(owner).items()
        if not name.startswith("_") or name == "__getattr__"
    }
    properties = {n: m for n, m in members.items() if isinstance(m[0], property)}
    methods = {
        name: (member, module)
        for name, (member, module) in members.items()
        if isinstance(member, FunctionType | classmethod | staticmethod)
    }
    body = [
        docstring(cls.__doc__ or ""),
        *attributes(cls, owners, scope),
        constructor_text(cls, scope),
        *(property_text(name, *member, scope) for name, member in properties.items()),
        *(method_text(name, *member, scope) for name, member in methods.items()),
        *inherited_texts(cls, members, scope),
    ]
    if "call" in methods:
        body.append(calling_text(cls.call, scope))
    return f"class {cls.__name__}({', '.join(names)}):\n" + indented("\n".join(body))


def calling_text(call: Any, scope: Scope) -> str:
    """`__call__` of a Keras layer, which makes tensors of arrays that it hands on to `call`.

    What comes of it depends on options.
    """
    own, *arguments = inspect.signature(call).parameters.values()
    given = [p.replace(annotation=TAKEN[p.annotation]) for p in arguments]
    parameters = parameters_text([(p, None) for p in (own, *given)], scope)
    return f"def __call__({parameters}) -> {scope.noted('Any')}: ..."


def attributes(cls: type, owners: list[type], scope: Scope) -> Iterator[str]:
    """The options, which are attributes too, and the attributes that have annotations."""
    declared = {
        name: (annotation, sys.modules[owner.__module__])
        for owner in owners
        for name, annotation in inspect.get_annotations(owner).items()
        if not name.startswith("_")
    }
    options = [p for p in inspect.signature(cls).parameters.values() if p.kind not in VARIADIC]
    for parameter in options:
        if parameter.name not in declared:
            kind = option_type(parameter)
            yield scope.noted(f"{parameter.name}: {'Any' if kind == KERAS_READS else kind}")
    own_order = {p.name: i for i, p in enumerate(options)}
    for name in sorted(declared, key=lambda name: own_order.get(name, len(options))):
        annotation, module = declared[name]
        yield scope.noted(f"{name}: {annotation}", module)


def option_type(parameter: inspect.Parameter) -> str:
    """The type of a layer's option."""
    kind = OPTION_TYPES.get(parameter.name.rpartition("_")[2])
    if kind is None:
        kind = type(parameter.default).__name__
    if kind not in (*OPTION_TYPES.values(), "bool", "int", "float", "str"):
        raise TypeError(f"{parameter.name} needs a line in OPTION_TYPES, or an annotation.")
    return kind


def constructor_text(cls: type, scope: Scope) -> str:
    """`__init__`, with all that may be passed."""
    parameters: list[tuple[inspect.Parameter, ModuleType | None]] = []
    for parameter in inspect.signature(cls).parameters.values():
        module = None
        if parameter.annotation is not parameter.empty:
            owners = (c for c in cls.__mro__ if parameter.name in inspect.get_annotations(c))
            owner = next(owners, inspect.unwrap(cls.__init__))
            module = sys.modules[owner.__module__]
        elif parameter.kind is parameter.VAR_KEYWORD:
            (keywords,) = (name for base, name in KEYWORDS.items() if issubclass(cls, base))
            parameter = parameter.replace(annotation=f"Unpack[{keywords}]")
        else:
            parameter = parameter.replace(annotation=option_type(parameter))
        parameters.append((parameter, module))
    return f"def __init__(self, {parameters_text(parameters, scope)}) -> None: ..."


def property_text(name: str, member: property, module: ModuleType, scope: Scope) -> str:
    """A property, which is a fitted attribute."""
    return "@property\n" + method_text(name, member.fget, module, scope)


def method_text(name: str, member: Any, module: ModuleType, scope: Scope) -> str:
    """A method with its docstring."""
    decorator = f"@{type(member).__name__}\n" if not isinstance(member, FunctionType) else ""
    function = getattr(member, "__func__", member)
    head = f"{decorator}def {name}{signature_text(function, module, scope)}:"
    if function.__doc__ is None:
        return f"{head} ..."
    return f"{head}\n{indented(docstring(function.__doc__))}"


def inherited_texts(cls: type, members: dict[str, Any], scope: Scope) -> Iterator[str]:
    """scikit-learn's methods, as far as they are not overridden."""
    for (owner, name), code in SCIKIT_LEARNS.items():
        if issubclass(cls, owner) and name not in members:
            yield scope.noted(code)


def signature_text(function: Any, module: ModuleType, scope: Scope) -> str:
    """The arguments of a function, and what it returns."""
    signature = inspect.signature(function)
    module = sys.modules[function.__module__]  # a method may be a function of another one
    parameters = parameters_text([(p, module) for p in signature.parameters.values()], scope)
    if signature.return_annotation is signature.empty:
        return f"({parameters})"
    return f"({parameters}) -> {scope.noted(signature.return_annotation, module)}"


def parameters_text(
    parameters: list[tuple[inspect.Parameter, ModuleType | None]], scope: Scope
) -> str:
    """Parameters as they stand in a definition, each with the module that annotates it."""
    written, named_alone = [], False
    for parameter, module in parameters:
        if parameter.kind is parameter.KEYWORD_ONLY and not named_alone:
            written.append("*")
        named_alone = parameter.kind in (parameter.KEYWORD_ONLY, parameter.VAR_POSITIONAL)
        text = VARIADIC.get(parameter.kind, "") + parameter.name
        if parameter.annotation is not parameter.empty:
            text += f": {scope.noted(parameter.annotation, module)}"
        if parameter.default is not parameter.empty:
            text += f" = {parameter.default!r}"
        written.append(text)
    return ", ".join(written)


def docstring(text: str) -> str:
    """A docstring as a literal."""
    clean = inspect.cleandoc(text).replace("\\", r"\\").replace('"""', r"\"\"\"")
    if "\n" in clean:
        clean += "\n"
    elif clean.endswith('"'):
        clean = clean[:-1] + r"\""
    return f'"""{clean}"""'


def indented(text: str) -> str:
    """The body of a class or function."""
    return textwrap.indent(text, "    ")


def main() -> None:
    """Writes all stubs."""
    ruff = [sys.executable, "-m", "ruff"]
    for package in PACKAGES:
        path = stub_path(package)
        path.write_text(stub_text(package), encoding="utf-8")
        subprocess.run([*ruff, "check", "--quiet", "--fix", "--select", "I", path], check=True)
        subprocess.run([*ruff, "format", "--quiet", path], check=True)
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
