"""The parts of the translator."""
