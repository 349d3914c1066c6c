"""What a guardrail decides of a text, and what is left of it: texts that come in pieces, and whole contents.

Knows no policy, no model and no operation.
"""
