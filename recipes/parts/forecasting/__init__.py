"""Parts of the recipe that forecasts."""
