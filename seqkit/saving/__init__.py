"""Fitted estimators as plain data, and files that appear whole or not at all."""
