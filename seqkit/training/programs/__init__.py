"""Traced functions of models: for training, for prediction, and how long they are kept."""
