"""Regular expressions of our own, compiled when they are needed and looked for all at once. Knows no policy."""
