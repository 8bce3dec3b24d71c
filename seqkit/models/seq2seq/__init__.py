"""Models from one sequence of tokens to another."""
