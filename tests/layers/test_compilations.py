"""How often the compiler runs: once for each kind of cell, direction and shape of half a batch."""

import json
import os
import subprocess
import sys

SCRIPT = """
import glob, json, sys
import tensorflow as tf
from seqkit import layers

counts = {}

def train(name, batches, *stack):
    @tf.function(reduce_retracing=True)
    def step(x):
        with tf.GradientTape() as tape:
            for layer in stack:
                x = layer(x)
            loss = tf.reduce_sum(x ** 2)
        return tape.gradient(loss, [v.value for layer in stack for v in layer.trainable_variables])

    def seen(program):
        return len(glob.glob(f"{sys.argv[1]}/*{program}*before_optimizations.txt"))

    before = seen("run_forward"), seen("run_backward")
    for layer in stack:
        layer.build((None, None, 4))
    for batch, time in batches:
        step(tf.ones([batch, time, 4]))
    counts[name] = seen("run_forward") - before[0], seen("run_backward") - before[1]

def rnn(**options):
    return layers.SimpleRNN(4, return_sequences=True, **options)

one = rnn()
train("first", [(4, 5)], one)
train("repeated", [(4, 5)] * 3, one)
train("another layer", [(4, 5)], rnn())
train("two layers", [(4, 5)], rnn(), rnn())
train("other length", [(4, 6), (4, 6)], one)
train("odd batch", [(5, 5), (5, 5)], one)
train("other direction", [(4, 5), (4, 5)], rnn(go_backwards=True))
train("same options, other dropout", [(4, 5)], rnn(dropout=0.5))
print("counts", json.dumps(counts))
"""


def test_number_of_compilations(tmp_path):
    flags = f"--xla_dump_to={tmp_path} --xla_dump_hlo_as_text"
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "XLA_FLAGS": flags},
        timeout=300,
    )
    counts = json.loads(run.stdout.rpartition("counts ")[2])
    assert counts == {
        "first": [1, 1],
        "repeated": [0, 0],
        "another layer": [0, 0],
        "two layers": [0, 0],
        "other length": [1, 1],
        "odd batch": [1, 1],  # halves of two rows and of three: those of two are there already
        "other direction": [1, 1],
        "same options, other dropout": [0, 0],
    }
