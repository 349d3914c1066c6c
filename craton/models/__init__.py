"""Which models there are, how they come here, and what a model identifier leads to."""
