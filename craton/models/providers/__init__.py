"""Providers: which there are, and the models that they offer."""
