"""The bodies of AI21 Labs' models: Jamba and Jurassic-2."""
