"""The databases that structured knowledge bases read, each opened for reading alone. Knows no model and no question."""
