"""Exports of estimators: the model, an example of its use, and a card that tells what it is."""
