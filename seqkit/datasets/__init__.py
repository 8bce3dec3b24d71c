"""Data sets that the package index serves, and those of TensorFlow Datasets."""
