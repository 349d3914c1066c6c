"""What a model may have a database do: one SELECT over permitted tables and columns. Knows no model, no database."""
