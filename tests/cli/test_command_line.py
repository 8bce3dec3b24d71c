"""What recipes say of options that they do not know."""

from __future__ import annotations

import pytest

from recipes import dates, forecasting, tagging, text_classification, translation
from seqkit.cli.run_folder import RunFolder


@pytest.mark.parametrize(
    ("parse", "arguments", "message"),
    [
        (forecasting.parse, ["--cvs", "a"], "arguments: --cvs a. Did you mean '--csv'?"),
        (tagging.parse, ["--epoch-s=3"], "Did you mean '--epochs'?"),
        (forecasting.parse, ["--dataset", "tourims"], "Did you mean 'tourism'?"),
        (translation.parse, ["--tokens", "subwrd"], "Did you mean 'subword'?"),
        (dates.parse, ["--zzz"], "unrecognized arguments: --zzz"),
        (dates.parse, ["--dates", "many"], "argument --dates: invalid int value: 'many'"),
        (text_classification.parse, ["--learing-rate", "1"], "Did you mean '--learning-rate'?"),
    ],
)
def test_wrong_options_are_told_in_few_lines(parse, arguments, message, capsys):
    with pytest.raises(SystemExit) as stopped:
        parse(arguments)
    assert stopped.value.code == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert message in error
    assert error.endswith("--help lists all options.\n")
    assert error.count("\n") == 2


def test_results_are_written_to_a_folder(tmp_path):
    (tmp_path / "run").write_text("")
    for path in (tmp_path / "run", tmp_path / "run" / "more"):
        with pytest.raises(ValueError, match="--output must be a folder, and .*run is a file"):
            RunFolder(path)
