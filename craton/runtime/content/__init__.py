"""The contents of a turn: readied for the model that takes them, and cited by its answer. Knows no engine."""
