"""Training that goes on after an interruption, as if there had been none."""

from __future__ import annotations

import copy
import os
import shutil
import signal
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqkit.temporaries import prefix_for
from seqkit.training.best_weights import BestWeights
from seqkit.training.checkpoints import NAME, Checkpoint
from tests.estimators.translating import numbers, translator

X, Y = numbers(64, seed=1)
# Parts that draw random numbers in training.
RANDOM = {"dropout": 0.2, "embedding_dropout": 0.2, "epochs": 4}


class Interrupts(keras.callbacks.Callback):
    """Raises an error at the beginning of an epoch, from 0."""

    def __init__(self, error: BaseException, at: int = 2) -> None:
        super().__init__()
        self.error, self.at = error, at

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == self.at:
            raise self.error


@pytest.fixture(scope="module")
def uninterrupted():
    return translator(**RANDOM).fit(X, Y)


def assert_alike(found, expected) -> None:
    assert found.history_ == expected.history_
    assert found.n_iter_ == expected.n_iter_
    assert found.best_epoch_ == expected.best_epoch_
    for weight, other in zip(found.model_.weights, expected.model_.weights, strict=True):
        np.testing.assert_array_equal(weight, other)


def interrupted(folder, error: BaseException, X=X, y=Y, **options) -> None:
    """A fit that an error in the third epoch ends; its file is in the folder."""
    model = translator(
        **{**RANDOM, "checkpoint_dir": folder, "callbacks": [Interrupts(error)], **options}
    )
    if isinstance(error, KeyboardInterrupt):
        with pytest.warns(UserWarning, match=r"interrupted after 2 of 4 epochs.*are kept"):
            model.fit(X, y)
        assert model.predict(["one"])
    else:
        with pytest.raises(type(error)):
            model.fit(X, y)
    assert [p.name for p in Path(folder).iterdir()] == [NAME]


@pytest.fixture(scope="module")
def left(tmp_path_factory):
    """The folder that Ctrl-C leaves; to be copied."""
    folder = tmp_path_factory.mktemp("below") / "state"
    interrupted(folder, KeyboardInterrupt())
    return folder


@pytest.mark.always
def test_a_fit_that_was_interrupted_goes_on_to_the_same_result(uninterrupted, left, tmp_path):
    assert_goes_on(uninterrupted, shutil.copytree(left, tmp_path / "state"))


@pytest.mark.slow
def test_a_fit_that_failed_goes_on_to_the_same_result(uninterrupted, tmp_path):
    interrupted(tmp_path, RuntimeError())
    assert_goes_on(uninterrupted, tmp_path)


def assert_goes_on(uninterrupted, folder):
    found = translator(**RANDOM, checkpoint_dir=folder)
    assert_alike(found.fit(X, Y), uninterrupted)
    assert list(folder.iterdir()) == []
    found.model_.optimizer.build(found.model_.trainable_variables)
    np.testing.assert_array_equal(
        found.model_.optimizer.iterations, uninterrupted.model_.optimizer.iterations
    )


KILLED = """
import os, signal, sys
import keras
from tests.training.test_checkpoints import RANDOM, X, Y
from tests.estimators.translating import translator

class Kill(keras.callbacks.Callback):
    def on_train_batch_begin(self, batch, logs=None):
        if self.model.optimizer.iterations == 10:  # in the middle of the third epoch
            os.kill(os.getpid(), signal.SIGKILL)

translator(**RANDOM, checkpoint_dir=sys.argv[1], callbacks=[Kill()]).fit(X, Y)
"""


def test_a_fit_whose_process_was_killed_goes_on_to_the_same_result(uninterrupted, tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", KILLED, tmp_path], cwd=Path(__file__).parents[2], timeout=300
    )
    assert run.returncode == -signal.SIGKILL
    assert [p.name for p in tmp_path.iterdir()] == [NAME]
    assert_alike(translator(**RANDOM, checkpoint_dir=tmp_path).fit(X, Y), uninterrupted)


def test_a_checkpoint_changes_nothing_where_there_is_no_interruption(uninterrupted, tmp_path):
    (tmp_path / "mine.txt").write_text("kept")
    assert_alike(translator(**RANDOM, checkpoint_dir=tmp_path).fit(X, Y), uninterrupted)
    assert os.listdir(tmp_path) == ["mine.txt"]


class FailsAtTheEnd(keras.callbacks.Callback):
    def on_train_end(self, logs=None):
        raise RuntimeError


def test_a_training_that_has_nothing_to_do_removes_what_killed_ones_left(tmp_path):
    """Also after its last epoch, when no file is written any more."""
    with pytest.raises(RuntimeError):
        translator(epochs=1, checkpoint_dir=tmp_path, callbacks=[FailsAtTheEnd()]).fit(X, Y)
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    begin, _, end = prefix_for(NAME).rpartition(str(os.getpid()))
    (tmp_path / f"{begin}{dead.pid}{end}x").write_text("half")
    assert len(os.listdir(tmp_path)) == 2
    translator(epochs=1, checkpoint_dir=tmp_path).fit(X, Y)
    assert os.listdir(tmp_path) == []


def test_early_stopping_goes_on_with_its_best_weights(tmp_path):
    options = {"early_stopping": True, "n_iter_no_change": 1, "learning_rate": 0.05}
    expected = translator(**{**RANDOM, **options}).fit(X, Y)
    interrupted(tmp_path, RuntimeError(), **options)
    found = translator(**{**RANDOM, **options}, checkpoint_dir=tmp_path).fit(X, Y)
    assert_alike(found, expected)


def test_a_stream_goes_on_too(tmp_path):
    stream = tf.data.Dataset.from_tensor_slices((X, Y))
    # Of a generator that JSON cannot write as it is.
    options = {"random_state": np.random.RandomState(3)}
    expected = translator(**RANDOM | options).fit(stream)
    options = {"random_state": np.random.RandomState(3)}
    interrupted(tmp_path, RuntimeError(), stream, None, **options)
    found = translator(**RANDOM | options, checkpoint_dir=tmp_path).fit(stream)
    assert_alike(found, expected)


def test_a_checkpoint_of_another_training_is_refused(uninterrupted, left, tmp_path):
    shutil.copytree(left, tmp_path, dirs_exist_ok=True)
    before = (tmp_path / NAME).read_bytes()
    for options in ({"units": 8}, {"learning_rate": 0.1}, {"random_state": 1}):
        model = translator(**{**RANDOM, **options}, checkpoint_dir=tmp_path)
        with pytest.raises(ValueError, match="of another training: with other parameters or data"):
            model.fit(X, Y)
    model = translator(**RANDOM, checkpoint_dir=tmp_path)
    with pytest.raises(ValueError, match="of another training"):
        model.fit(X[::-1], Y[::-1])
    with pytest.raises(ValueError, match="of another training"):
        model.fit(X, Y, sample_weight=np.arange(1, len(X) + 1))
    warm = copy.deepcopy(uninterrupted).set_params(warm_start=True, checkpoint_dir=tmp_path)
    with pytest.raises(ValueError, match="of another training"):
        warm.fit(X[::-1], Y[::-1])
    with pytest.raises(ValueError, match="of another training"):
        model.fit(X, Y, validation_data=(X, Y))
    with pytest.raises(ValueError, match="at epoch 2 already, beyond epochs=1"):
        translator(**{**RANDOM, "epochs": 1}, checkpoint_dir=tmp_path).fit(X, Y)
    # A pass over other data has nothing to do with it.
    found = translator(**RANDOM, checkpoint_dir=tmp_path).partial_fit(X, Y)
    assert found.n_iter_ == 1
    with pytest.raises(TypeError, match="checkpoint_dir must be a path, or None, got 5"):
        translator(checkpoint_dir=5).fit(X, Y)
    assert (tmp_path / NAME).read_bytes() == before


def test_an_identity_is_the_same_in_every_process(tmp_path):
    def identity(**parts):
        return Checkpoint(tmp_path, parts).identity

    def schedule():
        return keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.5)

    optimizers = [keras.optimizers.Adam(schedule(), clipnorm=1.0) for _ in range(2)]
    one, two = (identity(optimizer=o, cell=keras.layers.LSTM) for o in optimizers)
    assert one == two
    assert one != identity(optimizer=keras.optimizers.Adam(0.1), cell=keras.layers.LSTM)
    assert one != identity(optimizer=optimizers[0], cell=keras.layers.GRU)
    assert identity(state=np.random.default_rng(0)) == identity(state=np.random.default_rng(0))


def test_a_damaged_checkpoint_is_refused(tmp_path):
    state_after_an_epoch(tmp_path, np.random.default_rng(0))
    whole = (tmp_path / NAME).read_bytes()
    middle = len(whole) // 2
    flipped = whole[:middle] + bytes(255 - b for b in whole[middle : middle + 64])
    for bytes_ in (b"", whole[:middle], flipped + whole[middle + 64 :]):
        (tmp_path / NAME).write_bytes(bytes_)
        with pytest.raises(ValueError, match="checkpoint_dir holds .* damaged .*Delete it"):
            state_after_an_epoch(tmp_path, np.random.default_rng(0), restores=True)
    with pytest.raises(ValueError, match="checkpoint_dir holds .* damaged .*Delete it"):
        translator(**RANDOM, checkpoint_dir=tmp_path).fit(X, Y)


def test_a_folder_that_cannot_be_written_to_is_refused_before_training(tmp_path):
    (tmp_path / "file").write_text("")

    class Counts(keras.callbacks.Callback):
        epochs = 0

        def on_epoch_begin(self, epoch, logs=None):
            Counts.epochs += 1

    model = translator(checkpoint_dir=tmp_path / "file", callbacks=[Counts()])
    with pytest.raises(OSError, match="checkpoint_dir must be a folder that can be written to"):
        model.fit(X, Y)
    assert Counts.epochs == 0
    assert not hasattr(model, "model_")


def tiny_model() -> keras.Model:
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dropout(0.5), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    model.optimizer.build(model.trainable_variables)
    return model


def state_after_an_epoch(
    folder, generator, *, restores: bool = False
) -> tuple[keras.Model, BestWeights, Checkpoint]:
    model, best = tiny_model(), BestWeights("loss", None)
    checkpoint, history = Checkpoint(folder, {"of": "a test"}), keras.callbacks.History()
    if restores:
        checkpoint.restore(model, best, generator, 4)
    writes = checkpoint.callback(best, generator, history)
    x, y = np.ones((4, 2)), np.ones((4, 1))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(x, y, callbacks=[history, best, writes], verbose=0)
    return model, best, checkpoint


@pytest.mark.parametrize("kind", ["PCG64", "MT19937", "Philox", "SFC64"])
def test_all_that_the_next_epoch_depends_on_is_put_back(kind, tmp_path):
    generator = np.random.Generator(getattr(np.random, kind)(0))
    model, best, checkpoint = state_after_an_epoch(tmp_path, generator)
    other, best_again = tiny_model(), BestWeights("loss", None)
    again = np.random.Generator(getattr(np.random, kind)(1))
    done, history = checkpoint.restore(other, best_again, again, 4)
    assert (done, list(history)) == (1, ["loss"])
    assert (best_again.best, best_again.best_epoch) == (best.best, 1)
    for a, b in zip(best_again.weights, best.weights, strict=True):
        np.testing.assert_array_equal(a, b)
    for a, b in zip(other.optimizer.variables, model.optimizer.variables, strict=True):
        np.testing.assert_array_equal(a, b)
    x = np.ones((4, 2))
    np.testing.assert_array_equal(other(x, training=True), model(x, training=True))
    assert again.integers(2**60) == generator.integers(2**60)


@pytest.mark.parametrize("where", ["os.fsync", "os.replace", "numpy.lib.format.write_array"])
def test_a_write_that_fails_leaves_the_file_of_the_epoch_before(where, tmp_path, monkeypatch):
    state_after_an_epoch(tmp_path, np.random.default_rng(0))
    before = (tmp_path / NAME).read_bytes()

    def fill(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(where, fill)
    with pytest.raises(OSError, match="No space left"):
        state_after_an_epoch(tmp_path, np.random.default_rng(0))
    assert [p.name for p in tmp_path.iterdir()] == [NAME]
    assert (tmp_path / NAME).read_bytes() == before


def test_the_file_holds_numbers_and_text_and_no_code(tmp_path):
    state_after_an_epoch(tmp_path, np.random.default_rng(0))
    with zipfile.ZipFile(tmp_path / NAME) as archive:
        names = archive.namelist()
        for name in names[1:]:
            with archive.open(name) as file:
                np.lib.format.read_array(file, allow_pickle=False)
    assert names[0] == "description.json"
    assert os.stat(tmp_path / NAME).st_size > 0
