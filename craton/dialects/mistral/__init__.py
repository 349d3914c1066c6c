"""The bodies of Mistral's models: chats, and text completions."""
