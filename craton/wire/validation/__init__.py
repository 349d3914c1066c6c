"""Whether a value fits its shape, and what is said where it does not. Knows nothing of HTTP."""
