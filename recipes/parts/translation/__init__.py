"""Parts of the recipes that go from strings to strings."""
