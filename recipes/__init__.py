"""Recipes: one runnable, readable script a task."""
