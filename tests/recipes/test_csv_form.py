"""Options for the form of a user's CSV, in all recipes that read one."""

from __future__ import annotations

import pytest

from recipes import forecasting, series_classification, text_classification
from recipes.parts.classification import texts
from recipes.parts.forecasting import series

ROWS = [(f"2024-01-{day:02}", f"Köln {'ab'[day % 2]}", day + 0.5) for day in range(1, 29)]
SEMICOLONS = "day;town;sold\n" + "".join(
    f"{d};{t};{str(x).replace('.', ',')}\n" for d, t, x in ROWS
)
FORM = ["--separator", ";", "--decimal", ",", "--encoding", "latin-1"]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "sales.csv"
    path.write_bytes(SEMICOLONS.encode("latin-1"))
    return path


def commands(path):
    """The command of each recipe for the table, and its main."""
    forecast = f"--csv {path} --time day --value sold --id town --horizon 2 --freq 2D"
    classify = f"--train {path} --test {path} --instance town --time day --label town"
    return {
        forecasting.main: forecast.split(),
        series_classification.main: classify.split(),
        text_classification.main: f"--csv {path} --text town --label day".split(),
    }


MAINS = list(commands(""))


def test_forecasting_reads_the_form(path):
    options = forecasting.parse([*commands(path)[forecasting.main], *FORM, "--season", "1"])
    task = series.load(options)
    assert task.ids == ["Köln b", "Köln a"]
    assert task.truth.tolist() == [[25.5, 27.5], [26.5, 28.5]]


def test_texts_are_read_in_the_form(tmp_path):
    path = tmp_path / "texts.csv"
    path.write_bytes("text;label\nschön;ja\nübel;nein\nschöner;ja\nübler;nein\n".encode("cp1252"))
    form = ["--separator", ";", "--encoding", "cp1252", "--test-fraction", "0.5"]
    task, _ = texts.load(text_classification.parse(["--csv", str(path), *form]))
    assert {*task.X, *task.X_test} == {"schön", "übel", "schöner", "übler"}


def test_sequences_are_read_in_the_form(tmp_path):
    path = tmp_path / "walks.csv"
    path.write_text("instance\ttime\tlabel\tx\na\t1\tu\t0,5\na\t2\tu\t1,5\nb\t1\tv\t2\n")
    options = ["--train", str(path), "--test", str(path), "--separator", r"\t", "--decimal", ","]
    task = series_classification.load(series_classification.parse(options))
    assert task.X[0].tolist() == [[0.5], [1.5]]


@pytest.mark.parametrize("main", MAINS)
def test_options_are_named_where_the_form_is_another(main, path, capsys):
    path.write_text(SEMICOLONS)
    assert main(commands(path)[main]) == 2
    error = capsys.readouterr().err
    assert "give --separator ';', and --decimal ',' where" in error
    path.write_bytes(SEMICOLONS.encode("latin-1"))
    assert main([*commands(path)[main], *FORM[:4]]) == 2
    assert "line 2: expected utf-8, got the byte 0xf6" in (error := capsys.readouterr().err)
    assert "--encoding 'latin-1'" in error
    assert main([*commands(path)[main], "--encoding", "latn"]) == 2
    assert capsys.readouterr().err.startswith("error: --encoding must be one that Python knows")
    assert main([*commands(path)[main], *FORM[2:4]]) == 2
    assert capsys.readouterr().err.startswith("error: --separator and --decimal must differ")


def test_decimal_commas_are_told(path, capsys):
    path.write_text(SEMICOLONS)
    assert forecasting.main([*commands(path)[forecasting.main], "--separator", ";"]) == 2
    error = capsys.readouterr().err
    assert "must hold numbers, got '1,5' in row 1." in error
    assert "give --decimal ','" in error


@pytest.mark.parametrize("main", MAINS)
def test_the_form_is_of_a_file(main, capsys):
    with pytest.raises(SystemExit):
        main(["--separator", ";"])
    assert "--separator is of a CSV file: it needs --" in capsys.readouterr().err


def test_columns_of_sequences_are_called_as_options(path, capsys):
    path.write_text(SEMICOLONS)
    command = [*commands(path)[series_classification.main], *FORM[:4]]
    command[command.index("--instance") + 1] = "twon"
    assert series_classification.main(command) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: --instance: ")
    assert "Did you mean 'town'?" in error
    assert "label=None" not in error
