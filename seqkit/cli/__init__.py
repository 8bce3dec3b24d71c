"""The command line, and what it shares with the recipes; importing it imports nothing heavy."""
