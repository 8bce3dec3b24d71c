"""Workers that do not come, end, are given other data, or are asked to end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from seqkit.distributed import is_chief, join, launch, worker_count, worker_index
from seqkit.distributed.launching import worker_environment
from tests.distributed.running import run

HEAD = """
import os, sys, time
import numpy as np
from seqkit import SequenceClassifier
from seqkit.distributed import worker_index
rng = np.random.default_rng(0)
X, y = rng.normal(size=(32, 5, 1)), np.arange(32) % 2
model = SequenceClassifier("gru", units=2, epochs=2, random_state=0, early_stopping=False)
"""


def launched(tmp_path, body, *options):
    """A script run by two workers; how it ended."""
    script = tmp_path / "script.py"
    script.write_text(HEAD + body, encoding="utf-8")
    return run("-m", "seqkit.distributed", "--workers", 2, script, *options)


def test_a_process_by_itself():
    assert (worker_count(), worker_index(), is_chief()) == (1, 0, True)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "{",
        "[]",
        '{"cluster": {"worker": ["a:1"]}, "task": {"type": "worker", "index": 1}}',
        '{"cluster": {"worker": ["a:1"]}, "task": {"type": "chief", "index": 0}}',
        '{"cluster": {"worker": ["a:1"], "ps": ["b:1"]}, "task": {"type": "worker", "index": 0}}',
    ],
)
def test_lists_of_workers_that_are_none(monkeypatch, text):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    if text is not None:
        monkeypatch.setenv("TF_CONFIG", text)
    with pytest.raises(ValueError, match="TF_CONFIG must list the workers"):
        join()


def test_a_wait_that_is_none():
    with pytest.raises(ValueError, match="timeout must be a number above 0, got 0"):
        join(timeout=0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--workers", "1", __file__], "--workers must be at least 2, got 1"),
        (["--workers", "2", "nowhere.py"], "there is no 'nowhere.py'"),
    ],
)
def test_a_command_that_is_none(capsys, arguments, message):
    from seqkit.distributed.__main__ import main

    with pytest.raises(SystemExit):
        main(arguments)
    assert message in capsys.readouterr().err


def test_a_worker_that_never_comes():
    with socket.socket() as own, socket.socket() as others:
        own.bind(("127.0.0.1", 0))
        others.bind(("127.0.0.1", 0))
        ports = [own.getsockname()[1], others.getsockname()[1]]
    ended = run(
        "-c",
        "from seqkit.distributed import join; join(timeout=8)",
        environment=worker_environment(os.environ, ports, 0),
    )
    assert ended.returncode == -signal.SIGKILL
    assert "worker 0 of 2 has waited 8 s for the others" in ended.stderr


def test_a_script_that_fails(tmp_path):
    ended = launched(tmp_path, "sys.exit(3 if worker_index() else 0)")
    assert ended.returncode == 3
    assert "worker 1 ended with code 3" in ended.stderr


def test_other_data(tmp_path):
    ended = launched(tmp_path, "model.fit(X + worker_index(), y)")
    assert ended.returncode == 1
    assert "Workers must be given the same data" in ended.stderr


def test_batches_that_do_not_divide(tmp_path):
    ended = launched(tmp_path, "model.set_params(batch_size=7).fit(X, y)")
    assert ended.returncode == 1
    assert "batch_size must be a multiple of the number of workers, 2, got 7" in ended.stderr


@pytest.mark.slow
def test_a_worker_that_is_killed(tmp_path):
    """The other one says so, and ends; nobody waits."""
    body = """
import keras
class Dies(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        if worker_index() == 1 and batch == 1:
            os.kill(os.getpid(), 9)
model.set_params(callbacks=[Dies()]).fit(X, y)
"""
    ended = launched(tmp_path, body)
    assert ended.returncode == 128 + signal.SIGKILL
    assert "worker 1 was ended by SIGKILL" in ended.stderr
    assert "has ended, or does not answer, so that worker 0 stops" in ended.stderr


@pytest.mark.slow
@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_worker_outlives_the_launcher(tmp_path, sent):
    script = tmp_path / "script.py"
    script.write_text(
        "import os, sys, time\n"
        "open(f'{sys.argv[1]}/{os.getpid()}', 'w').close()\n"
        "time.sleep(600)\n",
        encoding="utf-8",
    )
    pids = tmp_path / "pids"
    pids.mkdir()
    command = [sys.executable, "-m", "seqkit.distributed", "--workers", "2", script, pids]
    launcher = subprocess.Popen([str(c) for c in command], start_new_session=True)
    try:
        while len(workers := [int(p.name) for p in pids.iterdir()]) < 2:
            assert launcher.poll() is None
            time.sleep(0.1)
        launcher.send_signal(sent)
        launcher.wait()
        until = time.monotonic() + 60
        while any(_runs(pid) for pid in workers):
            assert time.monotonic() < until
            time.sleep(0.1)
    finally:
        launcher.kill()


def _runs(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.slow
def test_a_killed_training_goes_on(tmp_path):
    """Started again, it comes to the result of one that was never killed."""
    body = """
import keras, seqkit
class Dies(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        if sys.argv[2] == "dies" and worker_index() == 1 and epoch == 2:
            os.kill(os.getpid(), 9)
texts = [" ".join(rng.choice(list("abcd"), 4)) for _ in range(32)]
model = seqkit.Seq2SeqTranslator("gru", units=3, epochs=4, random_state=0, early_stopping=False,
    checkpoint_dir=sys.argv[1], callbacks=[Dies()]).fit(texts, texts)
print(json.dumps([np.asarray(w).tolist() for w in model.model_.weights]))
""".replace("import keras", "import json, keras")
    whole = launched(tmp_path, body, str(tmp_path / "whole"), "lives")
    killed = launched(tmp_path, body, str(tmp_path / "killed"), "dies")
    assert killed.returncode == 128 + signal.SIGKILL
    assert (tmp_path / "killed" / "training.checkpoint").exists()
    again = launched(tmp_path, body, str(tmp_path / "killed"), "lives")
    assert json.loads(again.stdout) == json.loads(whole.stdout)
    assert not (tmp_path / "killed" / "training.checkpoint").exists()


def test_launch_gives_the_exit_code(tmp_path):
    script = tmp_path / "script.py"
    script.write_text("raise SystemExit(0)", encoding="utf-8")
    assert launch(str(script), workers=2) == 0
