"""The command line before it does anything: help, names, wrong options, copies."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from seqkit.cli.configuration import read_configuration
from seqkit.cli.main import main
from seqkit.cli.tasks import TASKS
from seqkit.cli.verbs import VERBS
from seqkit.cli.verbs.export import scores_beside
from seqkit.version import VERSION

ROOT = Path(__file__).parents[2]

LIGHT = """
import contextlib, io, sys
from seqkit.cli.main import main
from seqkit.cli.tasks import TASKS
from seqkit.cli.verbs import VERBS
asked = [["--help"], *([verb, "--help"] for verb in VERBS)]
asked += [["train", task, "--help"] for task in TASKS]
for arguments in asked:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            code = main(arguments)
        except SystemExit as end:
            code = end.code
    assert code == 0, arguments
    assert printed.getvalue().startswith("usage: python -m seqkit"), arguments
heavy = {"tensorflow", "keras", "pandas", "numpy", "sklearn", "matplotlib"} & sys.modules.keys()
assert not heavy, heavy
"""


def test_no_help_imports_anything_heavy():
    ran = subprocess.run([sys.executable, "-c", LIGHT], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def test_the_module_is_run_as_a_program():
    command = [sys.executable, "-m", "seqkit", "--version"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ran.stdout == f"seqkit {VERSION}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["trian"], "there is no verb 'trian'. Did you mean 'train'?"),
        (["train", "forecasting", "--unitss=3"], "Did you mean '--units'?"),
        (["ls", "celsl"], "Did you mean 'cells'?"),
        (["evaluate", "model.seqkit"], "the following arguments are required: --csv"),
    ],
)
def test_wrong_options_end_the_program(arguments, message, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert message in error
    assert error.count("\n") == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "tagings", "--csv", "a"], "TASK must be one of .*Did you mean 'tagging'"),
        (["train", "tagging", "--output", "x"], "--csv is needed"),
        (["train", "tagging", "--csv", "a.csv"], "--output is needed"),
        (["train", "tagging", "--csv", "a", "--output", "x", "--set", "unit=3"], "'units'"),
        (["train", "tagging", "--csv", "a", "--output", "x", "--set", "units"], "NAME=VALUE"),
        (["train", "tagging", "--csv", "a", "--output", "x", "--test-fraction", "1"], "below 1"),
        (["train", "--config", "none.json"], "no file none.json"),
        (["predict", "none.seqkit"], "no file none.seqkit"),
        (["predict", "a.seqkit", "--output", "a.doc"], "--output must end in"),
        (["copy", "taggin"], "Did you mean 'tagging'"),
    ],
)
def test_what_a_user_can_mend_is_one_line(arguments, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert re.search(message, error), error
    assert error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"task": "tagging", "optoins": {}}, "has 'optoins'.*Did you mean 'options'"),
        ({"task": "tagging", "options": {"cvs": "a"}}, "Did you mean 'csv'"),
        ({"task": "tagging", "parameters": {"unts": 3}}, "Did you mean 'units'"),
        ({"options": {}}, "names no task"),
        ([1], "must be an object"),
    ],
)
def test_configurations_that_are_none(content, message, tmp_path, capsys):
    path = tmp_path / "config.json"
    path.write_text(json.dumps(content))
    assert main(["train", "--config", str(path), "--output", str(tmp_path / "run")]) == 2
    error = capsys.readouterr().err
    assert re.search(message, error), error


def test_a_configuration_may_be_toml(tmp_path):
    pytest.importorskip("tomllib", reason="Python 3.10 reads no TOML")
    path = tmp_path / "run.toml"
    path.write_text('task = "tagging"\n[options]\ncsv = "a.csv"\n[parameters]\nunits = 32\n')
    found = read_configuration(str(path))
    assert found == ("tagging", {"csv": "a.csv"}, {"units": 32})
    path.write_text("task = tagging")
    with pytest.raises(ValueError, match="--config: .*run.toml is no TOML"):
        read_configuration(str(path))


def test_names_are_listed(capsys):
    assert main(["ls"]) == 0
    printed = capsys.readouterr().out
    for name in (*TASKS, "japanese_vowels", "peephole_lstm", "balanced", "text_classification"):
        assert f"  {name} " in printed
    assert main(["ls", "cells"]) == 0
    assert capsys.readouterr().out.startswith("simple_rnn ")


def test_a_copied_recipe_runs_elsewhere(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["copy", "text-classification", "mine.py"]) == 0
    assert "python mine.py --help" in capsys.readouterr().out
    ran = subprocess.run(
        [sys.executable, "mine.py", "--help"],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert ran.stdout.startswith("usage: python mine.py"), ran.stderr
    assert "python mine.py --dataset r8 --cell gru" in ran.stdout
    assert main(["copy", "text-classification", "mine.py"]) == 2
    assert "mine.py is there already" in capsys.readouterr().err
    assert main(["copy", "tagging", str(tmp_path)]) == 0
    assert (tmp_path / "tagging.py").is_file()


def test_every_verb_has_a_word_on_it():
    for module in VERBS.values():
        verb = importlib.import_module(f"seqkit.cli.verbs.{module}")
        assert verb.TEXT[0].islower()
        assert verb.parser("python -m seqkit x", []).prog.startswith("python -m seqkit x")


def test_an_export_that_is_not_good_ends_with_1(tmp_path, capsys, monkeypatch):
    from seqkit import serving

    def verify(directory, seconds):
        return serving.Verification(directory, faults=("a.pb is another.",) * (seconds > 1))

    monkeypatch.setattr(serving, "verify", verify, raising=False)
    assert main(["verify", "served"]) == 0
    assert capsys.readouterr().out.startswith("served: good")
    assert main(["verify", "served", "--seconds", "2"]) == 1
    assert "fault: a.pb is another." in capsys.readouterr().out


@pytest.mark.parametrize("verb", ["verify", "describe"])
def test_a_folder_without_an_export(verb, tmp_path, capsys):
    assert main([verb, str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("error: ")


def test_scores_are_those_beside_the_model(tmp_path):
    model = str(tmp_path / "model.seqkit")
    assert scores_beside(model) is None
    (tmp_path / "metrics.json").write_text('{"test": {"accuracy": 0.5}, "seconds": 3}')
    assert scores_beside(model) == {"accuracy": 0.5}
    (tmp_path / "metrics.json").write_text("[]")
    assert scores_beside(model) is None
