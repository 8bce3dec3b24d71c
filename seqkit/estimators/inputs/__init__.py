"""How X is read, and what is learned of it."""
