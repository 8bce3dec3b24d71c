"""Tools of this repository, which are no part of what is installed."""
