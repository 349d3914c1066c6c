"""Guardrails: what they are configured to find, what judges a text, and what is done about what was found."""
