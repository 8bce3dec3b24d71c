"""The benchmark of exports under load: versions swap beneath clients, and no good request fails."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.serving import mixed
from benchmarks.serving.__main__ import main
from benchmarks.serving.pool_server import PoolServer, Refused
from tests.serving.exported import exported


@pytest.mark.slow
def test_it_measures_and_swaps_under_load(tmp_path, capsys):
    report = tmp_path / "serving.md"
    arguments = ["--seconds", "0.1", "--minutes", "0.05", "--swap", "0.5", "--clients", "1,2"]
    models = ["--models", "BiLSTM, seqkit", "--report", str(report)]
    assert main([*arguments, *models]) == 0
    text = report.read_text()
    assert text.count("| BiLSTM, seqkit |") == 2
    assert "| of them without the answer of their version | 0 |" in text
    assert "| of them not refused | 0 |" in text
    swaps = int(text.partition("took the place of another | ")[2].partition(" ")[0])
    assert swaps >= 1
    assert text in capsys.readouterr().out


@pytest.mark.slow
def test_a_wrong_answer_and_a_bad_request_that_is_answered_are_counted(monkeypatch, capsys):
    """So that the zeros of the page mean something."""
    answer = {"probabilities": np.full((1, 4), 0.25, "float32")}
    monkeypatch.setattr(PoolServer, "ask", lambda *_: (1, answer))
    went = mixed.mixed(0.2, swap=9)
    assert went.good > 0
    assert went.failed == {"another answer": went.good}
    assert went.answered.total() == went.bad > 0
    mixed.print_mixed(went, 0)
    assert f"- {went.good}: another answer" in capsys.readouterr().out


def test_a_version_that_cannot_be_loaded_leaves_the_one_before(tmp_path):
    served = tmp_path / "m"
    served.mkdir()
    (served / "1").symlink_to(exported("classifier"))
    inputs = {"inputs": np.zeros((1, 3, 2), "float32")}
    with PoolServer(served, 2) as server:
        before = server.ask(inputs)
        (served / "incoming").mkdir()
        (served / "incoming" / "saved_model.pb").write_bytes(b"")
        (served / "incoming").rename(served / "2")
        server._watcher.join(60)
        assert server.error is not None
        assert server.ask(inputs)[0] == before[0] == 1
        with pytest.raises(Refused, match=r"rows \[0\] hold infinity"):
            server.ask({"inputs": np.full((1, 3, 2), np.inf)})
