"""Models from the past of a series to its next steps."""
