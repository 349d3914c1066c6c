"""Chunks of text that are found by their vectors, by their words and by their attributes. Knows no capability."""
