"""How well guardrails judge, on a regression set made for them, and what they cost."""
