"""Inference: Converse and InvokeModel, plain and streamed, and CountTokens."""
