"""Texts in pieces that can be found and read by themselves. Knows no document, no index and no model."""
