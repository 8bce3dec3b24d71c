"""The recurrence engine: runs any cell over time, forwards and backwards."""
