"""Answers out of what was retrieved, each sentence with the chunks that support it. Knows no index and no door."""
