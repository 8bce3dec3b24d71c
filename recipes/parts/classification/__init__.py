"""Parts of the recipes that classify series and texts."""
