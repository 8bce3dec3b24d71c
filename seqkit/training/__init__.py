"""Training of models: batches, the loop, best weights, checkpoints; and prediction in batches."""

import seqkit.backend  # noqa: F401  (refuses another one than TensorFlow)
