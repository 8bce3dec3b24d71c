"""Parts of the recipe that tags words."""
