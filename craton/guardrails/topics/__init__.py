"""Denied topics: what a text is about, from a topic's definition and its examples."""

from craton.guardrails.topics.judge import judge

__all__ = ["judge"]
