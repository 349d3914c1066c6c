"""The bodies of Writer's models."""
