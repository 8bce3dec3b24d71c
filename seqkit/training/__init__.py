"""Training of models: batches, the loop, best weights, checkpoints; and prediction in batches."""
