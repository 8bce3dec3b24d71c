"""What every recipe leaves in its folder, and that it does not overwrite it unasked."""

from __future__ import annotations

import argparse
import importlib
import json
from pathlib import Path

import pytest

from seqkit.cli.command_line import exit_code
from seqkit.cli.run_folder import RESULTS, RunFolder, recorded

RECIPES = sorted(
    path.stem
    for path in (Path(__file__).parents[2] / "recipes").glob("*.py")
    if "RunFolder" in path.read_text() or "run_models" in path.read_text()
)


@pytest.fixture
def training(tmp_path):
    """A run of a recipe, and its options."""

    def run(options):
        if options.fails == "early":
            raise ValueError("no such data")
        output = RunFolder(options.output, pictures=False)
        print("trains", flush=True)
        if options.fails == "late":
            raise RuntimeError("out of memory")
        output.write_json("metrics", {"accuracy": options.accuracy})

    def main(*, accuracy=1.0, fails="", overwrite=False):
        output = str(tmp_path / "run")
        options = argparse.Namespace(
            output=output, overwrite=overwrite, accuracy=accuracy, fails=fails
        )
        return exit_code(recorded(run), options)

    return main


def test_a_run_leaves_its_log_and_versions(training, tmp_path, capsys):
    assert training() == 0
    assert capsys.readouterr().out == "trains\n"
    assert (tmp_path / "run/log.txt").read_text() == "trains\n"
    assert "tensorflow" in json.loads((tmp_path / "run/versions.json").read_text())


def test_a_second_one_is_refused_unless_it_is_asked_for(training, tmp_path, capsys):
    assert training(accuracy=0.5) == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "run").iterdir()}
    capsys.readouterr()
    assert training() == 2
    assert capsys.readouterr().err == (
        f"error: --output: {tmp_path / 'run'} holds results already (metrics.json, versions.json). "
        "Name another folder, or replace them with --overwrite.\n"
    )
    assert {path.name: path.read_bytes() for path in (tmp_path / "run").iterdir()} == before
    assert training(overwrite=True) == 0
    assert json.loads((tmp_path / "run/metrics.json").read_text()) == {"accuracy": 1.0}


def test_a_run_that_failed_is_no_result(training, tmp_path):
    assert training(fails="early") == 2
    assert not (tmp_path / "run").exists()
    assert training(fails="late") == 2
    assert (tmp_path / "run/log.txt").read_text() == "trains\nRuntimeError: out of memory\n"
    assert training() == 0


def test_other_files_of_a_folder_are_left_alone(training, tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run/notes.md").write_text("mine")
    assert training() == 0
    assert training(overwrite=True) == 0
    assert (tmp_path / "run/notes.md").read_text() == "mine"


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_refuses_a_folder_with_results(name, tmp_path, capsys):
    """Before it reads any data, and by the same words as `python -m seqkit train`."""
    recipe = importlib.import_module(f"recipes.{name}")
    for result in (RESULTS[0], RESULTS[-1]):
        (tmp_path / result).touch()
        assert recipe.main(["--output", str(tmp_path)]) == 2
        told = f"{tmp_path} holds results already ({result})"
        assert told in capsys.readouterr().err
        (tmp_path / result).unlink()
    assert not list(tmp_path.iterdir())
    with pytest.raises(SystemExit):
        recipe.main(["--help"])
    assert "--overwrite" in capsys.readouterr().out


def test_all_recipes_are_here():
    assert len(RECIPES) == 12
