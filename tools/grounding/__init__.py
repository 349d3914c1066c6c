"""Trains the weights of contextual grounding and relevance."""
