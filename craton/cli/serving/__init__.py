"""The command that serves, what it shows meanwhile, and the one that reads what it logged."""
