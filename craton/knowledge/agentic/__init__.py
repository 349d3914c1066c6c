"""Questions that take several searches: a model plans them, looks at what they found, and goes on or answers."""
