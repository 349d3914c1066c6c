"""The bodies of Meta's models."""
