"""The bodies of Cohere's models that generate and embed."""
