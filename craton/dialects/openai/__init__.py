"""The bodies of OpenAI's API, chat completions, Responses and embeddings, and of its open models."""
