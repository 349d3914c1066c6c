"""The logic of policies: typed terms, and the language in which they are written and read. Pure."""
