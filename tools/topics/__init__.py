"""Measures denied topics on those of `topics.toml`: `python -m tools.topics`."""
