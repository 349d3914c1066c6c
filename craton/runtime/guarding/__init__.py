"""The guardrails of one generation: what goes in is judged before the engine, what comes out as it is made.

Knows no policy and no door: `guardrails` judges texts, the doors say which guardrail their request asks for.
"""
