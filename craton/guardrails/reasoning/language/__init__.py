"""Natural language into the logic of a policy: grammar reads what is plain, a model writes the rest. Judges nothing."""
