"""The bodies of DeepSeek's models."""
