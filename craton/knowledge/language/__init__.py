"""Texts as the words by which they are found. Knows no index."""
