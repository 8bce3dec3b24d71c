"""The parts of the forecaster."""
