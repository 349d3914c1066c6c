"""Trains the heads of the content filters from the sentences in `data`: `python -m tools.filters`."""
