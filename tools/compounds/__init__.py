"""Makes the parts of German compounds that full text search splits by, out of a list of nouns."""
