"""Recipes: a script is a task, run by `python -m`; `parts` holds what scripts are made of."""
