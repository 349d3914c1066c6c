"""Guardrails, and what they judge with, applied to texts and pictures that no model is asked about."""
