"""Natural language into the logic of a policy: what is plain is read, a model writes the rest. Judges nothing."""
