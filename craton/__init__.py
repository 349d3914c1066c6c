"""Craton: the Amazon Bedrock API on hardware you own."""

__version__ = "0.1.0"
