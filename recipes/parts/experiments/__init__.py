"""Parts of the recipes that measure what a cell can learn, on the tasks of the papers."""
