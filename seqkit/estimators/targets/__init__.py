"""How y is read, and what is learned of it."""
