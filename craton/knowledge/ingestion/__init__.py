"""Documents into the index of a knowledge base, durably. Knows neither queries nor where documents come from."""
