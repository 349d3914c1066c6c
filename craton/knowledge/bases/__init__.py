"""Knowledge bases and their data sources: made, told, changed and deleted. Knows neither documents nor queries."""
