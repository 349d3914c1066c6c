"""Processes that can only compute: for what may turn out hostile or endless. Knows nothing of what is computed."""
