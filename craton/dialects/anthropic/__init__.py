"""The bodies of Anthropic's models: Messages, and the text completions before them."""
